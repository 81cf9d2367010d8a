import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db, Store, Tx } from '../ports.ts'

/**
 * So many writers share one commit at the most. More would save fsyncs, but the lock is held for about
 * half a millisecond each, and webhooks wait for it in another thread.
 */
const MOST_IN_ONE = 16

type Waiting = { run: (tx: Tx) => Promise<() => void>; fail: (error: unknown) => void }

/**
 * Group commit: the writers that come while a commit is under way share the next one, each inside a
 * savepoint of its own, so that one that fails takes nothing from the others. Each resolves only
 * after the shared commit is on disk. One fsync then serves up to 16.
 *
 * `gapMs` is left free between two commits, for the other connections to the same file: SQLite's lock
 * is not fair, and a worker that takes it again at once shuts the letterbox out for tens of milliseconds.
 */
export function shareCommits(db: Db, gapMs = 0): Store['transaction'] {
  const waiting: Waiting[] = []
  let running = false

  async function commitOnce(batch: Waiting[]): Promise<void> {
    try {
      const settle: (() => void)[] = []
      await db.transaction().execute(async (tx) => {
        for (const each of batch) settle.push(await each.run(tx))
      })
      for (const done of settle) done()
    } catch (error) {
      for (const each of batch) each.fail(error)
    }
  }

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      await commitOnce(waiting.splice(0, MOST_IN_ONE))
      if (gapMs > 0) await pause(gapMs)
    }
    running = false
  }

  return function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ run: (tx) => inSavepoint(tx, work, resolve, reject), fail: reject })
      if (running) return
      running = true
      setImmediate(commitAll)
    })
  }
}

async function inSavepoint<T>(
  tx: Tx,
  work: (tx: Tx) => Promise<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Promise<() => void> {
  await sql`savepoint one`.execute(tx)
  try {
    const value = await work(tx)
    await sql`release one`.execute(tx)
    return () => resolve(value)
  } catch (error) {
    // After a full disk there is nothing to go back to: all that share it fail, for the first reason.
    await sql`rollback to one`.execute(tx).catch(() => {
      throw error
    })
    await sql`release one`.execute(tx)
    return () => reject(error)
  }
}
