import { randomUUID } from 'node:crypto'
import type { Clock, Store, Tx } from '../ports.ts'
import type { MergeRow, OrderRow } from '../store/tables.ts'
import { holdPeople } from './hold-people.ts'
import { mergeOptOuts } from './opt-outs.store.ts'
import { chatAccountOf } from './payers.ts'
import { ringBell } from './ring-bell.ts'
import { takenUpIn } from './taken-up.ts'

export type Merge = { from: string; into: string; how: MergeRow['how'] }
/** `whenMerged`: what follows from it elsewhere, within the same transaction. */
export type Merges = {
  store: Store
  clock: Clock
  whenMerged?: (tx: Tx, merged: Merge & { id: string }) => Promise<void>
}

/** What a merge has moved, by id, as it was before. */
export type Moved = {
  accounts: { id: string; verified_at: string | null }[]
  customers: string[]
  orders: Pick<OrderRow, 'id' | 'account_id' | 'ownership'>[]
  grants: string[]
  procedures: string[]
}

/**
 * `same`: they are one already. `other`: who paid has an account in a chat, and is not to be had by a claim. `undone`: a person has
 * taken these two apart, and only a person or the mailbox itself puts them together again.
 */
export type Taken = { state: 'merged'; merge: string } | { state: 'same' | 'other' | 'undone' }

/**
 * Makes somebody who paid one with somebody whom a chat knows, unless that would take them from another.
 * Both are held against every other writer, so that of two who try at once the second sees the first.
 */
export async function takePayer(parts: Merges, tx: Tx, merge: Merge): Promise<Taken> {
  const { from, into, how } = merge
  if (from === into) return { state: 'same' }
  await holdPeople(tx, [from, into])
  if (await chatAccountOf(tx, from)) return { state: 'other' }
  if ((how === 'claim' || how === 'reference') && (await wasUndone(tx, merge)))
    return { state: 'undone' }
  return { state: 'merged', merge: await mergePeople(parts, tx, merge) }
}

/** Also from who has come to them since with an account of theirs. */
async function wasUndone(tx: Tx, { from, into }: Merge): Promise<boolean> {
  const row = await tx
    .selectFrom('merges')
    .select('id')
    .where('from_person', '=', from)
    .where('into_person', 'in', [into, ...(await takenUpIn(tx, into))])
    .where('undone_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Everything of `from` is `into`'s from now on: accounts, customers, orders, gifts, ways to subscribe.
 * `from` stays, with nothing, for the day on which it is undone. What both are is looked at anew, and
 * Stripe is told. Call with both held (holdPeople). Returns the merge's id.
 */
export async function mergePeople(parts: Merges, tx: Tx, merge: Merge): Promise<string> {
  const { from, into, how } = merge
  const id = `merge_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const moved: Moved = {
    accounts: await tx
      .selectFrom('accounts')
      .select(['id', 'verified_at'])
      .where('person_id', '=', from)
      .orderBy('id')
      .execute(),
    customers: await idsOf(tx, 'customers', from),
    orders: await tx
      .selectFrom('orders')
      .select(['id', 'account_id', 'ownership'])
      .where('person_id', '=', from)
      .orderBy('id')
      .execute(),
    grants: await idsOf(tx, 'staff_grants', from),
    procedures: await movableProcedures(tx, from, into),
  }
  await move(tx, moved, from, into)
  await hearInChat(tx, moved, into)
  await mergeOptOuts(tx, from, into)
  const row = { id, from_person: from, into_person: into, how, at: parts.clock.now().toISOString() }
  await tx
    .insertInto('merges')
    .values({ ...row, moved: JSON.stringify(moved), undone_at: null })
    .execute()
  await tellOfMove(parts, tx, { people: [from, into], customers: moved.customers })
  await parts.whenMerged?.(tx, { ...merge, id })
  return id
}

/** News of what they bought comes to where they are now. */
async function hearInChat(tx: Tx, moved: Moved, into: string): Promise<void> {
  const account = await chatAccountOf(tx, into)
  if (!account) return
  for (const { id } of moved.orders.filter(({ ownership }) => ownership === 'payer'))
    await tx.updateTable('orders').set({ account_id: account.id }).where('id', '=', id).execute()
}

/** Whoever wrote down a version before must look again. */
export async function move(tx: Tx, moved: Moved, from: string, to: string): Promise<void> {
  const change = { person_id: to }
  const ids = {
    accounts: moved.accounts.map(({ id }) => id),
    staff_grants: moved.grants,
    procedures: moved.procedures,
  }
  for (const table of ['accounts', 'staff_grants', 'procedures'] as const)
    for (const some of inPages(ids[table]))
      await tx
        .updateTable(table)
        .set(change)
        .where('id', 'in', some)
        .where('person_id', '=', from)
        .execute()
  for (const some of inPages(moved.customers))
    await tx
      .updateTable('customers')
      .set({ ...change, noted_at: null, note_refused_at: null })
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', 'in', some)
      .where('person_id', '=', from)
      .execute()
  for (const some of inPages(moved.orders.map(({ id }) => id)))
    await tx
      .updateTable('orders')
      .set(change)
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', 'in', some)
      .where('person_id', '=', from)
      .execute()
}

/** What both are, and what stands about it at Stripe, is looked at by the queue. */
export async function tellOfMove(
  parts: Merges,
  tx: Tx,
  { people, customers }: { people: string[]; customers: string[] },
): Promise<void> {
  for (const person of people) await ringBell(parts, tx, { kind: 'person', about: person })
  for (const customer of customers) await ringBell(parts, tx, { kind: 'note', about: customer })
}

/** A person has at most one open: where both have, each keeps theirs until Stripe's page is over. */
async function movableProcedures(tx: Tx, from: string, into: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('procedures')
    .select(['id', 'person_id', 'state'])
    .where('person_id', 'in', [from, into])
    .orderBy('id')
    .execute()
  const taken = rows.some(({ person_id, state }) => person_id === into && state === 'open')
  return rows
    .filter(({ person_id, state }) => person_id === from && !(taken && state === 'open'))
    .map(({ id }) => id)
}

async function idsOf(
  tx: Tx,
  table: 'customers' | 'staff_grants',
  personId: string,
): Promise<string[]> {
  const rows = await tx
    .selectFrom(table)
    .select('id')
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** SQLite takes 32,766 values in a statement. */
function inPages<T>(all: readonly T[]): T[][] {
  const pages: T[][] = []
  for (let at = 0; at < all.length; at += 5_000) pages.push(all.slice(at, at + 5_000))
  return pages
}
