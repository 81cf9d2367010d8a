import { randomUUID } from 'node:crypto'
import type { Clock, Doorbell, Store, Tx } from '../ports.ts'

/**
 * Bells that we ring ourselves, about something of our own; the reactions know them by these names.
 * They go through the same book and queue as a vendor's: with retries, a reason when they fail, once.
 */
export const OWN_BELLS = {
  /** A Stripe customer: ask Stripe what they subscribe to */
  customer: 'noren.customer_due',
  /** A person: look at what they hold, and what time made of it */
  person: 'noren.person_due',
  /** An account: show it its role */
  sign: 'noren.sign_due',
  /** The same, after a look at what the vendor really shows */
  look: 'noren.sign_look',
} as const
export type OwnBell = keyof typeof OWN_BELLS

/** Rings within the caller's transaction. With an `id`, once for that id: false when it has rung before. */
export async function ringBell(
  { store, clock }: { store: Store; clock: Clock },
  tx: Tx,
  bell: { kind: OwnBell; about: string; id?: string },
): Promise<boolean> {
  const doorbell: Doorbell = { from: 'noren', about: bell.about }
  const event = {
    id: `noren_${bell.kind}_${bell.id ?? randomUUID()}`,
    source: 'noren' as const,
    type: OWN_BELLS[bell.kind],
    doorbell: JSON.stringify(doorbell),
    received_at: clock.now().toISOString(),
    handled_at: null,
    outcome: null,
  }
  const row = await tx
    .insertInto('events')
    .values(event)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) await store.enqueue(tx, [{ kind: 'event', ref: row.id }])
  return row !== undefined
}
