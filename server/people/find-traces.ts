import type { Db, Tx } from '../ports.ts'
import { accountsOf, findAccount, lineAccountId, mailAccountId } from './people.store.ts'

/** What is (or would be) erased, in numbers, and what Stripe still holds. */
export type Forgotten = {
  known: boolean
  orders: number
  messages: number
  events: number
  /** Stripe's own ids, for whoever goes on to erase there */
  customers: string[]
}

/**
 * The accounts that go with this LINE user: their own, the mailbox that LINE knows of them, and, when no
 * other LINE account of the same person is left, every mailbox of that person. The LINE account comes first.
 */
export async function accountsToForget(db: Db | Tx, userId: string): Promise<string[]> {
  const id = lineAccountId(userId)
  const account = await findAccount(db, id)
  const others = account
    ? (await accountsOf(db, account.person_id)).filter((other) => other.id !== id)
    : []
  const stays = others.some(({ channel }) => channel === 'line')
  const gone = others.filter((other) => !stays || other.id === mailAccountId(userId))
  return [id, ...gone.map((other) => other.id)]
}

/** What `forget` would touch; changes nothing. */
export async function findTraces(db: Db, userId: string): Promise<Forgotten> {
  const ids = await accountsToForget(db, userId)
  const accounts = await db.selectFrom('accounts').select('id').where('id', 'in', ids).execute()
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'customer'])
    .where('account_id', 'in', ids)
    .execute()
  const messages = await db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', 'in', ids)
    .execute()
  const events = await eventsNaming(db, userId)
  const linked = await db
    .selectFrom('customers')
    .innerJoin('accounts', 'accounts.person_id', 'customers.person_id')
    .select('customers.id')
    .where('accounts.id', '=', lineAccountId(userId))
    .execute()
  const customers = [...linked.map((row) => row.id), ...orders.flatMap((row) => row.customer ?? [])]
  return {
    known: accounts.length > 0 || messages.length > 0 || events.length > 0,
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
