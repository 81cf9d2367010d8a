import type { SessionGlance, Turn } from '../ports.ts'
import { type Bookmark, openBookmark, type Walk } from './bookmark.ts'
import { missedRow, newsOnPage, overdueRow, recordFound } from './found-events.ts'
import { overdueOrders } from './overdue-orders.ts'
import type { OrderDesk } from './reconcile-order.ts'
import { mayBeOurs } from './session-glance.ts'

/** Types of events that lead to an order, or (`newestOnly`) of which one says as much as all. */
export type WantedEvents = { types: readonly string[]; newestOnly?: boolean }

export type Backfill = { desk: OrderDesk; wanted: readonly WantedEvents[] }

/** A session is open for 24 h: one that was made before we last looked may have been paid after. */
const SESSION_LIFE_MS = 25 * 3_600_000
/** Stripe's list of events may lag behind, and its clock need not be ours. */
const EVENTS_OVERLAP_MS = 2 * 3_600_000
/** Stripe keeps events for so long. */
const EVENTS_KEPT_MS = 30 * 86_400_000
/**
 * Away for longer than this, we ask for all events and not only for those that Stripe calls undelivered:
 * to a destination that was switched off it delivers nothing, and calls nothing undelivered.
 */
const AWAY_MS = 3 * 3_600_000

/** As long as the pause between two backfills. */
const FRESH_MS = 3_600_000

/**
 * Asks Stripe for what no webhook told, and records it as events, which the queue then handles like any
 * other: with retries, at its pace, once. Three questions: events that could not be delivered, sessions
 * that say something else than we hold, and our own orders that should have heard of their money.
 *
 * The bookmark moves only after everything up to it is on disk, page by page, so that a process that
 * is killed loses nothing and the next one goes on where it was. Throws when Stripe does not answer.
 * Returns how many events it recorded.
 */
export async function backfillOrders(parts: Backfill, turn: Turn): Promise<number> {
  const { store, clock } = parts.desk.post
  let at = await openBookmark(store.db, turn.bookmark, clock.now())
  let found = 0
  const left = at.walk
  if (left) {
    found += await finishWalk(parts, turn, at, left)
    at = { ...at, seen: left.began, walk: null }
    await turn.keep(JSON.stringify(at))
    // Interrupted a moment ago by Stripe, not by our own absence: the next hour will do for the rest.
    if (!turn.atStart && clock.now().getTime() - Date.parse(at.seen) < FRESH_MS) return found
  }
  const walk: Walk = { began: clock.now().toISOString(), eventsDone: false, after: null }
  found += await finishWalk(parts, turn, at, walk)
  await turn.keep(JSON.stringify({ ...at, seen: walk.began, walk: null } satisfies Bookmark))
  return found + (await recordOverdue(parts.desk, turn))
}

async function finishWalk(parts: Backfill, turn: Turn, at: Bookmark, begun: Walk): Promise<number> {
  const { desk } = parts
  let walk = begun
  const keep = () => turn.keep(JSON.stringify({ ...at, walk } satisfies Bookmark))
  // A clock that was ahead for a while must not make us look at the future only.
  const seen = new Date(Math.min(Date.parse(at.seen), Date.parse(walk.began)))
  const told = new Set<string | null>()
  let found = 0
  if (!walk.eventsDone) {
    found += await recordMissed(parts, turn, { seen, opened: at.opened, told })
    walk = { ...walk, eventsDone: true }
    await keep()
  }
  const since = new Date(seen.getTime() - SESSION_LIFE_MS)
  for await (const page of desk.stripe.listSessions(since, walk.after)) {
    turn.stop.throwIfAborted()
    // What an event of this walk is about will be asked for anyway.
    const ours = page.filter((each) => !told.has(each.id) && isOurs(desk, each, at.opened))
    const { store, clock } = desk.post
    found += (await recordFound(store, await newsOnPage(store, ours, clock.now()))).length
    walk = { ...walk, after: page.at(-1)?.id ?? walk.after }
    await keep()
  }
  return found
}

/** Past this many, asking for a session twice costs less than remembering it. */
const MOST_REMEMBERED = 10_000

/** Through the same door as webhooks. What is about somebody else's session is left out at once. */
async function recordMissed(
  { desk, wanted }: Backfill,
  turn: Turn,
  { seen, opened, told }: { seen: Date; opened: string; told: Set<string | null> },
): Promise<number> {
  const now = desk.post.clock.now()
  const oldest = now.getTime() - EVENTS_KEPT_MS
  const since = new Date(Math.max(seen.getTime() - EVENTS_OVERLAP_MS, oldest))
  const undelivered = now.getTime() - seen.getTime() <= AWAY_MS
  let found = 0
  for (const each of wanted)
    for await (const page of desk.stripe.listEvents({ ...each, since, undelivered })) {
      turn.stop.throwIfAborted()
      const ours = page.filter(({ session }) => !session || isOurs(desk, session, opened))
      const rows = ours.map((event) => missedRow(event, now))
      const fresh = new Set(await recordFound(desk.post.store, rows))
      for (const { id, doorbell } of ours)
        if (fresh.has(id) && told.size < MOST_REMEMBERED) told.add(doorbell.objectId)
      found += fresh.size
      await turn.keep()
    }
  return found
}

async function recordOverdue({ post, stripe }: OrderDesk, turn: Turn): Promise<number> {
  const now = post.clock.now()
  const orders = await overdueOrders(post.store.db, now)
  turn.stop.throwIfAborted()
  const rows = orders.map((id) => overdueRow(id, stripe.livemode, now))
  return (await recordFound(post.store, rows)).length
}

function isOurs({ rules, stripe }: OrderDesk, session: SessionGlance, opened: string): boolean {
  return mayBeOurs(session, { rules, livemode: stripe.livemode, opened })
}
