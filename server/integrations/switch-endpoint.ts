import type { Clock, Store } from '../ports.ts'
import type { EndpointRow } from '../store/tables.ts'
import { changeEndpoint, IS_PENDING, switchOff } from './endpoints.store.ts'
import { ringEndpoint } from './ring-endpoint.ts'
import { newSecret, ROTATE_HOURS } from './secrets.ts'

/** Nobody has to look at what somebody meant. */
export const BY_HAND = 'switched off by hand'

type Books = { store: Store; clock: Clock }

/** It takes again, and all that has waited for it leaves now, with three days of its own. Returns how much that is. */
export async function enableEndpoint({ store }: Books, id: string): Promise<number> {
  const on = { state: 'on', failing_since: null, off_reason: null, off_at: null } as const
  await store.transaction(async (tx) => {
    await changeEndpoint(tx, id, on)
    await tx
      .updateTable('outbound_deliveries')
      .set({ attempts: 0, first_attempt_at: null })
      .where('endpoint_id', '=', id)
      .where(IS_PENDING)
      .execute()
  })
  // Only once that is on disk: what is told in this very moment sees either an endpoint that is on, or these bells.
  return ringEndpoint(store, id)
}

/** Nothing leaves for it any more; what comes waits, for 30 days. */
export async function disableEndpoint({ store, clock }: Books, id: string): Promise<void> {
  const why = { reason: BY_HAND, at: clock.now().toISOString() }
  await store.transaction((tx) => switchOff(tx, id, why))
}

/** A new secret, beside which the old one signs for a day. Returns it; it is shown this once. Throws a sentence. */
export async function rotateSecret(
  { store, clock }: Books,
  { id, secret, format }: EndpointRow,
): Promise<string> {
  if (!secret)
    throw new Error(
      `What goes to ${format} is not signed. Make a new address there, add it, and remove "${id}".`,
    )
  const made = newSecret()
  const until = new Date(clock.now().getTime() + ROTATE_HOURS * 3_600_000).toISOString()
  await changeEndpoint(store.db, id, {
    secret: made,
    old_secret: secret,
    old_secret_until: until,
  })
  return made
}
