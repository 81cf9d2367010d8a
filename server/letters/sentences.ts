import type { Language } from '../../shared/language.ts'
import { type Part, text } from './parts.ts'

/** One sentence of a letter; `strong` for the one that must not be overlooked. */
export type Sentence = string | { strong: string }

/** The sentences as the bubble has them, one under the other. */
export function sentenceTexts(said: readonly Sentence[]): Part[] {
  return said.map((one) =>
    typeof one === 'string' ? text(one) : text(one.strong, { weight: 'bold' }),
  )
}

/** The same on one line, for the notification. Japanese and Chinese put no space between sentences. */
export function inOneLine(said: readonly Sentence[], language: Language): string {
  const plain = said.map((one) => (typeof one === 'string' ? one : one.strong))
  return plain.join(language === 'ja' || language === 'zh-TW' ? '' : ' ')
}
