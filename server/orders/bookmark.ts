import type { Db } from '../ports.ts'

/** How far the backfill came. All times ISO UTC. */
export type Bookmark = {
  /** Since when this house has heard of Stripe */
  opened: string
  /** What happened until then is recorded, as far as Stripe's events tell */
  events: string
  /** The same, when all events were asked for and not only those that Stripe calls undelivered */
  allEvents: string
  /** And as far as its sessions do. Two, since a key may be allowed to read the one and not the other */
  sessions: string
  /** A walk through all sessions that is under way, or was when its process died */
  walk: Walk | null
}

export type Walk = {
  /** What is newer belongs to the next walk */
  began: string
  /** The last session that was looked at, newest first; null: none yet */
  after: string | null
}

/** The duty that keeps it */
export const BACKFILL = 'backfill'

/** Since when this house has heard of Stripe: what was sold before is no news to it. ISO UTC. */
export async function openedAt(db: Db, now: Date): Promise<string> {
  const held = await db
    .selectFrom('duties')
    .select('bookmark')
    .where('name', '=', BACKFILL)
    .executeTakeFirst()
  return (await openBookmark(db, held?.bookmark ?? null, now)).opened
}

/** Where the last one left it. Without any, the events that we hold say since when we listen, and until when. */
export async function openBookmark(db: Db, kept: string | null, now: Date): Promise<Bookmark> {
  if (kept) return JSON.parse(kept) as Bookmark
  const { first, last } = await db
    .selectFrom('events')
    .select((eb) => [eb.fn.min('received_at').as('first'), eb.fn.max('received_at').as('last')])
    .where('source', '=', 'stripe')
    .executeTakeFirstOrThrow()
  const today = now.toISOString()
  const heard = last ?? today
  const opened = wholeSecond(first ?? today)
  return { opened, events: heard, allEvents: heard, sessions: heard, walk: null }
}

/** Stripe counts seconds: what was made in this one must not look older than it. */
function wholeSecond(time: string): string {
  return `${time.slice(0, 19)}.000Z`
}
