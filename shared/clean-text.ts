/** Cc: control characters; Zl and Zp: line breaks. All of them would tear a row apart. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu
/**
 * Zero-width and direction-changing characters: an override in a product's name could turn the
 * amount beside it around. The joiners U+200C and U+200D stay, since emoji and several scripts need them.
 */
const HIDDEN = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g
const SOMETHING_VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\p{M}\uFFFD]/u
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
/** No name that somebody wrote is longer; keeps the segmenter's work small whatever arrives. */
const LONGEST_READ = 2_000
/** Before the isolate, because apps that guess a line's direction look into isolates too. */
const LEFT_TO_RIGHT = '\u200E'
const ELLIPSIS = '…'
const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' })

/**
 * A text from outside made safe to stand in a message: control, zero-width and direction characters
 * and broken surrogates removed, cut between graphemes (never inside an emoji or a letter with marks),
 * right-to-left text isolated. `fallback` where nothing visible is left, because Flex refuses an
 * empty text. Besides graphemes the bytes are limited, four to a grapheme: one emoji can weigh 25.
 */
export function cleanText(text: string, fallback: string, graphemes = 60): string {
  const cleaned = text
    .slice(0, LONGEST_READ)
    .toWellFormed()
    .replace(BREAKS, ' ')
    .replace(HIDDEN, '')
    .trim()
  const cut = SOMETHING_VISIBLE.test(cleaned) ? cutText(cleaned, graphemes) : ''
  if (!cut) return fallback
  return RIGHT_TO_LEFT.test(cut) ? `${LEFT_TO_RIGHT}\u2068${cut}\u2069` : cut
}

/** null: the text has no visible part within the limit, as with a letter under hundreds of marks. */
function cutText(text: string, graphemes: number): string | null {
  let kept = ''
  let count = 0
  for (const { segment } of segmenter.segment(text)) {
    if (count === graphemes || Buffer.byteLength(kept + segment) > graphemes * 4) {
      return kept ? `${kept.trimEnd()}${ELLIPSIS}` : null
    }
    kept += segment
    count += 1
  }
  return kept
}
