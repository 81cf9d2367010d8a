import type { Language } from '../shared/language.ts'

/** Thai readers know both calendars, but the konbini slip carries the western year, so all of them do. */
const LOCALES: Record<Language, string> = {
  ja: 'ja-JP',
  en: 'en-GB',
  th: 'th-TH-u-ca-gregory',
  'zh-TW': 'zh-TW',
}

/** A UTC time as the shop's clock shows it, wherever the buyer is. `day` leaves the hour out. */
export function japanTime(iso: string, language: Language, precision: 'minute' | 'day'): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'long',
    ...(precision === 'minute' ? { timeStyle: 'short', hourCycle: 'h23' } : {}),
  }).format(new Date(iso))
}
