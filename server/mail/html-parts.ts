import type { Part, Text } from '../letters/parts.ts'
import { escapeHtml } from './escape.ts'
import { INK, QUIET, TINT } from './style.ts'

const SIZES: Record<NonNullable<Text['size']>, number> = { xs: 13, sm: 16, md: 18, lg: 21 }
/** Amounts under each other, digit under digit; most mailboxes know it. */
const DIGITS = 'font-variant-numeric:tabular-nums'

/** The parts of one block: neighbours in two columns share a table, so that their columns agree. */
export function htmlParts(parts: readonly Part[]): string {
  return runsOf(parts)
    .map((run) => (isRow(run[0]) ? table(run.map(tableRow).join('')) : run.map(plain).join('')))
    .join('')
}

function runsOf(parts: readonly Part[]): Part[][] {
  const runs: Part[][] = []
  for (const part of parts) {
    const run = runs.at(-1)
    if (run && isRow(run[0]) === isRow(part)) run.push(part)
    else runs.push([part])
  }
  return runs
}

function isRow(part: Part | undefined): boolean {
  return part?.part === 'row' || part?.part === 'fact' || part?.part === 'word'
}

function plain(part: Part): string {
  if (part.part === 'group')
    return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:10px 0"><tr><td class="tint" bgcolor="${TINT}" style="background:${TINT};border-radius:8px;padding:8px 16px">${htmlParts(part.contents)}</td></tr></table>`
  return part.part === 'text'
    ? `<p class="${classOf(part)}" style="margin:8px 0;${fontOf(part)}">${wordsOf(part)}</p>`
    : ''
}

function tableRow(part: Part): string {
  switch (part.part) {
    case 'row':
      return cells(part.left, part.right, 'right')
    case 'fact':
      // What is typed in at a till stands out, and must not be torn apart.
      return cells(
        { words: part.label, quiet: true },
        part.value,
        part.value.size === 'md' ? 'right' : 'left',
      )
    case 'word':
      return cells({ words: part.word, weight: 'bold' }, { words: part.does, quiet: true }, 'left')
    default:
      return ''
  }
}

/** `whole`: the side that is never broken, since it is short: our own words, a code, an amount. */
function cells(left: Text, right: Text, whole: 'left' | 'right'): string {
  const cell = (text: Text, side: 'left' | 'right') => {
    const aside = side === 'right' ? `;padding-left:20px;text-align:right;${DIGITS}` : ''
    const kept = side === whole ? ';white-space:nowrap' : ''
    return `<td class="${classOf(text)}" align="${side}" style="padding:5px 0;vertical-align:baseline;${fontOf(text)}${aside}${kept}">${wordsOf(text)}</td>`
  }
  return `<tr>${cell(left, 'left')}${cell(right, 'right')}</tr>`
}

function table(rows: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows}</table>`
}

function wordsOf({ words, address }: Text): string {
  const shown = escapeHtml(words)
  return address
    ? `<a class="link" href="${escapeHtml(address)}" style="color:inherit;text-decoration:underline">${shown}</a>`
    : shown
}

function classOf({ quiet }: Text): string {
  return quiet ? 'quiet' : 'ink'
}

function fontOf({ size = 'sm', weight, quiet }: Text): string {
  const px = quiet && size === 'sm' ? 15 : SIZES[size]
  return `font-size:${px}px;line-height:1.7;color:${quiet ? QUIET : INK}${weight ? ';font-weight:bold' : ''}`
}
