import { type Language, localeOf } from './language.ts'

type DayOptions = Pick<Intl.DateTimeFormatOptions, 'month' | 'weekday'>

/**
 * An ISO time as the clock on a wall in Japan shows it, whatever the reader's language or the
 * machine's zone: "2026/11/22 14:01 JST". Always the Gregorian year, which is what receipts and
 * konbini slips print; Thai would otherwise count 543 more. Throws a RangeError for an invalid date.
 */
export function formatJapanTime(iso: string, language: Language): string {
  const numeric = language === 'ja' || language === 'zh-TW'
  return formatInJapan(iso, language, { month: numeric ? 'numeric' : 'short' })
}

/** The same for a time to plan around, with the day of the week: "2026年11月25日(水) 23:59 JST". */
export function formatJapanDeadline(iso: string, language: Language): string {
  return formatInJapan(iso, language, { month: 'long', weekday: 'short' })
}

/** The day alone, where the hour says nothing: "2026年12月6日". */
export function formatJapanDay(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(`${localeOf(language)}-u-ca-gregory`, {
    timeZone: 'Asia/Tokyo',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  }).format(at)
}

/**
 * The day on a calendar in Japan, 2026-11-22, at an ISO time: what books are kept by. Japan is nine hours
 * ahead all year round. Throws a RangeError for an invalid date.
 */
export function japanDay(iso: string): string {
  return new Date(Date.parse(iso) + 9 * 3_600_000).toISOString().slice(0, 10)
}

/** The month of a card, "2026-12", in words: 2026年12月. */
export function formatMonth(month: string, language: Language): string {
  return new Intl.DateTimeFormat(`${localeOf(language)}-u-ca-gregory`, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
  }).format(new Date(`${month}-01T00:00:00Z`))
}

function formatInJapan(iso: string, language: Language, day: DayOptions): string {
  return `${formatterOf(language, day).format(new Date(iso))} JST`
}

/** Making a formatter costs 50 times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(language: Language, day: DayOptions): Intl.DateTimeFormat {
  const key = `${language} ${day.month} ${day.weekday}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(`${localeOf(language)}-u-ca-gregory`, {
    timeZone: 'Asia/Tokyo',
    year: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...day,
  })
  formatters.set(key, made)
  return made
}
