import { type Emitter, emit } from '../integrations/emit.ts'
import { orderPayload } from '../integrations/order-payload.ts'
import type { CheckoutFacts, Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'
import { isPaid } from './order-status.ts'
import { itemsOf } from './orders.store.ts'

/** So long a mark says that something was told (integrations/prune-outbound.ts keeps it a day longer). */
const MARKED_MS = 29 * 86_400_000

/**
 * What changed about an order, for other systems: also where nobody owns it, and however late it is found.
 * They keep books, and are not woken at night.
 */
export async function emitOrder(
  emitter: Emitter,
  tx: Tx,
  order: OrderRow,
  { before, facts }: { before: OrderRow | undefined; facts: CheckoutFacts },
): Promise<void> {
  const about = { object: `order:${order.id}`, personId: order.person_id }
  const data = () => payloadOf(tx, order)
  if (isPaid(order.status) && !isPaid(before?.status))
    await emit(emitter, tx, { ...about, type: 'order.paid', subject: order.id, data })
  if (order.status === 'awaiting_payment' && order.status !== before?.status)
    await emit(emitter, tx, { ...about, type: 'order.awaiting_payment', subject: order.id, data })
  let refunded = 0
  for (const { id, amount, createdAt } of facts.refunds) {
    refunded += amount
    // The books held as much before: it was told then, unless nobody listened, or its mark is gone.
    const known = before !== undefined && refunded <= before.refunded
    if (known && emitter.clock.now().getTime() - Date.parse(createdAt) > MARKED_MS) continue
    await emit(emitter, tx, {
      ...about,
      type: 'order.refunded',
      subject: id,
      data: async () => ({ ...(await payloadOf(tx, order)), refund: { id, amount } }),
      ...(known ? { happenedAt: createdAt } : {}),
    })
  }
}

async function payloadOf(tx: Tx, order: OrderRow) {
  return orderPayload(tx, order, (await itemsOf(tx, [order.id])).get(order.id) ?? [])
}
