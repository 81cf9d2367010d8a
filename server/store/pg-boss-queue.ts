import { sql } from 'kysely'
import { fromKysely, type PgBoss } from 'pg-boss'
import type { Clock, Db, Job, JobHandler, Store } from '../ports.ts'
import { Later, Never } from '../ports.ts'
import { retryDelay } from '../retry-policy.ts'
import { drainJobs, JOB_KINDS } from './drain-jobs.ts'
import { HEARTBEAT_SECONDS, QUEUE_SCHEMA } from './open-boss.ts'
import { type Claimed, type JobData, openSettling, rowOf } from './settle-jobs.ts'

/** One process looks this often whether a watch is due; all together watch as often as open-boss.ts says. */
const LOOK_MS = 5_000

type Queue = Pick<Store, 'enqueue' | 'drain' | 'nextDue' | 'openJobs'>

/**
 * Postgres's queue: pg-boss's tables in the same database, so that a job exists exactly if the row it
 * is about does. All times in it are the database's own: the processes' clocks may differ.
 */
export function createBossQueue(parts: {
  db: Db
  boss: PgBoss
  transaction: Store['transaction']
  clock: Clock
  report: (error: unknown) => void
}): Queue {
  const { db, boss, clock, report } = parts
  const inHand = new Map<string, Claimed>()
  const settling = openSettling(boss, parts.transaction)
  let looked = Number.NEGATIVE_INFINITY

  /** What a dead worker held comes back. Any worker does it for all. */
  async function watch(): Promise<void> {
    const now = clock.now().getTime()
    if (Math.abs(now - looked) < LOOK_MS) return
    looked = now
    await boss.supervise()
  }

  async function claim(kind: Job['kind'], most: number): Promise<Claimed[]> {
    const jobs = await boss.fetch<JobData>(kind, { batchSize: most })
    return jobs.map(({ id, data, retryCount }) => {
      const attempts = data.attempts + retryCount + 1
      return { id, kind, ref: data.ref, retryCount, attempts }
    })
  }

  async function run(job: Claimed, handle: JobHandler): Promise<void> {
    inHand.set(job.id, job)
    try {
      const again = await handle({ kind: job.kind, ref: job.ref, attempts: job.attempts }).then(
        () => null,
        (error: unknown) => whenAgain(job, error),
      )
      await settling.settle(job, again)
    } catch (error) {
      report(error) // the claim runs out by itself
    } finally {
      inHand.delete(job.id)
    }
  }

  function whenAgain(job: Claimed, error: unknown) {
    if (error instanceof Never) return null
    // Waiting for a reason that is known is no failed attempt.
    if (error instanceof Later) return { seconds: error.seconds, attempts: job.attempts - 1 }
    return { seconds: retryDelay(job.attempts), attempts: job.attempts }
  }

  async function beat(): Promise<void> {
    await watch().catch(report)
    for (const kind of JOB_KINDS) {
      const held = [...inHand.values()].filter((job) => job.kind === kind)
      if (held.length > 0) await boss.touch(kind, held)
    }
  }

  async function drain(handle: JobHandler, stop?: AbortSignal): Promise<number> {
    const heart = setInterval(() => beat().catch(report), (HEARTBEAT_SECONDS / 3) * 1_000)
    try {
      await watch().catch(report)
      return await drainJobs({ claim, run: (job) => run(job, handle) }, stop)
    } finally {
      clearInterval(heart)
    }
  }

  return {
    drain,
    async enqueue(tx, jobs, runAt) {
      // As a wait, not as a time: this clock and the database's may differ.
      const wait = runAt ? (runAt.getTime() - clock.now().getTime()) / 1_000 : 0
      for (const kind of JOB_KINDS) {
        const rows = jobs
          .filter((job) => job.kind === kind)
          .map(({ ref }) => rowOf({ ref, attempts: 0 }, wait))
        if (rows.length > 0) await boss.insert(kind, rows, { db: fromKysely(tx) })
      }
    },
    async nextDue(only) {
      const kinds = only ? [only] : JOB_KINDS
      const waits = await Promise.all(kinds.map((kind) => waitOf(db, kind)))
      const known = waits.filter((wait) => wait !== null)
      if (known.length === 0) return null
      return new Date(clock.now().getTime() + Math.ceil(Math.min(...known)))
    },
    openJobs: () => countOpen(db),
  }
}

/** Milliseconds until the first that nobody holds is due; less than 0 when it is overdue. */
async function waitOf(db: Db, kind: Job['kind']): Promise<number | null> {
  const now = sql.raw(`${QUEUE_SCHEMA}.job_now()`)
  const { rows } = await sql<{ wait: number }>`
    select 1000 * extract(epoch from start_after - ${now})::double precision as wait
    from ${sql.table(`${QUEUE_SCHEMA}.job_common`)}
    where name = ${kind} and state < 'active' and not blocked
    order by start_after limit 1`.execute(db)
  return rows[0]?.wait ?? null
}

async function countOpen(db: Db): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from ${sql.table(`${QUEUE_SCHEMA}.job_common`)}
    where state <= 'active'`.execute(db)
  return rows[0]?.open ?? 0
}
