import type { Clock, Store, Tx } from '../ports.ts'
import { ringBell } from './ring-bell.ts'

/**
 * Nobody is led again to a page at Stripe that is still open, and it is shut there: it names the account for which
 * it was opened, and may be that of a customer, and these are not one person's any more.
 */
export async function closePages(
  books: { store: Store; clock: Clock },
  tx: Tx,
  whose: 'person_id' | 'account_id',
  id: string,
): Promise<void> {
  const closed = await tx
    .updateTable('procedures')
    .set({ state: 'closed', closed_at: books.clock.now().toISOString() })
    .where(whose, '=', id)
    .where('state', '=', 'open')
    .returning('session_id')
    .execute()
  for (const { session_id: about } of closed)
    if (about) await ringBell(books, tx, { kind: 'page', about, id: about })
}

/** Two who have each a page open are about to be one, who is to pay once: `from`'s is shut. */
export async function closeSecondPage(
  books: { store: Store; clock: Clock },
  tx: Tx,
  { from, into }: { from: string; into: string },
): Promise<void> {
  if (await hasOpenPage(tx, into)) await closePages(books, tx, 'person_id', from)
}

export async function hasOpenPage(tx: Tx, personId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('procedures')
    .select('id')
    .where('person_id', '=', personId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return row !== undefined
}
