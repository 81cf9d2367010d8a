import { channelOf } from '../people/people.store.ts'
import { Never } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { updatePending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { freeProbe } from './pauses.store.ts'
import { tellOfDead } from './tell-daily.ts'

/** One id from the letterbox to the phone: the event that caused it. */
export function tags({ id, cause, order_id, kind, attempts, account_id }: DeliveryRow) {
  const channel = channelOf(account_id)
  return { event: cause, delivery: id, order: order_id, kind, channel, attempt: attempts + 1 }
}

export function countOutcome(
  { meter }: PostRoom,
  { kind, account_id }: DeliveryRow,
  outcome: 'accepted' | 'dead',
): void {
  meter.count('noren_deliveries_total', { kind, outcome, channel: channelOf(account_id) })
}

/**
 * Writes down why, says it, counts it and lets the staff know, unless somebody else was quicker. What
 * the staff themselves were to hear only stands on the list: telling them of it would fail as well.
 */
export async function giveUp(post: PostRoom, delivery: DeliveryRow, error: string): Promise<void> {
  const { store, log, clock } = post
  const died_at = clock.now().toISOString()
  const died = await store.transaction(async (tx) => {
    const dead = { state: 'dead' as const, error, died_at }
    if (!(await updatePending(tx, delivery.id, dead))) return false
    await freeProbe(tx, delivery.id)
    if (!delivery.kind.startsWith('staff_')) await tellOfDead(post, tx)
    return true
  })
  if (!died) return
  countOutcome(post, delivery, 'dead')
  log.error({ ...tags(delivery), reason: error }, 'message given up; a person must look')
}

/** Gives it up, and says so to the queue. */
export async function bury(post: PostRoom, delivery: DeliveryRow, error: string): Promise<never> {
  await giveUp(post, delivery, error)
  throw new Never(error)
}
