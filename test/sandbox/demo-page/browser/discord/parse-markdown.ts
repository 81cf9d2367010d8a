/** What Discord makes of a text: the part of its markdown that a bot's message uses. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em' | 'under' | 'strike' | 'spoiler'; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; to: string; parts: Inline[] }
  | { kind: 'time'; at: number; style: string }
  | { kind: 'mention'; text: string }

export type Block =
  | { kind: 'lines' | 'quote' | 'small'; parts: Inline[] }
  | { kind: 'heading'; level: number; parts: Inline[] }
  | { kind: 'item'; parts: Inline[] }
  | { kind: 'code'; text: string }

const FENCE = /```(?:[a-z]+\n)?\n?([\s\S]*?)\n?```/g
/** At the beginning of a line alone. https://support.discord.com/hc/articles/210298617 */
const LINE_MARKS: [RegExp, (mark: string) => Omit<Block, 'parts'>][] = [
  [/^(#{1,3}) /, (mark) => ({ kind: 'heading', level: mark.trim().length })],
  [/^-# /, () => ({ kind: 'small' })],
  [/^> /, () => ({ kind: 'quote' })],
  [/^[-*] /, () => ({ kind: 'item' })],
]

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let from = 0
  for (const match of text.matchAll(FENCE)) {
    blocks.push(...linesOf(text.slice(from, match.index).replace(/\n$/, '')))
    blocks.push({ kind: 'code', text: match[1] ?? '' })
    from = match.index + match[0].length
  }
  return [...blocks, ...linesOf(text.slice(from).replace(/^\n/, ''))]
}

function linesOf(text: string): Block[] {
  if (!text) return []
  const blocks: Block[] = []
  let open: string[] = []
  const close = () => {
    if (open.length > 0) blocks.push({ kind: 'lines', parts: inlineOf(open.join('\n')) })
    open = []
  }
  for (const line of text.split('\n')) {
    const found = LINE_MARKS.find(([mark]) => mark.test(line))
    if (!found) {
      open.push(line)
      continue
    }
    close()
    const [mark, block] = found
    const [start = ''] = mark.exec(line) ?? []
    blocks.push({ ...block(start), parts: inlineOf(line.slice(start.length)) } as Block)
  }
  close()
  return blocks
}

type Rule = [RegExp, (match: RegExpExecArray) => Inline]

const within = (kind: 'strong' | 'em' | 'under' | 'strike' | 'spoiler') => (m: RegExpExecArray) =>
  ({ kind, parts: inlineOf(m[1] ?? '') }) as Inline
const text = (words: string): Inline => ({ kind: 'text', text: words })

const RULES: Rule[] = [
  [/^\\([^0-9A-Za-z\s])/, (m) => text(m[1] ?? '')],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (m) => ({ kind: 'code', text: (m[2] ?? '').trim() })],
  [/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, within('strong')],
  [/^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, within('under')],
  [/^~~((?:\\[\s\S]|[^\\])+?)~~/, within('strike')],
  [/^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, within('spoiler')],
  [/^\*(?=\S)((?:\\[\s\S]|[^*\\])+?)\*(?!\*)/, within('em')],
  [/^_((?:\\[\s\S]|[^_\\])+?)_(?![0-9A-Za-z_])/, within('em')],
  [
    /^\[((?:\\[\s\S]|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/,
    (m) => ({ kind: 'link', to: m[2] ?? '', parts: inlineOf(m[1] ?? '') }),
  ],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => ({ kind: 'link', to: m[1] ?? '', parts: [text(m[1] ?? '')] })],
  [/^https?:\/\/[^\s<]+[^\s<.,:;"')\]]/, (m) => ({ kind: 'link', to: m[0], parts: [text(m[0])] })],
  [
    /^<t:(\d{1,13})(?::([tTdDfFR]))?>/,
    (m) => ({ kind: 'time', at: Number(m[1]) * 1000, style: m[2] ?? 'f' }),
  ],
  [/^<\/([^:>]+):\d+>/, (m) => ({ kind: 'mention', text: `/${m[1]}` })],
  [/^<(@[!&]?|#)\d+>/, (m) => ({ kind: 'mention', text: m[1]?.startsWith('#') ? '#…' : '@…' })],
]
/** Up to what might be a mark. */
const PLAIN = /^[^\\`*_~|[<h]+|^[\s\S]/

export function inlineOf(source: string): Inline[] {
  const parts: Inline[] = []
  let rest = source
  while (rest) {
    const hit = firstRule(rest)
    const [plain = ''] = hit ? [] : (PLAIN.exec(rest) ?? [])
    const last = parts.at(-1)
    const part = hit?.part ?? text(plain)
    // Neighbours that are both plain are one: a screen reader would else stop in the middle of a word.
    if (part.kind === 'text' && last?.kind === 'text') last.text += part.text
    else parts.push(part)
    rest = rest.slice(hit?.length ?? plain.length)
  }
  return parts
}

function firstRule(rest: string): { part: Inline; length: number } | null {
  for (const [pattern, make] of RULES) {
    const match = pattern.exec(rest)
    if (match) return { part: make(match), length: match[0].length }
  }
  return null
}
