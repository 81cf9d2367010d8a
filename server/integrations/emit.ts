import type { WebhookEvent } from '../../shared/webhooks.ts'
import type { Clock, Store, Tx } from '../ports.ts'
import { allEndpoints, wants } from './endpoints.store.ts'
import { deliveryId, insertDeliveries, insertMessage, newMessageId } from './outbound.store.ts'

export type Emitter = { store: Store; clock: Clock }

type TypeOf = Exclude<WebhookEvent['type'], 'noren.test'>
type DataOf<T extends TypeOf> = Extract<WebhookEvent, { type: T }>['data']

/** What there is to tell other systems. */
export type Emitted<T extends TypeOf> = {
  type: T
  /** With the type, what makes it this one thing and no other: an order, a refund, a change. Told once */
  subject: string
  /** Whatever is told about one object is told in order: `order:cs_…`, `person:…` */
  object: string
  /** Whom it names */
  personId: string | null
  /** Asked for only if somebody listens */
  data: () => Promise<DataOf<T>>
  /** When it happened, where it may have been told long ago: who listens only since then does not hear of it */
  happenedAt?: string
}

/**
 * Tells other systems, within the transaction that writes what is told: each endpoint that wants it gets a
 * row, frozen as it is now, and a job. Where nobody listens nothing is written. What was told is not
 * told again. An endpoint that is off gets its row too, and hears of it when it is on again.
 */
export async function emit<T extends TypeOf>(
  { store, clock }: Emitter,
  tx: Tx,
  { type, subject, object, personId, data, happenedAt }: Emitted<T>,
): Promise<void> {
  const listening = (await allEndpoints(tx)).filter(
    (endpoint) => wants(endpoint, type) && !(happenedAt && isOlder(happenedAt, endpoint)),
  )
  if (listening.length === 0) return
  const now = clock.now()
  const created_at = now.toISOString()
  const message = {
    id: newMessageId(now),
    type,
    object,
    person_id: personId,
    payload: JSON.stringify({ type, timestamp: created_at, data: await data() }),
    created_at,
    cause: `${type}:${subject}`,
  }
  if (!(await insertMessage(tx, message))) return
  const rows = listening.map(({ id }) => ({
    message_id: message.id,
    endpoint_id: id,
    created_at,
  }))
  await insertDeliveries(tx, rows)
  // Also for those that are off: switched on in this moment, an endpoint would never hear of it otherwise.
  const refs = rows.map(({ endpoint_id }) => deliveryId(message.id, endpoint_id))
  await store.enqueue(
    tx,
    refs.map((ref) => ({ kind: 'outbound' as const, ref })),
  )
}

/** Stripe tells seconds: what happened in the second in which the endpoint was added counts as after it. */
function isOlder(happenedAt: string, { created_at }: { created_at: string }): boolean {
  return Math.floor(Date.parse(happenedAt) / 1_000) < Math.floor(Date.parse(created_at) / 1_000)
}
