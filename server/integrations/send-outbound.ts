import { localized } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { Later, type Outbound } from '../ports.ts'
import { type Answer, judge } from '../retry-policy.ts'
import type { EndpointRow } from '../store/tables.ts'
import { findEndpoint } from './endpoints.store.ts'
import { noteDelivered, noteFailure } from './note-answer.ts'
import {
  deleteDelivery,
  findEarlier,
  findParcel,
  type Parcel,
  takeInHand,
} from './outbound.store.ts'
import { goodSecrets } from './secrets.ts'
import type { Turnstile } from './turnstile.ts'

export type OutboundDesk = { post: PostRoom; outbound: Outbound; turnstile: Turnstile }

/** Longer than the 15 s that a receiver has: after that, whoever had it in hand is dead. */
const IN_HAND_MS = 40_000
/** How soon one that has to let another go first looks again, unless it knows when that one leaves. */
const STEP_SECONDS = 1

/**
 * Sends one message to one endpoint, or finds out why not now: the endpoint is off (switching it on rings
 * again), an earlier message about the same object has not been taken, or it was not answered 2xx. Throws
 * Later when it is to be tried again. What was answered 2xx is never sent again by itself; a process that
 * dies before it has noted the answer leaves it to the next, who sends it again under the same id.
 */
export async function sendOutbound(desk: OutboundDesk, id: string): Promise<void> {
  const { db } = desk.post.store
  const parcel = await findParcel(db, id)
  if (parcel?.state !== 'pending') return
  const endpoint = await findEndpoint(db, parcel.endpoint_id)
  // Written down while it was removed. Left there, it would stand before all that another of this name is told.
  if (!endpoint) return desk.post.store.single((tx) => deleteDelivery(tx, id))
  if (endpoint.state !== 'on') return
  const earlier = await findEarlier(db, parcel)
  if (earlier)
    throw new Later(
      secondsUntil(desk, earlier.next_attempt_at),
      'an earlier message about the same object has not been taken yet',
    )
  const leave = desk.turnstile.enter(endpoint.id)
  try {
    await sendNow(desk, endpoint, parcel)
  } finally {
    leave()
  }
}

async function sendNow(desk: OutboundDesk, endpoint: EndpointRow, parcel: Parcel): Promise<void> {
  const { store, clock } = desk.post
  const now = clock.now()
  const until = new Date(now.getTime() + IN_HAND_MS).toISOString()
  const taken = await store.single((db) =>
    takeInHand(db, parcel, { now: now.toISOString(), until }),
  )
  if (!taken) throw new Later(secondsUntil(desk, parcel.busy_until), 'it is in hand already')
  const answer = await post(desk, endpoint, parcel)
  const { fate, retryAfter } = judge('webhook', answer)
  if (fate === 'accepted') return noteDelivered(desk.post, endpoint, parcel, answer)
  await noteFailure(desk.post, { endpoint, parcel, answer, gone: fate === 'person', retryAfter })
}

/** As it leaves now: also for `outbound test`, which waits for the answer. */
export function post(
  {
    post: { shop, clock },
    outbound,
  }: Pick<OutboundDesk, 'outbound'> & {
    post: Pick<PostRoom, 'shop' | 'clock'>
  },
  endpoint: EndpointRow,
  { message_id, payload }: Pick<Parcel, 'message_id' | 'payload'>,
): Promise<Answer> {
  const language = shop.language ?? 'ja'
  return outbound.post({
    id: message_id,
    url: endpoint.url,
    format: endpoint.format,
    secrets: goodSecrets(endpoint, clock.now()),
    payload,
    language,
    shop: localized(shop.name, language),
  })
}

function secondsUntil({ post: { clock } }: OutboundDesk, time: string | null): number {
  const wait = time ? (Date.parse(time) - clock.now().getTime()) / 1_000 : 0
  return Math.max(STEP_SECONDS, wait + STEP_SECONDS)
}
