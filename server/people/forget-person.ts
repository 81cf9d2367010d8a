import { sql } from 'kysely'
import type { Clock, Store, Tx } from '../ports.ts'
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

type Books = { store: Store; clock: Clock }

/** What `forget` would touch; changes nothing. */
export async function findTraces(
  { store }: Pick<Books, 'store'>,
  userId: string,
): Promise<Forgotten> {
  const { db } = store
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
  const events = await eventsNaming(store, userId)
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

/**
 * Erases what we hold of a LINE user: account, name, mail, friendship, the way from orders and
 * messages to them, konbini codes, what messages say. Amounts, items, dates and Stripe's ids stay:
 * the books have to. What is still to be sent is withdrawn; what is on its way to LINE in this
 * very moment may still arrive. Doing it again changes nothing, and a later order starts afresh.
 */
export async function forgetPerson(books: Books, userId: string): Promise<Forgotten> {
  const { store } = books
  // Or SQLite would leave the words in the file's free pages until something else is written there.
  if (store.engine === 'sqlite') await sql`pragma secure_delete = on`.execute(store.db)
  const traces = await findTraces(books, userId)
  const id = lineAccountId(userId)
  await store.transaction(async (tx) => {
    const events = await eventsNaming(store, userId, tx)
    await eraseEvents(tx, events, userId, books.clock.now())
    await eraseMessages(tx, id)
    await eraseFromOrders(tx, id)
    await eraseAccount(tx, id)
    if (store.engine === 'sqlite')
      await tx
        .updateTable('jobs')
        .set({ error: null })
        .where('error', 'like', `%${userId}%`)
        .execute()
  })
  // What was overwritten in the file may still stand in the log beside it, until that is folded in.
  if (store.engine === 'sqlite') await sql`pragma wal_checkpoint(truncate)`.execute(store.db)
  return traces
}

async function eventsNaming(store: Store, userId: string, db: Tx | Store['db'] = store.db) {
  const rows = await db
    .selectFrom('events')
    .select(['id', 'doorbell', 'error'])
    .where((eb) =>
      eb.or([eb('doorbell', 'like', `%${userId}%`), eb('error', 'like', `%${userId}%`)]),
    )
    .execute()
  return rows
}

/** The bell stays, so that a repeat of it is still known; whom it was about does not. */
async function eraseEvents(
  tx: Tx,
  events: { id: string; doorbell: string; error: string | null }[],
  userId: string,
  now: Date,
): Promise<void> {
  for (const { id, doorbell, error } of events) {
    const nobody = doorbell.replaceAll(JSON.stringify(userId), 'null')
    await tx
      .updateTable('events')
      .set({ doorbell: nobody, error: error?.replaceAll(userId, 'U…') ?? null })
      .where('id', '=', id)
      .execute()
    if (nobody !== doorbell)
      await tx
        .updateTable('events')
        .set({ handled_at: now.toISOString(), outcome: 'ignored' })
        .where('id', '=', id)
        .where('handled_at', 'is', null)
        .execute()
  }
}

/** Also what was to be told to the shop about their orders: it says who bought. */
async function eraseMessages(tx: Tx, accountId: string): Promise<void> {
  const theirs = tx.selectFrom('orders').select('id').where('account_id', '=', accountId)
  await tx
    .updateTable('deliveries')
    .set({ body: '', state: withdrawn, error: null })
    .where('order_id', 'in', theirs)
    .where('state', '!=', 'accepted')
    .execute()
  await tx
    .updateTable('deliveries')
    // Each under a name of its own: (subject, kind, account) stays unique, and says nothing.
    .set({ account_id: sql<string>`'forgotten:' || id`, body: '', state: withdrawn, error: null })
    .where('account_id', '=', accountId)
    .execute()
}

const withdrawn = sql<'superseded'>`case
  when state in ('pending', 'waiting') then 'superseded'
  when state = 'dead' then 'ignored'
  else state end`

/** `forgotten` keeps whoever holds the payment's id from claiming it, and reconciling from finding the buyer anew. */
async function eraseFromOrders(tx: Tx, accountId: string): Promise<void> {
  await tx
    .updateTable('orders')
    .set({ account_id: null, person_id: null, ownership: 'forgotten', konbini: null })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('account_id', '=', accountId)
    .execute()
}

async function eraseAccount(tx: Tx, accountId: string): Promise<void> {
  const account = await tx
    .deleteFrom('accounts')
    .where('id', '=', accountId)
    .returning('person_id')
    .executeTakeFirst()
  if (!account) return
  const { person_id } = account
  const others = await tx
    .selectFrom('accounts')
    .select('id')
    .where('person_id', '=', person_id)
    .executeTakeFirst()
  // A person who is known on another channel too stays one, with their customers.
  if (others) return
  await tx.deleteFrom('customers').where('person_id', '=', person_id).execute()
  await tx.deleteFrom('people').where('id', '=', person_id).execute()
}
