import { japanDay } from '../../shared/japan-time.ts'

export const REPORT_BY = ['source', 'product', 'day'] as const
export type ReportBy = (typeof REPORT_BY)[number]

/** Which orders a report is about, by the day of their payment in Japan, and what it is split by. */
export type Question = { from: string; to: string; by: readonly ReportBy[] }

const DAY_MS = 86_400_000
const USUAL_DAYS = 30
/** A year, and the same month of the year before to compare it with. */
const MOST_DAYS = 400

/**
 * The question as somebody typed it: both days count, and without any they are the last 30. A string is
 * a sentence that says what is wrong with it; `names` are what the reader calls the three.
 */
export function readQuestion(
  asked: { from?: unknown; to?: unknown; by?: unknown },
  now: Date,
  names = { from: 'from', to: 'to', by: 'by' },
): Question | string {
  const to = asked.to ?? japanDay(now.toISOString())
  if (!isDay(to)) return badDay(names.to)
  const from = asked.from ?? dayAfter(to, 1 - USUAL_DAYS)
  if (!isDay(from)) return badDay(names.from)
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (days < 1) return `${names.from} must not be after ${names.to}.`
  if (days > MOST_DAYS) return `That is ${days} days; ask for at most ${MOST_DAYS}.`
  const by = asked.by === undefined ? (['source'] as const) : splitOf(asked.by)
  if (by) return { from, to, by }
  return `${names.by} must be one or more of ${REPORT_BY.join(', ')}, with commas between.`
}

function splitOf(by: unknown): ReportBy[] | null {
  if (typeof by !== 'string') return null
  const words = by.split(',')
  if (!words.every((word) => (REPORT_BY as readonly string[]).includes(word))) return null
  return REPORT_BY.filter((each) => words.includes(each))
}

/** Also the 31st of a month that has one. */
function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false
  return !Number.isNaN(Date.parse(text)) && dayAfter(text, 0) === text
}

/** So many days later on the calendar. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

const badDay = (name: string) => `${name} must be a day of the calendar, such as 2026-11-01.`
