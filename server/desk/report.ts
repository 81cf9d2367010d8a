import type { DeskWords } from '../../shared/i18n/desk.ts'
import type { Db } from '../ports.ts'
import type { Question } from './read-question.ts'
import {
  type Group,
  type ProductGroup,
  type Split,
  type Sums,
  sumOrders,
  sumProducts,
  sumRest,
} from './report.store.ts'

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
  const rows: (Group | ProductGroup)[] = asked.by.includes('product')
    ? [
        ...(await sumProducts(db, asked, split, MOST_ROWS + 1)),
        ...(await restRows(db, asked, split, words)),
      ]
    : await sumOrders(db, asked, split, MOST_ROWS + 1)
  if (rows.length > MOST_ROWS) return 'too many'
  const totals = await sumOrders(db, asked, { source: false, day: false }, MOST_ROWS)
  return {
    ...asked,
    rows: rows.map(withNet).toSorted(byDayAndMoney),
    totals: totals.map(withNet).toSorted(byDayAndMoney),
  }
}

async function restRows(db: Db, asked: Question, split: Split, words: DeskWords) {
  const rest = await sumRest(db, asked, split, MOST_ROWS + 1)
  return rest.map((row) => ({ ...row, product: null, productName: words.rest }))
}

function withNet<T extends Sums>(row: T): T & { net: number } {
  return { ...row, net: row.amount - row.refunded }
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
