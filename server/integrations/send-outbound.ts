import { localized } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { Later, type Outbound } from '../ports.ts'
import { type Answer, judge, WEBHOOK_DAYS, webhookDelay } from '../retry-policy.ts'
import type { EndpointRow } from '../store/tables.ts'
import { changeEndpoint, findEndpoint, switchOff } from './endpoints.store.ts'
import {
  changePending,
  findEarlier,
  findParcel,
  type Parcel,
  takeInHand,
} from './outbound.store.ts'
import { ringEndpoint } from './ring-endpoint.ts'
import { goodSecrets } from './secrets.ts'
import { tellEndpointOff } from './tell-endpoint-off.ts'
import type { Turnstile } from './turnstile.ts'

export type OutboundDesk = { post: PostRoom; outbound: Outbound; turnstile: Turnstile }

/** Longer than the 15 s that a receiver has: after that, whoever had it in hand is dead. */
const IN_HAND_MS = 40_000
/** How soon one that has to let another go first looks again, unless it knows when that one leaves. */
const STEP_SECONDS = 1
/** Failing for longer than that was an outage: what waits for its next try goes out as soon as it is over. */
const OUTAGE_MS = 600_000
const DAY_MS = 86_400_000

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
  if (endpoint?.state !== 'on') return
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
  if (fate === 'accepted') return noteDelivered(desk, endpoint, parcel, answer)
  const error = wordsOf(answer)
  const gone = fate === 'person'
  await noteFailure(desk, { endpoint, parcel, answer, error, gone, retryAfter })
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

/** What went wrong, in one line. */
export function wordsOf({ status, words, code }: Answer): string {
  if (status === null) return `no answer (${words || code})`
  return `answered ${status}${words ? `: ${words}` : ''}`
}

async function noteDelivered(
  { post: { store, clock, meter, log } }: OutboundDesk,
  endpoint: EndpointRow,
  { id, type }: Parcel,
  { status }: Answer,
): Promise<void> {
  const now = clock.now()
  const delivered_at = now.toISOString()
  const change = {
    state: 'delivered' as const,
    delivered_at,
    status,
    error: null,
    busy_until: null,
  }
  await store.single((db) => changePending(db, id, change))
  const { failing_since } = endpoint
  if (failing_since) {
    await store.single((db) => changeEndpoint(db, endpoint.id, { failing_since: null }))
    if (now.getTime() - Date.parse(failing_since) > OUTAGE_MS)
      await ringEndpoint(store, endpoint.id)
  }
  meter.count('noren_outbound_total', { outcome: 'delivered' })
  log.info({ webhook: id, type, status }, 'webhook delivered')
}

type Failure = {
  endpoint: EndpointRow
  parcel: Parcel
  answer: Answer
  error: string
  gone: boolean
  retryAfter: number | null
}

/** Throws Later, or ends the job: the endpoint is off by now, or this message alone was refused for days. */
async function noteFailure(desk: OutboundDesk, failure: Failure): Promise<void> {
  const { post: room } = desk
  const { endpoint, parcel, answer, error, gone, retryAfter } = failure
  const { store, clock, meter, log } = room
  const now = clock.now()
  const at = now.toISOString()
  const since = (await failingSince(desk, endpoint, at)) ?? at
  const isOff = gone || days(since, now) >= WEBHOOK_DAYS
  const isDead = !isOff && days(parcel.first_attempt_at ?? at, now) >= WEBHOOK_DAYS
  const seconds = webhookDelay(parcel.attempts + 1, retryAfter)
  const next_attempt_at = new Date(now.getTime() + seconds * 1_000).toISOString()
  await store.transaction(async (tx) => {
    await changePending(tx, parcel.id, {
      status: answer.status,
      error,
      busy_until: null,
      next_attempt_at: isOff || isDead ? null : next_attempt_at,
      ...(isDead ? { state: 'dead' as const } : {}),
    })
    if (isOff && (await switchOff(tx, endpoint.id, { reason: error, at })))
      await tellEndpointOff(room, tx, { endpoint, since, reason: error, at })
  })
  meter.count('noren_outbound_total', { outcome: isDead ? 'dead' : 'again' })
  const about = { webhook: parcel.id, type: parcel.type, status: answer.status }
  if (isOff) return log.error(about, 'an endpoint is switched off: it takes nothing any more')
  if (isDead) return log.error(about, 'a webhook was given up')
  log.warn(about, 'a webhook was not taken; it is tried again')
  throw new Later(seconds, error)
}

/** As it stands in the books now: another message may have been taken, or refused, since we looked. */
async function failingSince(
  { post: { store } }: OutboundDesk,
  { id }: EndpointRow,
  at: string,
): Promise<string | null> {
  await store.single((db) =>
    db
      .updateTable('endpoints')
      .set({ failing_since: at })
      .where('id', '=', id)
      .where('failing_since', 'is', null)
      .execute(),
  )
  return (await findEndpoint(store.db, id))?.failing_since ?? null
}

function days(since: string, now: Date): number {
  return (now.getTime() - Date.parse(since)) / DAY_MS
}

function secondsUntil({ post: { clock } }: OutboundDesk, time: string | null): number {
  const wait = time ? (Date.parse(time) - clock.now().getTime()) / 1_000 : 0
  return Math.max(STEP_SECONDS, wait + STEP_SECONDS)
}
