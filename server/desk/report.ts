import { setImmediate } from 'node:timers/promises'
import type { DeskWords } from '../../shared/i18n/desk.ts'
import type { Db } from '../ports.ts'
import { dayAfter, type Question } from './read-question.ts'
import { type Split, type Sums, sumOrders, sumProducts, sumRest } from './report.store.ts'

/** Amounts in the currency's minor unit; `net` is what the shop keeps of them before Stripe's fees. */
export type ReportSums = Sums & { net: number }
export type ReportRow = ReportSums & {
  /** null: the payment did not say where it came from */
  source?: string | null
  /** null: what belongs to no product, such as shipping */
  product?: string | null
  productName?: string
  day?: string
}
export type Report = Question & { rows: ReportRow[]; totals: ReportSums[] }

/** More is no report for people any more. */
const MOST_ROWS = 10_000
/** On SQLite whoever reads holds up the web loop: a week of 20,000 orders for a tenth of a second. */
const DAYS_AT_ONCE = 7
const WHOLE: Split = { source: false, day: false }

/**
 * Paid orders by the day of their payment in Japan, with what was refunded of them since. Rows of one
 * currency add up to its total whatever they are split by: an order with two products counts in both of
 * their `orders`, but its money is in each row once. `too many`: of rows; ask for fewer days or splits.
 */
export async function makeReport(
  db: Db,
  asked: Question,
  words: DeskWords,
): Promise<Report | 'too many'> {
  const split: Split = { source: asked.by.includes('source'), day: asked.by.includes('day') }
  const isByProduct = asked.by.includes('product')
  const rows = new Map<string, ReportRow>()
  const totals = new Map<string, ReportSums>()
  for (const some of partsOf(asked)) {
    const orders = await sumOrders(db, some, isByProduct ? WHOLE : split, MOST_ROWS + 1)
    const lines: Line[] = isByProduct ? await linesOf(db, some, split, words) : orders
    for (const row of lines) add(rows, row, [row.day, row.source, row.product])
    for (const { day, source, ...sums } of orders) add(totals, sums, [])
    if (rows.size > MOST_ROWS || orders.length > MOST_ROWS) return 'too many'
    await setImmediate()
  }
  return {
    ...asked,
    rows: [...rows.values()].toSorted(byDayAndMoney),
    totals: [...totals.values()].toSorted(byDayAndMoney),
  }
}

type Line = Omit<ReportRow, 'net'>

async function linesOf(db: Db, asked: Question, split: Split, words: DeskWords): Promise<Line[]> {
  const products = await sumProducts(db, asked, split, MOST_ROWS + 1)
  const rest = await sumRest(db, asked, split, MOST_ROWS + 1)
  return [...products, ...rest.map((row) => ({ ...row, product: null, productName: words.rest }))]
}

/** What a group has in earlier days and in these; the newest name stays. */
function add<T extends ReportSums>(
  to: Map<string, T>,
  row: Omit<T, 'net'>,
  group: unknown[],
): void {
  // A source may be called "null".
  const key = JSON.stringify([row.currency, ...group])
  const before = to.get(key)
  const sums = {
    orders: row.orders + (before?.orders ?? 0),
    items: row.items + (before?.items ?? 0),
    amount: row.amount + (before?.amount ?? 0),
    refunded: row.refunded + (before?.refunded ?? 0),
  }
  to.set(key, { ...row, ...sums, net: sums.amount - sums.refunded } as T)
}

/** From the oldest day on. By time, since the days of the year 10000 come before all others by their letters. */
function* partsOf({ from, to, by }: Question): Iterable<Question> {
  const end = Date.parse(to)
  for (let day = from; Date.parse(day) <= end; day = dayAfter(day, DAYS_AT_ONCE)) {
    const last = dayAfter(day, DAYS_AT_ONCE - 1)
    yield { from: day, to: Date.parse(last) < end ? last : to, by }
  }
}

/** The newest day first, what brought most on top, and what belongs to no product at the bottom. */
function byDayAndMoney(a: ReportRow, b: ReportRow): number {
  return (
    (b.day ?? '').localeCompare(a.day ?? '') ||
    a.currency.localeCompare(b.currency) ||
    Number(a.product === null) - Number(b.product === null) ||
    b.amount - a.amount ||
    nameOf(a).localeCompare(nameOf(b))
  )
}

/** So that equals stand in the same order each time, on either engine. */
const nameOf = ({ source, product }: ReportRow) => `${source} ${product}`
