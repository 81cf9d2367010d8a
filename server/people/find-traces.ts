import type { ExpressionBuilder } from 'kysely'
import type { Db, Tables, Tx } from '../ports.ts'
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

/** Whom an id means here, and by what they are known; a LINE user need not be known. */
export type Theirs = {
  personId: string | null
  accounts: string[]
  userId: string | null
  customers: string[]
  /** cs_…: who paid as a guest is known by nothing else */
  session: string | null
}

export async function findTheirs(db: Db | Tx, who: string): Promise<Theirs> {
  const isUser = who.startsWith('U')
  const own = isUser ? lineAccountId(who) : mailAccountId(who)
  const personId = await personBehind(db, who)
  const all = personId ? await accountsOf(db, personId) : []
  const line = all.find(({ channel }) => channel === 'line')?.address ?? null
  const linked = await db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId ?? '')
    .execute()
  const customers = linked.map(({ id }) => id)
  return {
    personId,
    accounts: [...new Set([own, ...all.map(({ id }) => id)])],
    userId: isUser ? who : line,
    customers: [...new Set(who.startsWith('cus_') ? [who, ...customers] : customers)],
    session: who.startsWith('cs_') ? who : null,
  }
}

async function personBehind(db: Db | Tx, who: string): Promise<string | null> {
  if (who.startsWith('U')) return (await findAccount(db, lineAccountId(who)))?.person_id ?? null
  const table = who.startsWith('cus_') ? 'customers' : 'orders'
  const row = await db
    .selectFrom(table)
    .select('person_id')
    .where('id', '=', who)
    .executeTakeFirst()
  return row?.person_id ?? null
}

/** Orders that are theirs, and those that they paid for and nobody owns. */
export function theirOrders({ personId, accounts, customers, session }: Theirs) {
  return (eb: ExpressionBuilder<Tables, 'orders'>) => {
    const paid = [
      ...(customers.length > 0 ? [eb('customer', 'in', customers)] : []),
      ...(session ? [eb('id', '=', session)] : []),
    ]
    const nobodys = [eb('person_id', 'is', null), eb('ownership', 'is', null)]
    return eb.or([
      eb('account_id', 'in', accounts),
      // Who has no mailbox owns what they paid for all the same.
      ...(personId ? [eb('person_id', '=', personId)] : []),
      ...(paid.length > 0 ? [eb.and([eb.or(paid), ...nobodys])] : []),
    ])
  }
}

/** What `forget` would touch; changes nothing. */
export async function findTraces(db: Db, who: string): Promise<Forgotten> {
  const theirs = await findTheirs(db, who)
  const { personId, accounts, userId } = theirs
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'customer'])
    .where(theirOrders(theirs))
    .execute()
  const messages = await db
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', 'in', accounts)
    .execute()
  const events = userId ? await eventsNaming(db, userId) : []
  const paid = orders.flatMap((row) => row.customer ?? [])
  return {
    known: personId !== null || orders.length + messages.length + events.length > 0,
    orders: orders.length,
    messages: messages.length,
    events: events.length,
    customers: [...new Set([...theirs.customers, ...paid])],
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
