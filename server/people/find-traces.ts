import type { Db, Tx } from '../ports.ts'
import { lineAccountId } from './people.store.ts'

/** What is (or would be) erased, in numbers, and what Stripe still holds. */
export type Forgotten = {
  known: boolean
  orders: number
  messages: number
  events: number
  /** Stripe's own ids, for whoever goes on to erase there */
  customers: string[]
}

/** What `forget` would touch; changes nothing. */
export async function findTraces(db: Db, userId: string): Promise<Forgotten> {
  const id = lineAccountId(userId)
  const account = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'customer'])
    .where('account_id', '=', id)
    .execute()
  const messages = await db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', '=', id)
    .execute()
  const events = await eventsNaming(db, userId)
  const linked = await db
    .selectFrom('customers')
    .innerJoin('accounts', 'accounts.person_id', 'customers.person_id')
    .select('customers.id')
    .where('accounts.id', '=', id)
    .execute()
  const customers = [...linked.map((row) => row.id), ...orders.flatMap((row) => row.customer ?? [])]
  return {
    known: account !== undefined || messages.length > 0 || events.length > 0,
    orders: orders.length,
    messages: messages.length,
    events: events.length,
    customers: [...new Set(customers)],
  }
}

/** By their whole text: nobody asks often enough for an index. */
export function eventsNaming(db: Db | Tx, userId: string) {
  return db
    .selectFrom('events')
    .select(['id', 'doorbell', 'error'])
    .where((eb) =>
      eb.or([eb('doorbell', 'like', `%${userId}%`), eb('error', 'like', `%${userId}%`)]),
    )
    .execute()
}
