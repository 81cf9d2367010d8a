import { meetsPayers } from '../people/payers.ts'
import {
  type Db,
  type MissedEvent,
  NeedsPerson,
  Never,
  type SessionGlance,
  type Turn,
} from '../ports.ts'
import type { NewEvent } from '../store/tables.ts'
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
 * To a destination that is switched off Stripe delivers nothing, and calls nothing undelivered. So once
 * a day, and after an absence, we ask for all events: a page holds a hundred, and known ones change nothing.
 */
const ALL_EVENTS_MS = 24 * 3_600_000
const AWAY_MS = 3 * 3_600_000
/** As long as the pause between two backfills. */
const FRESH_MS = 3_600_000
/** What is about somebody's subscriptions, and not about an order's money */
const OF_A_CUSTOMER = /^(customer|invoice|entitlements|payment_method)\./
/** Of a customer whom nobody knows, only these are news: who paid first may have rung when nobody heard. */
const BEGINS = new Set(['customer.created', 'customer.subscription.created'])
/** Past this many, asking for a session twice costs less than remembering it. */
const MOST_REMEMBERED = 10_000

/** What one turn has in hand. `told`: sessions that an event of this turn is about, so they are asked for anyway. */
type Looking = Backfill & { turn: Turn; at: Bookmark; told: Set<string | null>; found: number }

/**
 * Asks Stripe for what no webhook told, and records it as events, which the queue then handles like any
 * other: with retries, at its pace, once. Three questions: events that could not be delivered, sessions
 * that say something else than we hold, and our own orders that should have heard of their money.
 *
 * The bookmark moves only after everything up to it is on disk, page by page, so that a process that
 * is killed loses nothing and the next one goes on where it was. Throws when Stripe does not answer;
 * a key that may not read events is told of at the end, and does not keep the sessions from being read.
 */
export async function backfillOrders(parts: Backfill, turn: Turn): Promise<void> {
  const { store, clock, log } = parts.desk.post
  const at = await openBookmark(store.db, turn.bookmark, clock.now())
  const looking: Looking = { ...parts, turn, at, told: new Set(), found: 0 }
  const refused = await recordMissed(looking).then(() => null, orRefused)
  const left = at.walk
  if (left) await finishWalk(looking, left)
  // Broken off a moment ago by Stripe, and not by our own absence: the next hour will do for the rest.
  const enough = left && !turn.atStart && isFresh(left.began, clock.now())
  if (!enough) await finishWalk(looking, { began: clock.now().toISOString(), after: null })
  await recordOverdue(looking)
  const { found } = looking
  if (found > 0) log.info({ found }, 'looked for what no webhook told, and found some')
  if (refused) throw refused
}

function isFresh(began: string, now: Date): boolean {
  return now.getTime() - Date.parse(began) < FRESH_MS
}

/**
 * Only what a person must mend; any other trouble ends the turn, and the next one begins here again. What
 * can be seen without it is seen by then: looking sooner than in an hour would only use up the month's reads.
 */
function orRefused(error: unknown): Error {
  if (error instanceof NeedsPerson) return new NeedsPerson(FRESH_MS / 1_000, error.message)
  if (error instanceof Never) return error
  throw error
}

async function keep({ turn, at }: Looking, now: Partial<Bookmark>): Promise<void> {
  Object.assign(at, now)
  await turn.keep(JSON.stringify(at))
}

async function record(looking: Looking, events: NewEvent[]): Promise<string[]> {
  const fresh = await recordFound(looking.desk.post, events)
  looking.found += fresh.length
  return fresh
}

async function finishWalk(looking: Looking, begun: Walk): Promise<void> {
  const { desk, turn, at, told } = looking
  // A clock that was ahead for a while must not make us look at the future only.
  const seen = Math.min(Date.parse(at.sessions), Date.parse(begun.began))
  let walk = begun
  for await (const page of desk.stripe.listSessions(new Date(seen - SESSION_LIFE_MS), walk.after)) {
    turn.stop.throwIfAborted()
    const ours = page.filter((each) => !told.has(each.id) && isOurs(desk, each, at.opened))
    const { store, clock } = desk.post
    await record(looking, await newsOnPage(store.db, ours, clock.now()))
    walk = { ...walk, after: page.at(-1)?.id ?? walk.after }
    await keep(looking, { walk })
  }
  await keep(looking, { sessions: walk.began, walk: null })
}

/** Through the same door as webhooks. What is about somebody else's session is left out at once. */
async function recordMissed(looking: Looking): Promise<void> {
  const { desk, wanted, turn, at, told } = looking
  const began = desk.post.clock.now()
  const now = began.getTime()
  const undelivered =
    now - Date.parse(at.events) <= AWAY_MS && now - Date.parse(at.allEvents) <= ALL_EVENTS_MS
  const seen = Math.min(Date.parse(undelivered ? at.events : at.allEvents), now)
  const since = new Date(Math.max(seen - EVENTS_OVERLAP_MS, now - EVENTS_KEPT_MS))
  for (const each of wanted)
    for await (const page of desk.stripe.listEvents({ ...each, since, undelivered })) {
      turn.stop.throwIfAborted()
      const known = await customersOn(desk.post.store.db, page)
      const ours = page.filter(({ type, session, doorbell: { customer } }) => {
        if (session) return isOurs(desk, session, at.opened)
        if (!customer || !OF_A_CUSTOMER.test(type) || known.has(customer)) return true
        return BEGINS.has(type) && meetsPayers(desk.post)
      })
      const rows = ours.map((event) => missedRow(event, began))
      const fresh = new Set(await record(looking, rows))
      for (const { id, doorbell } of ours)
        if (fresh.has(id) && told.size < MOST_REMEMBERED) told.add(doorbell.objectId)
      await turn.keep()
    }
  const events = began.toISOString()
  await keep(looking, undelivered ? { events } : { events, allEvents: events })
}

/** Another product's invoices are none of ours, and being linked rings by itself. */
async function customersOn(db: Db, page: readonly MissedEvent[]): Promise<Set<string>> {
  const named = page.flatMap(({ doorbell: { customer } }) => customer ?? [])
  if (named.length === 0) return new Set()
  const rows = await db.selectFrom('customers').select('id').where('id', 'in', named).execute()
  return new Set(rows.map(({ id }) => id))
}

async function recordOverdue(looking: Looking): Promise<void> {
  const { turn, desk } = looking
  const { post, stripe } = desk
  const now = post.clock.now()
  const orders = await overdueOrders(post.store.db, now)
  turn.stop.throwIfAborted()
  await record(
    looking,
    orders.map((id) => overdueRow(id, stripe.livemode, now)),
  )
}

function isOurs({ rules, stripe }: OrderDesk, session: SessionGlance, opened: string): boolean {
  return mayBeOurs(session, { rules, livemode: stripe.livemode, opened })
}
