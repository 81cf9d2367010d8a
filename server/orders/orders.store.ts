import type { Konbini, Order, OrderStatus } from '../../shared/api.ts'
import { japanDay } from '../../shared/japan-time.ts'
import type { CheckoutFacts, Db, Tx } from '../ports.ts'
import type { OrderItemRow, OrderRow } from '../store/tables.ts'
import { refundedAmount } from './order-status.ts'

export type Owner = Pick<OrderRow, 'account_id' | 'person_id' | 'ownership'>

export function findOrder(db: Db | Tx, id: string): Promise<OrderRow | undefined> {
  return db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findOrderIdByPayment(db: Db, paymentIntent: string): Promise<string | null> {
  const row = await db
    .selectFrom('orders')
    .select('id')
    .where('payment_intent', '=', paymentIntent)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Newest first. Each person sees a list as long as a page; older ones keep their own address. */
export function ordersOfPerson(db: Db, personId: string, most: number): Promise<OrderRow[]> {
  return db
    .selectFrom('orders')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}

export async function itemsOf(
  db: Db | Tx,
  orderIds: readonly string[],
): Promise<Map<string, OrderItemRow[]>> {
  const rows =
    orderIds.length === 0
      ? []
      : await db
          .selectFrom('order_items')
          .selectAll()
          .where('order_id', 'in', orderIds)
          .orderBy('order_id')
          .orderBy('position')
          .execute()
  return Map.groupBy(rows, (row) => row.order_id)
}

/** Writes a new order and its items, or nothing: `stale` when somebody else has just written it. */
export async function insertOrder(
  tx: Tx,
  facts: CheckoutFacts,
  row: Owner & Pick<OrderRow, 'status' | 'source' | 'utm' | 'reference_forged' | 'recorded_at'>,
): Promise<OrderRow | 'stale'> {
  const order = await tx
    .insertInto('orders')
    .values({
      ...columnsOf(facts),
      ...row,
      id: facts.id,
      number: orderNumber(facts.id),
      version: 1,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!order) return 'stale'
  await insertItems(tx, facts)
  return order
}

/**
 * Writes what changed. The version stays when nothing did, so that nobody has to ask Stripe again for
 * it. `stale`, and nothing is written, when somebody else has written since `before` was read.
 */
export async function updateOrder(
  tx: Tx,
  before: OrderRow,
  facts: CheckoutFacts,
  status: OrderStatus,
): Promise<OrderRow | 'stale'> {
  // A payment that lapsed has forgotten how it was to be paid; the order has not.
  const payment_method = facts.paymentMethod ?? before.payment_method
  const now: Partial<OrderRow> = { ...columnsOf(facts), payment_method, status }
  // A konbini code may hold a telephone number, and Stripe tells it again and again.
  if (before.ownership === 'forgotten') now.konbini = now.payer_mail = null
  const changed = Object.entries(now).some(([name, is]) => before[name as keyof OrderRow] !== is)
  if (!changed) return before
  const written = await tx
    .updateTable('orders')
    .set({ ...now, version: before.version + 1 })
    .where('id', '=', before.id)
    .where('version', '=', before.version)
    .returningAll()
    .executeTakeFirst()
  return written ?? 'stale'
}

/** Gives an order that nobody owns to whoever proved it. False when somebody was quicker. */
export async function giveOrderTo(tx: Tx, id: string, owner: Owner): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('orders')
    .set({ ...owner })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('account_id', 'is', null)
    .where((eb) => eb.or([eb('ownership', 'is', null), eb('ownership', '!=', 'forgotten')]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** A row and its items as the page and the messages show them. */
export function orderView(row: OrderRow, items: readonly OrderItemRow[]): Order {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    currency: row.currency,
    amount: row.amount,
    subtotal: row.subtotal,
    discount: row.discount,
    shipping: row.shipping,
    tax: row.tax,
    refunded: row.refunded,
    items: items.map(({ name, quantity, amount }) => ({ name, quantity, amount })),
    itemCount: row.item_count,
    paymentMethod: row.payment_method,
    konbini: row.konbini ? (JSON.parse(row.konbini) as Konbini) : null,
    offer: row.link,
    createdAt: row.created_at,
    paidAt: row.paid_at,
  }
}

function columnsOf(facts: CheckoutFacts) {
  return {
    link: facts.link,
    mode: facts.mode,
    currency: facts.currency,
    amount: facts.amount,
    subtotal: facts.subtotal,
    discount: facts.discount,
    shipping: facts.shipping,
    tax: facts.tax,
    refunded: refundedAmount(facts),
    payment_method: facts.paymentMethod,
    payment_intent: facts.paymentIntent,
    customer: facts.customer,
    payer_mail: facts.payerMail,
    konbini: facts.konbini ? JSON.stringify(facts.konbini) : null,
    locale: facts.locale,
    item_count: facts.items.length,
    created_at: facts.createdAt,
    paid_at: facts.paidAt,
    paid_day: facts.paidAt && japanDay(facts.paidAt),
  }
}

async function insertItems(tx: Tx, facts: CheckoutFacts): Promise<void> {
  const rows = facts.items.map(({ amountTotal, ...item }, position) => ({
    ...item,
    position,
    order_id: facts.id,
    amount_total: amountTotal,
  }))
  // SQLite takes 32,766 values in a statement; 1,000 items of 8 columns stay well below.
  if (rows.length > 0) await tx.insertInto('order_items').values(rows).execute()
}

/** The last eight of Stripe's random characters: short enough to read out on the telephone. */
function orderNumber(sessionId: string): string {
  return sessionId.slice(-8).toUpperCase()
}
