import { askProfile } from '../people/ask-profile.ts'
import { addressOf, findAccount, lockAccount } from '../people/people.store.ts'
import {
  type Channel,
  type Clock,
  Later,
  type Log,
  type Meter,
  Never,
  type Store,
} from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { findDelivery, hasEarlierOpen, updatePending } from './deliveries.store.ts'

/** LINE remembers a retry key for 24 h from the first attempt; after that the same key sends twice. */
const KEY_HOURS = 23
/** The month's messages are used up: ask again now and then, the quota may be raised. */
const QUOTA_PAUSE_SECONDS = 3_600

export type DeliverParts = {
  store: Store
  channel: Channel
  clock: Clock
  log: Log
  meter: Meter
}

/**
 * Sends one delivery, or finds out why not. Accepted and dead are final; a buyer who is no friend
 * waits (LINE would answer 200 and drop the message), and `follow` releases it. Throws Later or an
 * error when it is to be tried again, under the same key and with the same body; on the `lastTry` it
 * is dead instead.
 */
export async function deliver(
  parts: DeliverParts,
  id: string,
  options: { lastTry?: boolean } = {},
): Promise<void> {
  try {
    await attempt(parts, id)
  } catch (error) {
    // What nobody will send any more must not hold back later news of the same order.
    if (!options.lastTry || error instanceof Later) throw error
    await giveUp(parts, id, error)
    throw error instanceof Never ? error : new Never(String(error))
  }
}

/** Writes down why, says it and counts it, unless somebody else was quicker. */
async function giveUp(parts: DeliverParts, id: string, reason: unknown): Promise<void> {
  const { store, log, meter } = parts
  const error = reason instanceof Error ? reason.message : String(reason)
  const delivery = await findDelivery(store.db, id)
  const dead = { state: 'dead', error } as const
  if (!delivery || !(await store.transaction((tx) => updatePending(tx, id, dead)))) return
  meter.count('noren_deliveries_total', { kind: delivery.kind, outcome: 'dead' })
  log.error({ ...tags(delivery), reason: error }, 'message given up; a person must look')
}

async function attempt(parts: DeliverParts, id: string): Promise<void> {
  const delivery = await findDelivery(parts.store.db, id)
  if (delivery?.state !== 'pending') return
  if (!(await isReachable(parts, delivery))) {
    await waitForFollow(parts, delivery)
    return
  }
  if (delivery.order_id && (await hasEarlierOpen(parts.store.db, delivery)))
    throw new Later(
      patience(parts, delivery),
      'an earlier message about this order is still on its way',
    )
  await refuseOldKey(parts, delivery)
  if (await noteAttempt(parts, delivery)) await send(parts, delivery)
}

/** A second at first; up to a minute behind a message that is paused for hours. */
function patience({ clock }: DeliverParts, { created_at }: DeliveryRow): number {
  const age = (clock.now().getTime() - Date.parse(created_at)) / 1_000
  return Math.min(Math.max(1, age / 10), 60)
}

/** Groups, rooms and staff ids are not accounts of ours; what the shopkeeper wrote down is believed. */
async function isReachable(parts: DeliverParts, delivery: DeliveryRow): Promise<boolean> {
  const account = await findAccount(parts.store.db, delivery.account_id)
  if (!account || delivery.kind.startsWith('staff_')) return true
  if (account.friend !== null) return account.friend === 1
  return (await askProfile(parts, account)).friend === 1
}

async function waitForFollow({ store }: DeliverParts, delivery: DeliveryRow): Promise<void> {
  await store.transaction(async (tx) => {
    // A follow may have come in meanwhile: then it found nothing waiting, and this must go on.
    const account = await lockAccount(tx, delivery.account_id)
    if (account?.friend === 1) await store.enqueue(tx, [{ kind: 'deliver', ref: delivery.id }])
    else await updatePending(tx, delivery.id, { state: 'waiting' })
  })
}

async function refuseOldKey(parts: DeliverParts, delivery: DeliveryRow): Promise<void> {
  if (!delivery.first_attempt_at) return
  const age = parts.clock.now().getTime() - Date.parse(delivery.first_attempt_at)
  if (age < KEY_HOURS * 3_600_000) return
  const error = `LINE gave no clear answer for ${KEY_HOURS} hours; sending again now could say it twice`
  await giveUp(parts, delivery.id, error)
  throw new Never(error)
}

/**
 * Written before the request leaves: after a crash in between, the key's age must still be known.
 * False: superseded a moment ago, so that it must not leave at all.
 */
function noteAttempt({ store, clock }: DeliverParts, delivery: DeliveryRow): Promise<boolean> {
  const now = clock.now().toISOString()
  return store.transaction((tx) =>
    updatePending(tx, delivery.id, {
      attempts: delivery.attempts + 1,
      first_attempt_at: delivery.first_attempt_at ?? now,
    }),
  )
}

/** One id from the letterbox to the phone: the event that caused it. */
function tags({ id, cause, order_id, kind, attempts }: DeliveryRow) {
  return { event: cause, delivery: id, order: order_id, kind, attempt: attempts + 1 }
}

async function send(parts: DeliverParts, delivery: DeliveryRow): Promise<void> {
  const { store, channel, clock, log, meter } = parts
  const address = addressOf(delivery.account_id)
  const outcome = await channel.send(address, delivery.body, delivery.id)
  if (outcome.state === 'accepted') {
    const accepted_at = clock.now().toISOString()
    const change = {
      state: 'accepted',
      accepted_at,
      request_id: outcome.requestId,
      error: null,
      // What was said is in the chat, and can be told from the order; two thirds of the disk were this.
      body: '',
    } as const
    await store.transaction((tx) => updatePending(tx, delivery.id, change))
    meter.count('noren_deliveries_total', { kind: delivery.kind, outcome: 'accepted' })
    log.info({ ...tags(delivery), requestId: outcome.requestId }, 'message accepted')
    return
  }
  const error = outcome.reason
  if (outcome.state === 'never') {
    await giveUp(parts, delivery.id, error)
    throw new Never(error)
  }
  // A clear "not accepted" leaves the key unused, so its 23 hours have not begun.
  const unused = outcome.state === 'quota' || (outcome.state === 'again' && !outcome.maybeAccepted)
  const first = unused ? { first_attempt_at: delivery.first_attempt_at } : {}
  await store.transaction((tx) => updatePending(tx, delivery.id, { error, ...first }))
  if (outcome.state === 'quota') throw new Later(QUOTA_PAUSE_SECONDS, error)
  throw new Error(error)
}
