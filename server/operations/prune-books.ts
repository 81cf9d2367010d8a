import { setImmediate as breathe } from 'node:timers/promises'
import type { DeleteQueryBuilder, DeleteResult } from 'kysely'
import type { Clock, Db, Store, Tables } from '../ports.ts'

/**
 * So long events are kept that are done with. Stripe sends one again for 3 days, lets a person resend it and
 * lists it for 30; bells of our own are told apart by moments that lie behind us by then. What was said stays
 * said: that hangs on the deliveries, which stay.
 */
export const EVENT_DAYS = 90
/** A one-time link can still say for a week what became of it; then nobody asks. */
const LINK_DAYS = 30
/** The budget looks back 30 days. */
const READ_DAYS = 60
const DAY_MS = 86_400_000
/** Rows a transaction: some milliseconds of SQLite's one lock, between which a webhook gets in. */
const MOST_AT_ONCE = 500

/**
 * Deletes what nobody needs any more: events that were handled or ignored, one-time links and open answers that have run out,
 * what was read at Stripe long ago. What died stays until a person has looked. `between`: after each batch;
 * throwing there ends it, and the next turn goes on. Returns how many events went.
 */
export async function pruneBooks(
  { store, clock }: { store: Store; clock: Clock },
  between: () => void = () => {},
): Promise<number> {
  const before = (days: number) => new Date(clock.now().getTime() - days * DAY_MS).toISOString()
  let gone = 0
  for (const outcome of ['handled', 'ignored'] as const)
    gone += await inBatches(store, between, (db) => dropEvents(db, outcome, before(EVENT_DAYS)))
  await inBatches(store, between, (db) => dropLinks(db, before(LINK_DAYS)))
  await inBatches(store, between, (db) => dropAnswers(db, clock.now().toISOString()))
  const day = before(READ_DAYS).slice(0, 10)
  await store.single((db) => db.deleteFrom('stripe_reads').where('day', '<', day).execute())
  return gone
}

async function inBatches(
  store: Store,
  between: () => void,
  drop: (db: Db) => DeleteQueryBuilder<Tables, 'events' | 'links' | 'open_answers', DeleteResult>,
): Promise<number> {
  for (let all = 0; ; ) {
    const { numDeletedRows } = await store.single((db) => drop(db).executeTakeFirstOrThrow())
    all += Number(numDeletedRows)
    if (numDeletedRows < MOST_AT_ONCE) return all
    between()
    // SQLite answers without waiting: whoever else works on this thread would not have a turn.
    await breathe()
  }
}

/** By the index of outcomes and arrivals. Handled late (retried by a person): counted from then. */
function dropEvents(db: Db, outcome: 'handled' | 'ignored', before: string) {
  const old = db
    .selectFrom('events')
    .select('id')
    .where('outcome', '=', outcome)
    .where('received_at', '<', before)
    .where('handled_at', '<', before)
    .orderBy('received_at')
    .limit(MOST_AT_ONCE)
  return db.deleteFrom('events').where('id', 'in', old)
}

function dropLinks(db: Db, before: string) {
  const old = db.selectFrom('links').select('hash').where('expires_at', '<', before)
  return db.deleteFrom('links').where('hash', 'in', old.limit(MOST_AT_ONCE))
}

/** Nothing can be said there any more. */
function dropAnswers(db: Db, now: string) {
  const over = db.selectFrom('open_answers').select('account_id').where('until', '<', now)
  const some = db.deleteFrom('open_answers').where('account_id', 'in', over.limit(MOST_AT_ONCE))
  // Said again of each row: they may have asked anew since it was found.
  return some.where('until', '<', now)
}
