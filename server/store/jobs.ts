import { sql } from 'kysely'
import type { Clock, Db, Job, JobHandler, Store } from '../ports.ts'
import { Later, Never } from '../ports.ts'
import { retryDelay } from '../retry-policy.ts'
import { drainJobs, JOB_KINDS } from './drain-jobs.ts'
import type { JobRow } from './tables.ts'

/** A dead process's jobs come back after this long; a living one extends its claims every third of it. */
const CLAIM_SECONDS = 20

/** SQLite takes 32,766 values in a statement, and a row is four. */
const MOST_ROWS = 5_000

type Queue = Pick<Store, 'enqueue' | 'drain' | 'nextDue' | 'openJobs'>

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

  async function claim(kind: Job['kind'], most: number): Promise<JobRow[]> {
    const due = dueJobs(db, kind, clock.now().toISOString(), most)
    // Looked at first without the lock: an idle worker must not make webhooks wait.
    if ((await due.execute()).length === 0) return []
    return transaction((tx) =>
      tx
        .updateTable('jobs')
        .set({ claimed_until: later(CLAIM_SECONDS), attempts: sql`attempts + 1` })
        .where('id', 'in', due)
        .returningAll()
        .execute(),
    )
  }

  /** Only the very claim that did the job may settle it: one that ran out belongs to somebody else by now. */
  async function finish({ id, attempts }: JobRow): Promise<void> {
    await transaction((tx) =>
      tx.deleteFrom('jobs').where('id', '=', id).where('attempts', '=', attempts).execute(),
    )
  }

  async function putBack(job: JobRow, error: unknown): Promise<void> {
    if (error instanceof Never) return finish(job)
    const words = error instanceof Error ? error.message : String(error)
    const waits = error instanceof Later
    const wait = waits ? error.seconds : retryDelay(job.attempts)
    await transaction((tx) =>
      tx
        .updateTable('jobs')
        .set({
          claimed_until: null,
          error: words.slice(0, 500),
          run_at: later(wait),
          // Waiting for a reason that is known is no failed attempt.
          ...(waits ? { attempts: job.attempts - 1 } : {}),
        })
        .where('id', '=', job.id)
        .where('attempts', '=', job.attempts)
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
      return await drainJobs({ claim, run: (job) => run(job, handle) }, stop)
    } finally {
      clearInterval(heartbeat)
    }
  }

  return {
    drain,
    async enqueue(tx, jobs: readonly Job[], runAt = clock.now()) {
      const run_at = runAt.toISOString()
      const rows = jobs.map(({ kind, ref }) => ({ kind, ref, run_at, attempts: 0 }))
      for (let at = 0; at < rows.length; at += MOST_ROWS)
        await tx
          .insertInto('jobs')
          .values(rows.slice(at, at + MOST_ROWS))
          .execute()
    },
    async nextDue(only) {
      const kinds = only ? [only] : JOB_KINDS
      const times = await Promise.all(kinds.map((kind) => nextOf(db, kind)))
      const next = times.filter((time) => time !== null).toSorted()[0]
      return next ? new Date(next) : null
    },
    async openJobs() {
      const { count } = await db
        .selectFrom('jobs')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

/** Asked kind by kind, as the index is: however many wait, the first is found at once. */
function dueJobs(db: Db, kind: Job['kind'], now: string, most: number) {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', kind)
    .where('run_at', '<=', now)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .orderBy('run_at')
    .orderBy('id')
    .limit(most)
}

async function nextOf(db: Db, kind: Job['kind']): Promise<string | null> {
  const next = await db
    .selectFrom('jobs')
    .select('run_at')
    .where('kind', '=', kind)
    .where('claimed_until', 'is', null)
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst()
  return next?.run_at ?? null
}
