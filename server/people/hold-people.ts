import type { Store, Tx } from '../ports.ts'
import { lockAccount } from './people.store.ts'

/**
 * These persons and all that is theirs, held against every other writer until the transaction ends: first
 * the orders, then the customers, then the persons, each in the order of their ids. Everybody who needs
 * more than one of these takes them in this order, so that two never wait for each other.
 */
export async function holdPeople(tx: Tx, ids: readonly string[]): Promise<void> {
  const each = [...new Set(ids)].toSorted()
  for (const table of ['orders', 'customers'] as const) {
    const rows = await tx
      .selectFrom(table)
      .select('id')
      .where('person_id', 'in', each)
      .orderBy('id')
      .execute()
    for (const { id } of rows)
      await tx
        .updateTable(table)
        .set((row) => ({ version: row.ref('version') }))
        .where('id', '=', id)
        .execute()
  }
  for (const id of each)
    await tx
      .updateTable('people')
      .set((row) => ({ created_at: row.ref('created_at') }))
      .where('id', '=', id)
      .execute()
}

/** Two that press at once make each other look again, but not for ever. */
const TRIES = 5

/** Repeats a transaction whose accounts came to somebody else, or left, while it waited to hold them. */
export async function untilStill<T>(
  { store }: { store: Store },
  work: (tx: Tx) => Promise<T | 'again'>,
): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const done = await store.transaction(work)
    if (done !== 'again') return done
  }
  throw new Error(`these accounts changed hands ${TRIES} times in a row`)
}

/**
 * Their accounts, held before all else that is theirs: whoever writes an order for one has it in hand, so that
 * none comes in behind the back of who moves accounts about.
 */
export async function holdAccounts(tx: Tx, ids: readonly string[]): Promise<void> {
  const rows = await tx
    .selectFrom('accounts')
    .select('id')
    .where('person_id', 'in', ids)
    .orderBy('id')
    .execute()
  for (const { id } of rows) await lockAccount(tx, id)
}
