import { sql } from 'kysely'
import type { Clock, Store, Tx } from '../ports.ts'
import { accountsOf } from './people.store.ts'

/** To the letter what the partial index says: with bound values SQLite would scan every delivery ever made. */
export const IS_STILL_OPEN = sql<boolean>`state in ('pending', 'waiting')`

/**
 * Two chats are one person's from now on: what waits in either is tried again, and goes to where they can be
 * reached. Call with the person held.
 */
export async function tryWaitingAgain(
  { store, clock }: { store: Store; clock: Clock },
  tx: Tx,
  personId: string,
): Promise<void> {
  const accounts = (await accountsOf(tx, personId)).map(({ id }) => id)
  const released = await tx
    .updateTable('deliveries')
    .set({ state: 'pending', pending_since: clock.now().toISOString() })
    .where('account_id', 'in', accounts)
    .where(IS_STILL_OPEN)
    .where('state', '=', 'waiting')
    .returning('id')
    .execute()
  const jobs = released.map(({ id }) => ({ kind: 'deliver' as const, ref: id }))
  await store.enqueue(tx, jobs)
}
