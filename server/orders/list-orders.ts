import type { Order } from '../../shared/api.ts'
import type { Db } from '../ports.ts'
import { itemsOf, ordersOfPerson, orderView } from './orders.store.ts'

/** A person's newest orders, from whichever channel, as pages and answers show them. */
export async function listOrders(db: Db, personId: string, most: number): Promise<Order[]> {
  const rows = await ordersOfPerson(db, personId, most)
  const items = await itemsOf(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => orderView(row, items.get(row.id) ?? []))
}
