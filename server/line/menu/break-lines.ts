import { widthOf } from './set-text.ts'

const words = new Intl.Segmenter('ja', { granularity: 'word' })
const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' })

/**
 * Spaces, closing signs, the second half of a sound, and what Japanese hangs to the word before.
 */
const HANGS =
  /^[\s\p{Pe}\p{Pf}\p{Po}ー〜ぁぃぅぇぉっゃゅょァィゥェォッャュョ]|^(に|を|の|は|が|で|と|へ|も|や|から|まで|する|した|して|る|い|き|く|り)$/u
/** Opening signs, and what makes the next word polite. */
const HOLDS = /[\p{Ps}\p{Pi}]$|^[おご御]$/u

/**
 * The first `most` characters, as a reader counts them: an accent or a Thai vowel counts with its
 * letter.
 */
export function cutTo(text: string, most: number): string {
  return graphemesOf(text).slice(0, most).join('')
}

/**
 * The text, or as much of it as fits with dots behind it into this width (in parts of the font's
 * size).
 */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const letters = graphemesOf(text)
  while (letters.length > 0 && widthOf(`${letters.join('')}…`) > width) letters.pop()
  return `${letters.join('').trim()}…`
}

/**
 * Breaks a label into as few lines as this width allows (in parts of the font's size), each about
 * as long as the others. Between words only, for Japanese, Chinese and Thai by a dictionary: one
 * that alone is wider stays so, unless `cut` says to break it.
 */
export function breakLines(label: string, width: number, cut: boolean): string[] {
  const pieces = piecesOf(label).flatMap((piece) =>
    cut && widthOf(piece.trim()) > width ? graphemesOf(piece) : [piece],
  )
  const fewest = fill(pieces, width)
  let best = fewest
  for (let narrower = width * 0.96; narrower > 1; narrower *= 0.96) {
    const tried = fill(pieces, narrower)
    if (tried.length > fewest.length || longest(tried) > width) break
    if (longest(tried) < longest(best)) best = tried
  }
  return best
}

/** The width of the longest of the lines, in parts of the font's size. */
export function longest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(widthOf))
}

function fill(pieces: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && widthOf((line + piece).trim()) > width) {
      lines.push(line.trim())
      line = ''
    }
    line += piece
  }
  return [...lines, line.trim()].filter((each) => each !== '')
}

/**
 * Words, with what may not begin a line hung to the one before, and what may not end one to the
 * next.
 */
function piecesOf(label: string): string[] {
  const pieces: string[] = []
  let holds = false
  for (const { segment } of words.segment(label)) {
    const last = pieces.at(-1)
    if (last !== undefined && (holds || HANGS.test(segment)))
      pieces[pieces.length - 1] = last + segment
    else pieces.push(segment)
    holds = HOLDS.test(segment)
  }
  return pieces
}

function graphemesOf(text: string): string[] {
  return [...graphemes.segment(text)].map(({ segment }) => segment)
}
