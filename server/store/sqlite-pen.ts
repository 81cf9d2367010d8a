import type { Database } from 'better-sqlite3'
import { openSqliteFile } from './sqlite.ts'
import type { NewEvent } from './tables.ts'

export interface Pen {
  /** Writes events and their jobs, all or none, and returns when they are on disk. True: a new job. */
  write(events: readonly NewEvent[]): boolean
  close(): void
}

/**
 * SQLite's own way to write webhooks down: prepared statements on a connection of its own. The only
 * place that goes past Kysely, because here it decides what a flood costs (measured at 8 connections:
 * 206 µs of CPU a webhook with Kysely, 112 without).
 */
export function openPen(file: string): Pen {
  return penOn(openSqliteFile(file))
}

/** The same on a connection that is open already. */
export function penOn(
  database: Pick<Database, 'prepare' | 'pragma' | 'transaction' | 'close'>,
): Pen {
  database.pragma('busy_timeout = 0')
  const insertEvent = database.prepare<NewEvent>(
    `insert into events (id, source, type, doorbell, received_at, handled_at, outcome)
     values (:id, :source, :type, :doorbell, :received_at, :handled_at, :outcome)
     on conflict (id) do nothing`,
  )
  const insertJob = database.prepare<NewEvent>(
    `insert into jobs (kind, ref, run_at, attempts) values ('event', :id, :received_at, 0)`,
  )

  /** An event without a reaction comes in handled, and gets no job. */
  function writeOne(event: NewEvent): boolean {
    const isNew = insertEvent.run(event).changes === 1
    if (!isNew || event.handled_at) return false
    insertJob.run(event)
    return true
  }

  const writeAll = database.transaction((events: readonly NewEvent[]) =>
    events.map(writeOne).includes(true),
  )
  return {
    write: (events) => whenFree(() => writeAll.immediate(events)),
    close: () => void database.close(),
  }
}

/** Far longer than any transaction of ours; then the answer is 500, and Stripe comes back. */
const GIVE_UP_MS = 8_000
const nap = new Int32Array(new SharedArrayBuffer(4))

/**
 * SQLite's own waiting sleeps up to 100 ms between looks, and a busy worker frees the lock for less
 * than that: the letterbox once starved for 5 s and answered 500. Looking each millisecond gets in
 * between any two transactions. It blocks the thread, which in production is the pen's own.
 */
function whenFree<T>(write: () => T): T {
  for (const began = performance.now(); ; Atomics.wait(nap, 0, 0, 1)) {
    try {
      return write()
    } catch (error) {
      const busy = (error as { code?: unknown }).code === 'SQLITE_BUSY'
      if (!busy || performance.now() - began > GIVE_UP_MS) throw error
    }
  }
}
