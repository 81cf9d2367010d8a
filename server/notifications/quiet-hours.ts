const JAPAN_MS = 9 * 3_600_000
const HOUR_MS = 3_600_000
const DAY_HOURS = 24

export type QuietHours = { from: number; to: number }

/** Mail and chat ring at night: before nine in the evening and after nine in the morning nobody minds. */
export const QUIET_HOURS: QuietHours = { from: 21, to: 9 }

/** When the quiet hours end (full hours in Japan, which knows no summer time) that it is in now; null: in none. */
export function quietUntil({ from, to }: QuietHours, now: Date): Date | null {
  const hour = new Date(now.getTime() + JAPAN_MS).getUTCHours()
  const isQuiet = from < to ? hour >= from && hour < to : hour >= from || hour < to
  if (!isQuiet) return null
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  return new Date(thisHour + ((to - hour + DAY_HOURS) % DAY_HOURS) * HOUR_MS)
}
