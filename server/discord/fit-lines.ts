/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const LONGEST = 4_096
const LEFT_OUT = '…'

/**
 * Paragraphs as one text that Discord takes. What is too long loses lines in the middle of its longest
 * paragraph, where the items are: what was paid and how stays, and so does the last line, which says how many more.
 */
export function fitLines(paragraphs: readonly (readonly string[])[]): string {
  const kept = paragraphs.map((lines) => [...lines])
  while (textOf(kept).length > LONGEST) {
    const longest = kept.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0] ?? []
    const middle = longest.lastIndexOf(LEFT_OUT)
    if (longest.length < 3) break
    if (middle === -1) longest.splice(longest.length - 2, 1, LEFT_OUT)
    else if (middle > 0) longest.splice(middle - 1, 1)
    else longest.splice(1, 1)
  }
  return cut(textOf(kept))
}

/** Nothing of ours is so long; a sign without its backslash is better than a letter that is refused. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text
  const shorter = text.slice(0, LONGEST - LEFT_OUT.length - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${shorter.replace(/\\$/, '')}${LEFT_OUT}`
}

const textOf = (paragraphs: readonly (readonly string[])[]) =>
  paragraphs.map((lines) => lines.join('\n')).join('\n\n')
const lengthOf = (lines: readonly string[]) => lines.join('\n').length
