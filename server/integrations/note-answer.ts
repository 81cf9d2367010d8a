import type { PostRoom } from '../notifications/notify.ts'
import { Later } from '../ports.ts'
import { type Answer, WEBHOOK_DAYS, webhookDelay } from '../retry-policy.ts'
import type { EndpointRow } from '../store/tables.ts'
import { changeEndpoint, findEndpoint, switchOff } from './endpoints.store.ts'
import { changePending, type Parcel } from './outbound.store.ts'
import { ringEndpoint } from './ring-endpoint.ts'
import { tellEndpointOff } from './tell-endpoint-off.ts'

/** Failing for longer than that was an outage: what waits for its next try goes out as soon as it is over. */
const OUTAGE_MS = 600_000
const DAY_MS = 86_400_000

/** What it answered, in one line. */
export function wordsOf({ status, words, code }: Answer): string {
  if (status === null) return `no answer (${words || code})`
  return `answered ${status}${words ? `: ${words}` : ''}`
}

/** Without the receiver's own words, in which may stand whom we told it of: for logs, jobs and the shop. */
function plainWordsOf({ status, code }: Answer): string {
  return status === null ? `no answer (${code})` : `answered ${status}`
}

/** It is there, and never sent again by itself. After an outage the others need not wait for their next try. */
export async function noteDelivered(
  { store, clock, meter, log }: PostRoom,
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
  gone: boolean
  retryAfter: number | null
}

/** Throws Later, or ends the job: the endpoint is off by now, or this message alone was refused for days. */
export async function noteFailure(room: PostRoom, failure: Failure): Promise<void> {
  const { endpoint, parcel, answer, gone, retryAfter } = failure
  const reason = plainWordsOf(answer)
  const { store, clock, meter, log } = room
  const now = clock.now()
  const at = now.toISOString()
  const failing = (await failingSince(room, endpoint, at)) ?? at
  const tried = parcel.first_attempt_at ?? at
  // What failed last may have been given up or withdrawn since, and nothing tried for weeks: that is no outage.
  const since = failing > tried ? failing : tried
  const isOff = gone || days(since, now) >= WEBHOOK_DAYS
  const isDead = !isOff && days(tried, now) >= WEBHOOK_DAYS
  const seconds = webhookDelay(parcel.attempts + 1, retryAfter)
  const next_attempt_at = new Date(now.getTime() + seconds * 1_000).toISOString()
  await store.transaction(async (tx) => {
    await changePending(tx, parcel.id, {
      status: answer.status,
      error: wordsOf(answer),
      busy_until: null,
      next_attempt_at: isOff || isDead ? null : next_attempt_at,
      ...(isDead ? { state: 'dead' as const } : {}),
    })
    if (isOff && (await switchOff(tx, endpoint.id, { reason, at })))
      await tellEndpointOff(room, tx, { endpoint, since, reason, at })
  })
  meter.count('noren_outbound_total', { outcome: isDead ? 'dead' : 'again' })
  const about = { webhook: parcel.id, type: parcel.type, status: answer.status }
  if (isOff) return log.error(about, 'an endpoint is switched off: it takes nothing any more')
  if (isDead) return log.error(about, 'a webhook was given up')
  log.warn(about, 'a webhook was not taken; it is tried again')
  throw new Later(seconds, reason)
}

/** As it stands in the books now: another message may have been taken, or refused, since we looked. */
async function failingSince(
  { store }: PostRoom,
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
