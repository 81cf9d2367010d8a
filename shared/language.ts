/** The languages Noren speaks; Japanese first, and the fallback for everything unknown. */
export const LANGUAGES = ['ja', 'en', 'th', 'zh-TW'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text the shopkeeper writes: one string for everybody, or one a language with Japanese as the fallback. */
export type Localized = string | ({ ja: string } & Partial<Record<Language, string>>)

/** Any BCP 47 tag ("en-GB", "zh-Hant-HK", LINE's "zh_TW") to the nearest language we speak, or undefined. */
export function nearestLanguage(tag: string | null | undefined): Language | undefined {
  const lower = tag?.toLowerCase().replaceAll('_', '-')
  if (!lower) return undefined
  if (/^zh\b/.test(lower)) return /hans|-cn|-sg/.test(lower) ? undefined : 'zh-TW'
  return LANGUAGES.find((language) => lower === language || lower.startsWith(`${language}-`))
}

const LOCALES: Record<Language, string> = {
  ja: 'ja-JP',
  en: 'en-US',
  th: 'th-TH',
  'zh-TW': 'zh-TW',
}

/** The tag that Intl is asked with: how numbers and dates are written in this language. */
export function localeOf(language: Language): string {
  return LOCALES[language]
}

export function localized(text: Localized, language: Language): string {
  return typeof text === 'string' ? text : (text[language] ?? text.ja)
}
