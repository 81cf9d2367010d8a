import { randomUUID } from 'node:crypto'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Clock, Db, Store, Tables } from '../ports.ts'

/** A process that dies keeps its turn for so long; a living one renews it three times as often. */
export const HOLD_SECONDS = 20

export type Held = { by: string; bookmark: string | null }

/**
 * Takes the turn if it is due and nobody holds it; null otherwise. `startedAfter`: for a process that
 * has just started it is also due when it was not done within so many seconds.
 */
export async function takeTurn(
  store: Store,
  name: string,
  now: Date,
  startedAfter: number | null = null,
): Promise<Held | null> {
  const isDue = dueAt(name, now, startedAfter)
  const rows = store.db.selectFrom('duties').select('name')
  // Looked at first without the lock: a duty that is not due must not make webhooks wait.
  const known = await rows.where('name', '=', name).executeTakeFirst()
  if (known && !(await rows.where(isDue).executeTakeFirst())) return null
  const by = randomUUID()
  return store.transaction(async (tx) => {
    await tx
      .insertInto('duties')
      .values({ name, due_at: now.toISOString() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const taken = await tx
      .updateTable('duties')
      .set({ held_by: by, held_until: later(now, HOLD_SECONDS) })
      .where(isDue)
      .returning('bookmark')
      .executeTakeFirst()
    return taken ? { by, bookmark: taken.bookmark } : null
  })
}

/** All of it asked of the row itself: of two who come at once, the second waits and then sees the first. */
function dueAt(name: string, now: Date, startedAfter: number | null) {
  const at = now.toISOString()
  return (row: ExpressionBuilder<Tables, 'duties'>) => {
    const due = [row('due_at', '<=', at)]
    if (startedAfter !== null)
      due.push(row('done_at', 'is', null), row('done_at', '<=', later(now, -startedAfter)))
    return row.and([
      row('name', '=', name),
      row.or([row('held_until', 'is', null), row('held_until', '<=', at)]),
      row.or(due),
    ])
  }
}

type After =
  | { is: 'running'; bookmark?: string }
  | { is: 'done'; dueInSeconds: number }
  | { is: 'failed'; dueInSeconds: number; error: string }
  /** Not now, for a reason that is known */
  | { is: 'put off'; dueInSeconds: number; error: string }
  | { is: 'left' }

/** Writes what became of a turn, if it is still this one's. False: somebody else has it by now. */
export async function writeTurn(
  store: Store,
  name: string,
  by: string,
  now: Date,
  after: After,
): Promise<boolean> {
  const { numUpdatedRows } = await store.transaction((tx) =>
    tx
      .updateTable('duties')
      .set(columnsAfter(after, now))
      .where('name', '=', name)
      .where('held_by', '=', by)
      .executeTakeFirst(),
  )
  return numUpdatedRows === 1n
}

function columnsAfter(after: After, now: Date) {
  const free = { held_by: null, held_until: null }
  const at = now.toISOString()
  if (after.is === 'running')
    return {
      held_until: later(now, HOLD_SECONDS),
      ...(after.bookmark === undefined ? {} : { bookmark: after.bookmark }),
    }
  if (after.is === 'left') return { ...free, due_at: at }
  const due_at = later(now, after.dueInSeconds)
  if (after.is === 'done') return { ...free, due_at, done_at: at, failures: 0, error: null }
  const error = after.error.slice(0, 500)
  if (after.is === 'put off') return { ...free, due_at, error }
  return { ...free, due_at, error, failures: sql<number>`failures + 1` }
}

/** Its next turn is now, whenever it had its last one; one that is running goes on, and ends as it ends. */
export async function makeDue(
  { store, clock }: { store: Store; clock: Clock },
  name: string,
): Promise<void> {
  const due = { due_at: clock.now().toISOString() }
  await store.transaction((tx) =>
    tx.updateTable('duties').set(due).where('name', '=', name).execute(),
  )
}

/** It has never been there; taken up again, it is due at once. */
export async function dropDuty(store: Store, name: string): Promise<void> {
  await store.transaction((tx) => tx.deleteFrom('duties').where('name', '=', name).execute())
}

export async function isDoneSince(db: Db, name: string, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('duties')
    .select('name')
    .where('name', '=', name)
    .where('done_at', '>=', since.toISOString())
    .executeTakeFirst()
  return row !== undefined
}

/** Has it ever come so far that it wrote down how far? */
export async function hasBookmark(db: Db, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('duties')
    .select('name')
    .where('name', '=', name)
    .where('bookmark', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/** How often in a row it has failed. */
export async function failuresOf(db: Db, name: string): Promise<number> {
  const row = await db
    .selectFrom('duties')
    .select('failures')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.failures ?? 0
}

function later(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1_000).toISOString()
}
