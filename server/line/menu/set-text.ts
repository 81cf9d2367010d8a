import { menuFonts } from './fonts.ts'
import type { Font } from './read-font.ts'

/** A stretch of text in one font. */
export type Run = { font: Font; text: string }

/**
 * Forms that are usual in Taiwan and not in a Japanese font, and the form of the same character
 * that is. Only how it is drawn: the label that a screen reader speaks keeps its own.
 */
const SAME_CHARACTER = new Map(
  '閱閲 說説 查査 內内 啟啓 稅税 戶戸 產産 絕絶 鄉郷 銳鋭 脫脱 歲歳 吳呉 娛娯 彥彦 拋抛'
    .split(' ')
    .map((pair) => [...pair] as [string, string]),
)

/** The printer's mark for a letter that the case does not hold. */
const NO_SUCH_LETTER = '〓'

/**
 * Letters that no font of the picture has, each once; a check can name them before a menu is made.
 */
export function lettersMissing(text: string): string[] {
  const missing = charactersOf(text).filter(
    (each) => /[\p{L}\p{N}]/u.test(each) && !fontOf(drawnAs(each)),
  )
  return [...new Set(missing)]
}

/** The text as it can be drawn, by font. Emoji and other signs that no font has are left out. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = []
  for (const each of charactersOf(text)) {
    const wanted = drawnAs(each)
    const letter = /[\p{L}\p{N}]/u.test(each)
    const drawn = fontOf(wanted) || !letter ? wanted : NO_SUCH_LETTER
    const font = fontOf(drawn)
    if (!font) continue
    const last = runs.at(-1)
    if (last?.font === font) last.text += drawn
    else runs.push({ font, text: drawn })
  }
  return runs
}

/** How wide the text is, in parts of the font's size. */
export function widthOf(text: string): number {
  const widths = runsOf(text).flatMap((run) =>
    [...run.text].map((each) => run.font.advance(each.codePointAt(0) ?? 0) ?? 0),
  )
  return widths.reduce((sum, each) => sum + each, 0)
}

/**
 * Thai's ำ is two signs in one, and the renderer loses the width of the second: the next letter
 * would lie upon it. Taken apart, the ring stands before a tone mark, as Thai fonts want it.
 */
function charactersOf(text: string): string[] {
  const apart = text.normalize('NFC').replace(/([\u0e48-\u0e4b]?)\u0e33/g, '\u0e4d$1\u0e32')
  return [...apart.replace(/\s+/g, ' ')]
}

function drawnAs(character: string): string {
  return fontOf(character) ? character : (SAME_CHARACTER.get(character) ?? character)
}

function fontOf(character: string): Font | undefined {
  const code = character.codePointAt(0) ?? 0
  return menuFonts().find((font) => font.advance(code) !== undefined)
}
