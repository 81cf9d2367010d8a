import { type ExpressionBuilder, sql } from 'kysely'
import { PAID_FAMILY } from '../orders/order-status.ts'
import type { Db, Tables } from '../ports.ts'
import type { Question } from './read-question.ts'

/** Sums over paid orders. Amounts in the currency's minor unit. */
export type Sums = {
  currency: string
  orders: number
  items: number
  amount: number
  refunded: number
}
/** Those of one group; what nobody asked to split by is not there. */
export type Group = Sums & { source?: string | null; day?: string }
export type ProductGroup = Group & { product: string; productName: string }
export type Split = { source: boolean; day: boolean }

/** Lines from before version 7 do not say what they cost in the end, only what they were to cost. */
const LINE = sql<number>`coalesce(order_items.amount_total, order_items.amount)`
/** Which product's money was given back is only known when it was all of it. */
const isAllBack = sql<boolean>`orders.refunded > 0 and orders.refunded >= orders.amount`

/** Orders, items and money, each order once. */
export async function sumOrders(db: Db, asked: Question, split: Split, most: number) {
  const groups = groupsOf(split)
  const rows = await db
    .selectFrom(eachPaid(db, asked))
    .select(groups)
    .select(({ fn }) => [
      fn.countAll<number>().as('orders'),
      fn.sum<number>('items').as('items'),
      fn.sum<number>('amount').as('amount'),
      fn.sum<number>('refunded').as('refunded'),
    ])
    .groupBy(groups)
    .limit(most)
    .execute()
  return rows as Group[]
}

/** The lines of these orders by product, under its newest name; an order counts once for each product. */
export async function sumProducts(db: Db, asked: Question, split: Split, most: number) {
  const groups = [
    'orders.currency' as const,
    ...(split.source ? (['orders.source'] as const) : []),
    ...(split.day ? (['orders.paid_day as day'] as const) : []),
  ]
  const rows = await paidOrders(db, asked)
    .innerJoin('order_items', 'order_items.order_id', 'orders.id')
    .where('order_items.product', 'is not', null)
    .select([...groups, 'order_items.product'])
    .select(({ fn }) => [
      // An ISO time is 24 characters long, so the greatest of these is the newest.
      sql<string>`substr(max(orders.paid_at || order_items.name), 25)`.as('productName'),
      fn.count<number>('orders.id').distinct().as('orders'),
      fn.sum<number>('order_items.quantity').as('items'),
      fn.sum<number>(LINE).as('amount'),
      fn.sum<number>(sql`case when ${isAllBack} then ${LINE} else 0 end`).as('refunded'),
    ])
    .groupBy([
      'orders.currency',
      'order_items.product',
      ...(split.source ? (['orders.source'] as const) : []),
      ...(split.day ? (['orders.paid_day'] as const) : []),
    ])
    .limit(most)
    .execute()
  return rows as ProductGroup[]
}

/**
 * What of these orders belongs to no product: shipping, refunds of a part, lines without a product; of
 * orders from before version 7 also tax and discounts. With `sumProducts` it makes the sum of all orders.
 */
export async function sumRest(db: Db, asked: Question, split: Split, most: number) {
  const groups = groupsOf(split)
  const amount = sql<number>`amount - goods`
  const refunded = sql<number>`refunded - goods_back`
  const items = sql<number>`items - goods_items`
  const rows = await db
    .selectFrom(eachPaid(db, asked))
    .select(groups)
    .select(({ fn }) => [
      fn.countAll<number>().as('orders'),
      fn.sum<number>(items).as('items'),
      fn.sum<number>(amount).as('amount'),
      fn.sum<number>(refunded).as('refunded'),
    ])
    .where(sql<boolean>`(${amount} <> 0 or ${refunded} <> 0 or ${items} <> 0)`)
    .groupBy(groups)
    .limit(most)
    .execute()
  return rows as Group[]
}

function groupsOf({ source, day }: Split) {
  return [
    'currency' as const,
    ...(source ? (['source'] as const) : []),
    ...(day ? (['day'] as const) : []),
  ]
}

/** Found by the index of their day; money that was given back later is still of that day. */
function paidOrders(db: Db, { from, to }: Question) {
  return db
    .selectFrom('orders')
    .where('orders.paid_day', '>=', from)
    .where('orders.paid_day', '<=', to)
    .where('orders.status', 'in', PAID_FAMILY)
}

/** One row for each order, with what its lines come to; the database adds them up, not we. */
function eachPaid(db: Db, asked: Question) {
  return paidOrders(db, asked)
    .select([
      'orders.currency as currency',
      'orders.source as source',
      'orders.paid_day as day',
      'orders.amount as amount',
      'orders.refunded as refunded',
    ])
    .select((eb) => [
      linesOf(eb, 'all', sql<number>`order_items.quantity`).as('items'),
      linesOf(eb, 'goods', sql<number>`order_items.quantity`).as('goods_items'),
      linesOf(eb, 'goods', LINE).as('goods'),
      sql<number>`case when ${isAllBack} then ${linesOf(eb, 'goods', LINE)} else 0 end`.as(
        'goods_back',
      ),
    ])
    .as('paid')
}

function linesOf(
  { selectFrom }: ExpressionBuilder<Tables, 'orders'>,
  which: 'all' | 'goods',
  what: typeof LINE,
) {
  return selectFrom('order_items')
    .select(sql<number>`coalesce(sum(${what}), 0)`.as('sum'))
    .whereRef('order_items.order_id', '=', 'orders.id')
    .$if(which === 'goods', (lines) => lines.where('order_items.product', 'is not', null))
    .$asScalar()
}
