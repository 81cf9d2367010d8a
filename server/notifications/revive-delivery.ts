import { randomUUID } from 'node:crypto'
import { channelOf } from '../people/people.store.ts'
import type { Store, Tx } from '../ports.ts'
import { KEY_HOURS } from '../retry-policy.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { findDelivery } from './deliveries.store.ts'
import { NOTICES } from './tell-staff.ts'

export type Revival =
  /** On its way again. `maybeTwice`: LINE may have taken it before, and no longer knows the key */
  | { state: 'revived'; maybeTwice: boolean }
  /** Nothing was changed: it may reach the buyer a second time, and that was not asked for */
  | { state: 'asks' }
  /** `accepted` and `erased` have no body any more; `open` is on its way or waits; `ignored` and so on */
  | { state: 'refused'; because: 'unknown' | 'accepted' | 'erased' | 'open' | 'withdrawn' }

/**
 * Sends a dead (or ignored) delivery again because a person wants it. Within the life of its retry key
 * LINE itself keeps it from arriving twice; after that it gets a new key, and may arrive twice if the
 * first attempts did: only with `again`. Waiting for LINE starts anew, so it is not late at once.
 */
export async function reviveDelivery(
  store: Pick<Store, 'enqueue'>,
  tx: Tx,
  id: string,
  now: Date,
  { again = false } = {},
): Promise<Revival> {
  const delivery = await findDelivery(tx, id)
  if (!delivery) return { state: 'refused', because: 'unknown' }
  const because = refusalOf(delivery)
  if (because) return { state: 'refused', because }
  const maybeTwice = mayComeTwice(delivery, now)
  if (maybeTwice && !again) return { state: 'asks' }
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set({
      state: 'pending',
      error: null,
      died_at: null,
      pending_since: now.toISOString(),
      unclear: 0,
      ...(isKeyTooOld(delivery, now) ? newKey() : {}),
    })
    .where('id', '=', id)
    .where('state', '=', delivery.state)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return { state: 'refused', because: 'open' }
  await store.enqueue(tx, [{ kind: 'deliver', ref: id }])
  return { state: 'revived', maybeTwice }
}

/** Nothing is left to do about it: off the list. False: it is not dead, or there is none. */
export async function ignoreDelivery(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set({ state: 'ignored' })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * A mail that was begun may have arrived; its Message-ID stays, by which many mailboxes show it once. What may
 * have been said in an open answer of a chat has no key at all.
 */
function mayComeTwice(delivery: DeliveryRow, now: Date): boolean {
  const { account_id, first_attempt_at, unclear } = delivery
  if (channelOf(account_id) === 'mail') return first_attempt_at !== null
  return unclear > 0 || isKeyTooOld(delivery, now)
}

/** LINE forgets a key 24 h after its first use: the same one would then send a second message. */
export function isKeyTooOld({ account_id, first_attempt_at }: DeliveryRow, now: Date): boolean {
  if (!first_attempt_at || channelOf(account_id) === 'mail') return false
  return now.getTime() - Date.parse(first_attempt_at) >= KEY_HOURS * 3_600_000
}

/** The first key's hours are over; this one's have not begun. */
export function newKey(): Pick<DeliveryRow, 'retry_key' | 'first_attempt_at'> {
  return { retry_key: randomUUID(), first_attempt_at: null }
}

function refusalOf({ state, body, kind }: DeliveryRow) {
  if (state === 'accepted') return 'accepted'
  if (state === 'pending' || state === 'waiting') return 'open'
  if (state === 'superseded') return 'withdrawn'
  return body === '' && !NOTICES.includes(kind) ? 'erased' : null
}
