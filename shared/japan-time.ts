import { type Language, localeOf } from './language.ts'

/**
 * An ISO time as people in Japan would read it on the wall clock, whatever the reader's language or
 * the machine's zone: "2026年11月25日(水) 23:59 JST". Konbini deadlines are Japanese time, and their
 * slips print the Gregorian year, so Thai gets that one too. Throws a RangeError for an invalid date.
 */
export function formatJapanTime(iso: string, language: Language): string {
  const written = new Intl.DateTimeFormat(`${localeOf(language)}-u-ca-gregory`, {
    timeZone: 'Asia/Tokyo',
    year: 'numeric',
    month: language === 'en' ? 'short' : 'long',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
  return `${written} JST`
}
