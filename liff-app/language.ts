import type { InnerTexts } from '../shared/i18n/pages/inner/ja.ts'
import { ja, type PageTexts } from '../shared/i18n/pages/ja.ts'
import { LANGUAGES, type Language, nearestLanguage } from '../shared/language.ts'
import { recall, remember } from './remember.ts'

/** What the buyer chose here before; it outranks LINE and the browser. */
export function rememberedLanguage(): Language | null {
  const kept = recall('localStorage', 'language')
  return LANGUAGES.find((language) => language === kept) ?? null
}

export function rememberLanguage(language: Language): void {
  remember('localStorage', 'language', language)
}

/** The language to start in, before LINE could be asked. */
export function firstLanguage(): Language {
  const wished = navigator.languages.map(nearestLanguage).find((language) => language !== undefined)
  return rememberedLanguage() ?? wished ?? 'ja'
}

/** Japanese is in the first load; the others come when they are wanted. Rejects when the network does. */
export async function loadTexts(language: Language): Promise<PageTexts> {
  if (language === 'en') return (await import('../shared/i18n/pages/en.ts')).en
  if (language === 'th') return (await import('../shared/i18n/pages/th.ts')).th
  if (language === 'zh-TW') return (await import('../shared/i18n/pages/zh-TW.ts')).zhTW
  return ja
}

/** What only the pages behind the shelf say, fetched with the first of them. Rejects when the network does. */
export async function loadInnerTexts(language: Language): Promise<InnerTexts> {
  if (language === 'en') return (await import('../shared/i18n/pages/inner/en.ts')).en
  if (language === 'th') return (await import('../shared/i18n/pages/inner/th.ts')).th
  if (language === 'zh-TW') return (await import('../shared/i18n/pages/inner/zh-TW.ts')).zhTW
  return (await import('../shared/i18n/pages/inner/ja.ts')).ja
}
