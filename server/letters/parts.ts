/** Words as they stand in a letter, and how much weight they have. Never empty: LINE refuses an empty text. */
export type Text = {
  words: string
  size?: 'xs' | 'sm' | 'md' | 'lg'
  weight?: 'bold'
  quiet?: true
  /** Where a tap on the words leads */
  address?: string
}

/** What a letter is made of, before a channel gives it a form. */
export type Part =
  | ({ part: 'text' } & Text)
  /** What it is, taking the room that is left over; its value beside it */
  | { part: 'row'; left: Text; right: Text }
  /** A name and what it says, the second one as long as it likes */
  | { part: 'fact'; label: string; value: Text }
  /** What belongs together within a block, so far from what stands above */
  | { part: 'group'; contents: Part[]; apart: 'none' | 'md' | 'lg' }
  /** A word that the chat understands, to be typed or tapped */
  | { part: 'word'; word: string; does: string }

type Style = Omit<Text, 'words'>

export function text(words: string, style: Style = {}): { part: 'text' } & Text {
  return { part: 'text', words, ...style }
}

export function quietText(words: string, style: Style = {}): { part: 'text' } & Text {
  return text(words, { quiet: true, ...style })
}

export function row(left: Text, right: Text): Part {
  return { part: 'row', left, right }
}

export function fact(label: string, value: string, style: Style = {}): Part {
  return { part: 'fact', label, value: { words: value, ...style } }
}

export function group(contents: Part[], apart: 'none' | 'md' | 'lg'): Part {
  return { part: 'group', contents, apart }
}
