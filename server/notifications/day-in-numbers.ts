import type { Db, ShopNotice } from '../ports.ts'
import { countDead } from './deliveries.store.ts'
import { countDeadEvents } from './tell-daily.ts'

export type DayInNumbers = Omit<
  Extract<ShopNotice, { kind: 'staff_digest' }>,
  'kind' | 'language' | 'shop' | 'line'
>

const DAY_MS = 86_400_000

/**
 * What a day in Japan (2026-11-22) brought: orders by when they were paid, refunds by when they were made,
 * who came and went. `awaiting`, `members` and `dead` are as things stand now. Amounts in minor units.
 */
export async function dayInNumbers(db: Db, day: string): Promise<DayInNumbers> {
  const from = new Date(`${day}T00:00:00+09:00`)
  const [since, until] = [from.toISOString(), new Date(from.getTime() + DAY_MS).toISOString()]
  const [paid, refunds] = [await paidOn(db, day), await refundedBetween(db, since, until)]
  const currencies = [...new Set([...paid, ...refunds].map(({ currency }) => currency))].toSorted()
  const amountIn = (rows: typeof refunds, currency: string) =>
    Number(rows.find((row) => row.currency === currency)?.amount ?? 0)
  return {
    day,
    orders: paid.reduce((sum, { orders }) => sum + Number(orders), 0),
    revenue: currencies.map((currency) => ({
      currency,
      amount: amountIn(paid, currency),
      refunded: amountIn(refunds, currency),
    })),
    awaiting: await countAwaiting(db),
    joined: await countMoved(db, 'joined_at', since, until),
    left: await countMoved(db, 'left_at', since, until),
    members: await countMembers(db),
    dead: (await countDead(db)) + (await countDeadEvents(db)),
  }
}

/** Nothing happened, nothing is awaited, and nobody need look at anything. */
export function isQuiet({ orders, revenue, awaiting, joined, left, dead }: DayInNumbers): boolean {
  return orders + revenue.length + awaiting + joined + left + dead === 0
}

function paidOn(db: Db, day: string) {
  return db
    .selectFrom('orders')
    .select((eb) => ['currency', eb.fn.countAll<number>().as('orders')])
    .select((eb) => eb.fn.sum<number>('amount').as('amount'))
    .where('paid_day', '=', day)
    .groupBy('currency')
    .execute()
}

function refundedBetween(db: Db, since: string, until: string) {
  return db
    .selectFrom('refunds')
    .innerJoin('orders', 'orders.id', 'refunds.order_id')
    .select((eb) => ['currency', eb.fn.sum<number>('refunds.amount').as('amount')])
    .where('refunds.created_at', '>=', since)
    .where('refunds.created_at', '<', until)
    .groupBy('currency')
    .execute()
}

async function countAwaiting(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('orders')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '=', 'awaiting_payment')
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function countMoved(
  db: Db,
  column: 'joined_at' | 'left_at',
  since: string,
  until: string,
): Promise<number> {
  const { count } = await db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(column, '>=', since)
    .where(column, '<', until)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function countMembers(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role', '!=', 'guest')
    .executeTakeFirstOrThrow()
  return Number(count)
}
