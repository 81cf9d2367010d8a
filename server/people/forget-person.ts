import { sql } from 'kysely'
import type { Clock, Store, Tx } from '../ports.ts'
import {
  eventsNaming,
  type Forgotten,
  findTheirs,
  findTraces,
  type Theirs,
  theirOrders,
} from './find-traces.ts'
import { forgetMembership, forgetWays, haveRoles } from './forget-membership.ts'
import { forgetMerges, forgetPartings } from './forget-merges.ts'
import { forgetOutbound } from './forget-outbound.ts'
import { addressOf, holderOf } from './people.store.ts'
import { ringBell } from './ring-bell.ts'

type Books = { store: Store; clock: Clock }

/**
 * Erases what we hold of a user (U… on LINE, D… on Discord), or of who paid by a customer (cus_…) or as a guest
 * (cs_…): accounts, name, mail addresses, friendship, the way from orders and messages to them, konbini codes, UTM, what messages say. Amounts, items, dates and Stripe's ids stay:
 * the books have to. What is still to be sent is withdrawn; what is on its way to a chat in
 * this very moment may still arrive. Doing it again changes nothing, and a later order starts afresh.
 */
export async function forgetPerson(books: Books, who: string): Promise<Forgotten> {
  const { store } = books
  // Or SQLite would leave the words in the file's free pages until something else is written there.
  if (store.engine === 'sqlite') await sql`pragma secure_delete = on`.execute(store.db)
  const traces = await findTraces(store.db, who)
  for (let tries = 1; ; tries++)
    try {
      await store.transaction((tx) => erase(books, tx, who))
      break
    } catch (error) {
      // On Postgres an order of theirs may come in between: it is erased in the next round.
      if ((error as { code?: unknown }).code !== FOREIGN_KEY || tries === MOST_TRIES) throw error
    }
  // What was overwritten in the file may still stand in the log beside it, until that is folded in.
  if (store.engine === 'sqlite') await sql`pragma wal_checkpoint(truncate)`.execute(store.db)
  return traces
}

/** Postgres: somebody still points at the account. */
const FOREIGN_KEY = '23503'
const MOST_TRIES = 5

async function erase(books: Books, tx: Tx, who: string): Promise<void> {
  const { store, clock } = books
  const theirs = await findTheirs(tx, who)
  const { personId, accounts, chats } = theirs
  await holdOrders(tx, theirs)
  if (personId) await holdMember(tx, personId)
  // Whoever was taken up in them holds nothing any more, but may have been told of.
  const taken = personId ? await forgetMerges(tx, personId) : []
  await forgetPartings(tx, accounts)
  await eraseEvents(tx, await eventsNaming(tx, chats), chats, clock.now())
  await eraseMessages(tx, theirs)
  await forgetOutbound(tx, accounts, personId ? [...taken, personId] : taken)
  await eraseFromOrders(tx, theirs)
  await leaveAlone(books, tx, theirs)
  for (const id of accounts) await forgetWays(tx, id)
  // What they were given on a server is taken by the queue, and only then is it forgotten.
  if (await haveRoles(tx, accounts))
    await ringBell(books, tx, { kind: 'strangers', about: 'roles' })
  if (personId) await erasePerson(tx, personId, taken)
  if (store.engine === 'sqlite')
    for (const id of chats)
      await tx
        .updateTable('jobs')
        .set({ error: null })
        .where('error', 'like', `%${addressOf(id)}%`)
        .execute()
}

/**
 * Whoever writes an order writes its messages in the same transaction: held before these are looked
 * for, since a refund that is written in this moment would bring one more, behind our back.
 */
async function holdOrders(tx: Tx, theirs: Theirs): Promise<void> {
  await tx
    .updateTable('orders')
    .set((eb) => ({ version: eb.ref('version') }))
    .where(theirOrders(theirs))
    .execute()
}

/** What they are, and what they hear of it, is written by whoever holds these, in this order. */
async function holdMember(tx: Tx, personId: string): Promise<void> {
  await tx
    .updateTable('customers')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('person_id', '=', personId)
    .execute()
  await tx
    .updateTable('people')
    .set((eb) => ({ created_at: eb.ref('created_at') }))
    .where('id', '=', personId)
    .execute()
}

/** The bell stays, so that a repeat of it is still known; whom it was about does not. */
async function eraseEvents(
  tx: Tx,
  events: { id: string; doorbell: string; error: string | null }[],
  chats: readonly string[],
  now: Date,
): Promise<void> {
  for (const { id, doorbell, error } of events) {
    const nobody = chats.reduce(withoutNames, doorbell)
    const words = chats.reduce((said, chat) => said.replaceAll(addressOf(chat), '…'), error ?? '')
    await tx
      .updateTable('events')
      .set({ doorbell: nobody, error: words || null })
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

/** A bell of our own names the account, a chat's the user. */
function withoutNames(doorbell: string, accountId: string): string {
  return [holderOf(accountId), accountId].reduce(
    (text, name) => text.replaceAll(JSON.stringify(name), 'null'),
    doorbell,
  )
}

/** Also what was to be told to the shop about their orders: it says who bought. */
async function eraseMessages(tx: Tx, theirs: Theirs): Promise<void> {
  const orders = tx.selectFrom('orders').select('id').where(theirOrders(theirs))
  await tx
    .updateTable('deliveries')
    .set({ body: '', message: null, state: withdrawn, error: null })
    .where('order_id', 'in', orders)
    .where('state', '!=', 'accepted')
    .execute()
  await tx
    .updateTable('deliveries')
    // Each under a name of its own: (subject, kind, account) stays unique, and says nothing.
    .set({ account_id: sql<string>`'forgotten:' || id`, body: '', message: null })
    .set({ state: withdrawn, error: null })
    .where('account_id', 'in', theirs.accounts)
    .execute()
}

const withdrawn = sql<'superseded'>`case
  when state in ('pending', 'waiting') then 'superseded'
  when state = 'dead' then 'ignored'
  else state end`

/** `forgotten` keeps whoever holds the payment's id from claiming it, and reconciling from finding the buyer anew. */
async function eraseFromOrders(tx: Tx, theirs: Theirs): Promise<void> {
  await tx
    .updateTable('orders')
    .set({ account_id: null, person_id: null, ownership: 'forgotten' })
    .set({ konbini: null, payer_mail: null, utm: null })
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where(theirOrders(theirs))
    .execute()
  // What somebody else's bare id stands on is theirs to see, but not who paid it.
  if (theirs.customers.length > 0)
    await tx
      .updateTable('orders')
      .set({ payer_mail: null })
      .where('customer', 'in', theirs.customers)
      .execute()
}

/** The person with all accounts, and what they were. */
async function erasePerson(tx: Tx, personId: string, taken: readonly string[]): Promise<void> {
  await tx.deleteFrom('accounts').where('person_id', '=', personId).execute()
  for (const id of [...taken, personId]) {
    await forgetMembership(tx, id)
    await tx.deleteFrom('people').where('id', '=', id).execute()
  }
}

/** Stripe's notes about them are taken back by the queue, and no later event makes a person of their customers. */
async function leaveAlone({ store, clock }: Books, tx: Tx, theirs: Theirs): Promise<void> {
  for (const id of theirs.customers) {
    await tx
      .insertInto('left_alone')
      .values({ customer_id: id, at: clock.now().toISOString() })
      .onConflict((conflict) => conflict.column('customer_id').doNothing())
      .execute()
    await ringBell({ store, clock }, tx, { kind: 'note', about: id })
  }
}
