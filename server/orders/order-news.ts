import type { News } from '../notifications/notify.ts'
import { findAccount } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'
import { itemsOf, orderView } from './orders.store.ts'

/** An order as the post room wants it: what it shows, who bought it, and in which language. */
export async function newsOf(tx: Tx, order: OrderRow, cause: string | null): Promise<News> {
  const items = (await itemsOf(tx, [order.id])).get(order.id) ?? []
  const buyer = order.account_id ? ((await findAccount(tx, order.account_id)) ?? null) : null
  return {
    order: orderView(order, items),
    buyer,
    locale: order.locale,
    forged: order.reference_forged === 1,
    cause,
  }
}
