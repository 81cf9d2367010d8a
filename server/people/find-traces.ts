import type { Db, Tx } from '../ports.ts'
import { accountsOf, lineAccountId, mailAccountId } from './people.store.ts'

/** What is (or would be) erased, in numbers, and what Stripe still holds. */
export type Forgotten = {
  known: boolean
  orders: number
  messages: number
  events: number
  /** Stripe's own ids, for whoever goes on to erase there */
  customers: string[]
}

/** Whom a LINE userId or a customer's id means here, and by which accounts; a LINE user need not be known. */
export type Theirs = { personId: string | null; accounts: string[]; userId: string | null }

export async function findTheirs(db: Db | Tx, who: string): Promise<Theirs> {
  const isCustomer = who.startsWith('cus_')
  const own = isCustomer ? mailAccountId(who) : lineAccountId(who)
  const row = isCustomer
    ? await db.selectFrom('customers').select('person_id').where('id', '=', who).executeTakeFirst()
    : await db.selectFrom('accounts').select('person_id').where('id', '=', own).executeTakeFirst()
  const all = row ? await accountsOf(db, row.person_id) : []
  const line = all.find(({ channel }) => channel === 'line')?.address ?? null
  return {
    personId: row?.person_id ?? null,
    accounts: [...new Set([own, ...all.map(({ id }) => id)])],
    userId: isCustomer ? line : who,
  }
}

/** What `forget` would touch; changes nothing. */
export async function findTraces(db: Db, who: string): Promise<Forgotten> {
  const { personId, accounts, userId } = await findTheirs(db, who)
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'customer'])
    .where((eb) =>
      eb.or([
        eb('account_id', 'in', accounts),
        ...(personId ? [eb('person_id', '=', personId)] : []),
      ]),
    )
    .execute()
  const messages = await db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', 'in', accounts)
    .execute()
  const events = userId ? await eventsNaming(db, userId) : []
  const linked = await db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId ?? '')
    .execute()
  const customers = [...linked.map((row) => row.id), ...orders.flatMap((row) => row.customer ?? [])]
  return {
    known: personId !== null || messages.length > 0 || events.length > 0,
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
