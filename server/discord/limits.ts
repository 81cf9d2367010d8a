import { type Clock, Later } from '../ports.ts'
import {
  type Bucket,
  type BucketNews,
  closeUntil,
  giveTurn,
  hasRoom,
  learn,
  newBucket,
  takeRoom,
} from './bucket.ts'
import { neverBack } from './never-back.ts'

/** Where a call goes: what it asks for, without ids, and whose it is (a server, a chat), as Discord counts. */
export type Place = { endpoint: string; major: string; byInteraction: boolean }

/** A call on its way. */
export type Ticket = { place: Place; bucket: Bucket }

/** Discord's 429. `banned`: not the API, but what stands before it, shuts our address out. */
export type TooFast = { seconds: number; scope: 'user' | 'shared' | 'global' | 'banned' }

export type Limits = {
  /** Lets one call leave now; throws Later, with a moment of its own, while there is no room. */
  enter(place: Place): Ticket
  /** What was answered. null: no bucket stood beside it */
  heard(ticket: Ticket, status: number, named: string | null, news: BucketNews | null): void
  /** Discord answered 429. Returns the Later that says when this call may come again. */
  refused(ticket: Ticket, tooFast: TooFast): Later
  /** There was no answer. */
  lost(ticket: Ticket): void
}

/** Discord allows a bot 50 in a second; some arrive closer together than they left. */
const PER_SECOND = 45
/**
 * 10,000 answers of 401, 403 or 429 in 10 minutes shut our address out. Other processes have some as well, and
 * one that was started anew to mend it does not know of its own.
 */
const MOST_INVALID = 2_000
const INVALID_MS = 600_000
/** A chat's or a token's bucket is not asked for again for long: those that are over are let go. */
const MOST_BUCKETS = 5_000

/**
 * Discord's limits as its answers tell them, kept by this process and our clock: nobody waits here.
 * https://docs.discord.com/developers/topics/rate-limits
 */
export function createLimits(clock: Clock): Limits {
  const now = neverBack(clock)
  const buckets = new Map<string, Bucket>()
  const names = new Map<string, string>()
  const shapes = new Map<string, Pick<Bucket, 'limit' | 'windowMs'>>()
  const everything = newBucket({ limit: PER_SECOND, windowMs: 1_000 })
  const address = newBucket({ limit: PER_SECOND, windowMs: 1_000 })
  const left: number[] = []
  let invalid = { since: 0, count: 0 }

  function bucketOf({ endpoint, major }: Place): Bucket {
    const name = names.get(endpoint) ?? endpoint
    const key = `${name} ${major}`
    const known = buckets.get(key)
    if (known) return known
    if (buckets.size >= MOST_BUCKETS) letGo()
    const made = newBucket(shapes.get(name))
    buckets.set(key, made)
    return made
  }

  function letGo(): void {
    const at = now()
    for (const [key, { inFlight, resetAt }] of buckets)
      if (inFlight === 0 && resetAt <= at) buckets.delete(key)
  }

  /** In any second, wherever it begins: Discord's own begins when it likes. */
  function hasSecond(at: number): boolean {
    while ((left[0] ?? at) <= at - 1_000) left.shift()
    if (left.length < PER_SECOND) return true
    everything.resetAt = Math.max(everything.resetAt, (left[0] ?? at) + 1_000)
    return false
  }

  function sendAway(bucket: Bucket, why: string): Later {
    const at = now()
    return new Later(Math.max(0.01, (giveTurn(bucket, at) - at) / 1_000), why)
  }

  function enter(place: Place): Ticket {
    const at = now()
    if (at < address.resetAt) throw sendAway(address, 'Discord shuts us out for a while')
    const counts = !place.byInteraction
    if (counts && (at < everything.resetAt || !hasSecond(at)))
      throw sendAway(everything, 'Discord takes no more of us in this second')
    const bucket = bucketOf(place)
    if (!hasRoom(bucket, at))
      throw sendAway(bucket, `Discord takes no more of ${place.endpoint} for now`)
    takeRoom(bucket)
    if (counts) left.push(at)
    return { place, bucket }
  }

  /** Routes may share a bucket: which, its name says with the first answer. */
  function named({ place, bucket }: Ticket, name: string): Bucket {
    const { endpoint, major } = place
    if (names.get(endpoint) !== name) {
      names.set(endpoint, name)
      buckets.delete(`${endpoint} ${major}`)
    }
    const key = `${name} ${major}`
    const shared = buckets.get(key)
    if (!shared) buckets.set(key, bucket)
    return shared ?? bucket
  }

  function countInvalid(status: number): void {
    if (![401, 403, 429].includes(status)) return
    const at = now()
    if (at >= invalid.since + INVALID_MS) invalid = { since: at, count: 0 }
    invalid.count += 1
    if (invalid.count >= MOST_INVALID) closeUntil(address, invalid.since + INVALID_MS)
  }

  return {
    enter,
    heard(ticket, status, name, news) {
      ticket.bucket.inFlight -= 1
      countInvalid(status)
      if (!news) {
        // What stands before the API answers without them, too.
        if (status < 500 && status !== 401) ticket.bucket.limit ??= Number.POSITIVE_INFINITY
        return
      }
      const bucket = name ? named(ticket, name) : ticket.bucket
      learn(bucket, news, now())
      if (name) shapes.set(name, { limit: bucket.limit, windowMs: bucket.windowMs })
    },
    refused(ticket, { seconds, scope }) {
      ticket.bucket.inFlight -= 1
      // What others use up of a shared bucket is not laid to our charge.
      if (scope !== 'shared') countInvalid(429)
      const closed = { user: ticket.bucket, shared: ticket.bucket, global: everything }
      const bucket = scope === 'banned' ? address : closed[scope]
      closeUntil(bucket, now() + seconds * 1_000)
      return sendAway(bucket, `Discord answered 429: too fast (${scope})`)
    },
    lost(ticket) {
      ticket.bucket.inFlight -= 1
    },
  }
}
