import { sql } from 'kysely'
import type { Clock, Db, Job, JobHandler, Store } from '../ports.ts'
import { Later, Never } from '../ports.ts'
import { MOST_ATTEMPTS, retryDelay } from './retry.ts'
import type { JobRow } from './tables.ts'

/** Jobs run at once by one worker: enough to hide two vendors' latency, few enough for their limits. */
const AT_ONCE = 64
/** A dead process's jobs come back after this long; a living one extends its claims every third of it. */
const CLAIM_SECONDS = 20

/** One job that waits for a silent vendor must not hold up those that come in meanwhile. */
const LOOK_AGAIN_MS = 200

type Queue = Pick<Store, 'enqueue' | 'drain' | 'nextDue'>

/** SQLite's queue: a table in the same file, so that a job exists exactly if the row it is about does. */
export function createJobQueue(parts: {
  db: Db
  transaction: Store['transaction']
  clock: Clock
  report: (error: unknown) => void
}): Queue {
  const { db, transaction, clock } = parts
  const inHand = new Set<number>()
  const later = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString()

  async function claim(most: number): Promise<JobRow[]> {
    const now = clock.now().toISOString()
    return transaction(async (tx) => {
      const due = tx
        .selectFrom('jobs')
        .select('id')
        .where('dead_at', 'is', null)
        .where('run_at', '<=', now)
        .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
        .orderBy('run_at')
        .orderBy('id')
        .limit(most)
      return tx
        .updateTable('jobs')
        .set({ claimed_until: later(CLAIM_SECONDS), attempts: sql`attempts + 1` })
        .where('id', 'in', due)
        .returningAll()
        .execute()
    })
  }

  async function finish(job: JobRow): Promise<void> {
    await transaction((tx) => tx.deleteFrom('jobs').where('id', '=', job.id).execute())
  }

  async function putBack(job: JobRow, error: unknown): Promise<void> {
    const words = error instanceof Error ? error.message : String(error)
    const waits = error instanceof Later
    const dead = error instanceof Never || (!waits && job.attempts >= MOST_ATTEMPTS)
    const wait = waits ? error.seconds : retryDelay(job.attempts)
    if (!waits) parts.report(error)
    await transaction((tx) =>
      tx
        .updateTable('jobs')
        .set({
          claimed_until: null,
          error: words.slice(0, 500),
          run_at: later(wait),
          // Waiting for a reason that is known is no failed attempt.
          ...(waits ? { attempts: job.attempts - 1 } : {}),
          ...(dead ? { dead_at: clock.now().toISOString() } : {}),
        })
        .where('id', '=', job.id)
        .execute(),
    )
  }

  async function run(job: JobRow, handle: JobHandler): Promise<void> {
    inHand.add(job.id)
    try {
      await handle({ kind: job.kind, ref: job.ref, attempts: job.attempts })
      await finish(job)
    } catch (error) {
      await putBack(job, error).catch(parts.report) // the claim runs out by itself
    } finally {
      inHand.delete(job.id)
    }
  }

  async function extendClaims(): Promise<void> {
    if (inHand.size === 0) return
    const until = later(CLAIM_SECONDS)
    await transaction((tx) =>
      tx
        .updateTable('jobs')
        .set({ claimed_until: until })
        .where('id', 'in', [...inHand])
        .execute(),
    )
  }

  async function drain(handle: JobHandler, stop?: AbortSignal): Promise<number> {
    const heartbeat = setInterval(
      () => extendClaims().catch(parts.report),
      (CLAIM_SECONDS / 3) * 1000,
    )
    try {
      return await runAllDue(handle, stop)
    } finally {
      clearInterval(heartbeat)
    }
  }

  async function runAllDue(handle: JobHandler, stop?: AbortSignal): Promise<number> {
    let started = 0
    let running = 0
    let oneDone: () => void = () => {}
    for (;;) {
      const mayTake = running <= AT_ONCE / 2 && !stop?.aborted
      const jobs = mayTake ? await claim(AT_ONCE - running) : []
      for (const job of jobs) {
        started++
        running++
        void run(job, handle).then(() => {
          running--
          oneDone()
        })
      }
      if (running === 0 && jobs.length === 0) return started
      if (running > AT_ONCE / 2 || jobs.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_AGAIN_MS)
          oneDone = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  }

  return {
    drain,
    async enqueue(tx, jobs: readonly Job[], runAt = clock.now()) {
      if (jobs.length === 0) return
      const run_at = runAt.toISOString()
      const rows = jobs.map(({ kind, ref }) => ({ kind, ref, run_at, attempts: 0 }))
      await tx.insertInto('jobs').values(rows).execute()
    },
    async nextDue() {
      const next = await db
        .selectFrom('jobs')
        .select('run_at')
        .where('dead_at', 'is', null)
        .where('claimed_until', 'is', null)
        .orderBy('run_at')
        .limit(1)
        .executeTakeFirst()
      return next ? new Date(next.run_at) : null
    },
  }
}
