import type { SubscribedItem } from '../ports.ts'

/** Days in a month, on the average */
const MONTH_DAYS = 365 / 12
const DAYS = { day: 1, week: 7, month: MONTH_DAYS, year: 12 * MONTH_DAYS }

/** null: one of them has no whole amount to name, as with a metered price. Minor units. */
export function sumOf(items: readonly SubscribedItem[]): number | null {
  return items.reduce<number | null>(
    (sum, { amount, quantity }) =>
      sum === null || amount === null ? null : sum + amount * quantity,
    0,
  )
}

/** The longest of their intervals, in whole months, and what is charged each time it is over. */
export function longestOf(items: readonly SubscribedItem[]): {
  months: number
  amount: number | null
} {
  const lengthOf = ({ interval, intervalCount }: SubscribedItem) =>
    Math.round((DAYS[interval] * intervalCount) / MONTH_DAYS)
  const months = Math.max(0, ...items.map(lengthOf))
  return { months, amount: sumOf(items.filter((item) => lengthOf(item) === months)) }
}
