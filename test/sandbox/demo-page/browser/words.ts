import { en } from './words-en.ts'
import { ja } from './words-ja.ts'

/** The page speaks two languages; the shop inside the phone has its own four. */
export type PageLanguage = 'ja' | 'en'
export type Words = typeof ja

const WORDS: Record<PageLanguage, Words> = { ja, en }

/** Where the choice is kept; it survives the emptying of storage when the phone changes hands. */
export const LANGUAGE_KEY = 'noren-demo:language'

export function wordsOf(language: PageLanguage): Words {
  return WORDS[language]
}

/** `?lang=en` wins, then the last choice, then the browser: Japanese to its readers, English to all others. */
export function firstLanguage(): PageLanguage {
  const asked =
    new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(LANGUAGE_KEY)
  return (asked ?? navigator.language).startsWith('ja') ? 'ja' : 'en'
}
