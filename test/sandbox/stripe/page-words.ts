import { EN } from './page-words-en.ts'
import { JA, type PageWords } from './page-words-ja.ts'

/** The hosted pages speak two languages; Stripe's speak more, but two are enough to see that `locale` arrives. */
export type PageLanguage = 'ja' | 'en'
export type { PageWords } from './page-words-ja.ts'

export const PAGE_WORDS: Record<PageLanguage, PageWords> = { ja: JA, en: EN }

/** `locale` decides; 'auto' asks the browser. Japanese unless the other one is plainly wanted. */
export function pageLanguage(
  locale: string | null,
  acceptLanguage: string | undefined,
): PageLanguage {
  const wanted = locale && locale !== 'auto' ? locale : (acceptLanguage ?? 'ja')
  return /^(ja|\*)/i.test(wanted) ? 'ja' : 'en'
}
