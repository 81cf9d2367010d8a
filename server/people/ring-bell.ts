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
  /** The members of the chat server behind an id: compare them with the books, a page at a time */
  members: 'noren.members_due',
  /** Somebody was forgotten who still has what we gave them; the bell says nothing of whom */
  strangers: 'noren.strangers_due',
  /** A Stripe customer that nobody knows: it may be somebody who paid first */
  payer: 'noren.payer_due',
  /** A mailbox: whoever it belongs to is invited into LINE */
  invite: 'noren.invite_due',
  /** A Stripe customer: say beside it at Stripe whose it is */
  note: 'noren.note_due',
  /** A page at Stripe, by its session: nobody is to pay it any more */
  page: 'noren.page_due',
} as const
export type OwnBell = keyof typeof OWN_BELLS

/**
 * Rings within the caller's transaction. With an `id`, once for that id: false when it has rung before.
 * `after`: not heard before so many seconds are over.
 */
export async function ringBell(
  { store, clock }: { store: Store; clock: Clock },
  tx: Tx,
  bell: { kind: OwnBell; about: string; id?: string; after?: number },
): Promise<boolean> {
  const now = clock.now()
  const runAt = bell.after ? new Date(now.getTime() + bell.after * 1_000) : undefined
  const event = {
    id: `noren_${bell.kind}_${bell.id ?? randomUUID()}`,
    source: 'noren' as const,
    type: OWN_BELLS[bell.kind],
    doorbell: doorbellAbout(bell.about),
    received_at: now.toISOString(),
    handled_at: null,
    outcome: null,
  }
  const row = await tx
    .insertInto('events')
    .values(event)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) await store.enqueue(tx, [{ kind: 'event', ref: row.id }], runAt)
  return row !== undefined
}

/** Has it been rung, and is still to be heard? */
export async function isRinging(
  tx: Tx,
  { kind, about }: { kind: OwnBell; about: string },
): Promise<boolean> {
  const open = await tx
    .selectFrom('events')
    .select('id')
    .where('handled_at', 'is', null)
    .where('type', '=', OWN_BELLS[kind])
    .where('doorbell', '=', doorbellAbout(about))
    .executeTakeFirst()
  return open !== undefined
}

function doorbellAbout(about: string): string {
  return JSON.stringify({ from: 'noren', about } satisfies Doorbell)
}
