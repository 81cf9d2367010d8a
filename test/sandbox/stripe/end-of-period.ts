import type Stripe from 'stripe'

const DAY = 24 * 60 * 60

/** The same day of a later month, or that month's last day where it has no such day. Unix seconds. */
export function endOfPeriod(
  start: number,
  recurring: Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>,
): number {
  const { interval, interval_count: count } = recurring
  if (interval === 'day') return start + count * DAY
  if (interval === 'week') return start + count * 7 * DAY
  const date = new Date(start * 1000)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + count * (interval === 'year' ? 12 : 1))
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime() / 1000
}
