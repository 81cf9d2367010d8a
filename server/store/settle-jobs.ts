import { randomUUID } from 'node:crypto'
import { fromKysely, type PgBoss } from 'pg-boss'
import type { Job, Store, Tx } from '../ports.ts'
import { JOB_KINDS } from './drain-jobs.ts'

/** What pg-boss keeps for a job. It counts only the tries that died; `attempts` counts those that failed. */
export type JobData = { ref: string; attempts: number }
export type Claimed = Job & { id: string; retryCount: number; attempts: number }

/** As pg-boss takes it; a wait in seconds, from the database's now. */
export function rowOf(data: JobData, waitSeconds: number) {
  const row = { id: newJobId(), data }
  return waitSeconds > 0 ? { ...row, startAfter: waitSeconds } : row
}

/**
 * A UUID that begins with the time (version 7). pg-boss's own are random, so that each job of a
 * million lies on another page of its index; these lie together with those that are taken with them.
 */
export function newJobId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

/** null: done, or never. */
type Again = { seconds: number; attempts: number } | null
type Ended = { job: Claimed; again: Again; resolve: () => void; reject: (error: unknown) => void }

/**
 * Takes finished jobs out of the queue, or puts them back to wait. Those that end while one statement
 * is under way share the next: one commit for many. Only the very claim that did the job may settle
 * it (`retryCount`): one that lapsed belongs to somebody else by now, and nothing happens.
 */
export function openSettling(boss: PgBoss, transaction: Store['transaction']) {
  let waiting: Ended[] = []
  let running = false

  async function settleAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        for (const kind of JOB_KINDS)
          await settleKind(
            kind,
            batch.filter(({ job }) => job.kind === kind),
          )
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
    running = false
  }

  async function settleKind(kind: Claimed['kind'], ended: Ended[]): Promise<void> {
    const jobs = ended.map(({ job }) => job)
    if (jobs.length === 0) return
    if (ended.every(({ again }) => again === null)) {
      await boss.deleteJob(kind, jobs)
      return
    }
    await transaction((tx) => putBack(tx, kind, ended))
  }

  /** Out and in again in one transaction: pg-boss's own `fail` knows no Later, and no delay by attempt. */
  async function putBack(tx: Tx, kind: Claimed['kind'], ended: Ended[]): Promise<void> {
    const db = fromKysely(tx)
    const jobs = ended.map(({ job }) => job)
    // Its types forget to say what it tells: the ids of those that were still ours.
    const { settled } = (await boss.deleteJob(kind, jobs, { db })) as { settled: string[] }
    const rows = ended.flatMap(({ job, again }) =>
      again && settled.includes(job.id)
        ? [rowOf({ ref: job.ref, attempts: again.attempts }, again.seconds)]
        : [],
    )
    if (rows.length > 0) await boss.insert(kind, rows, { db })
  }

  return {
    /** Resolves when it is on disk. Rejects when it is not: then the claim runs out, and the job comes again. */
    settle: (job: Claimed, again: Again) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ job, again, resolve, reject })
        if (running) return
        running = true
        setImmediate(settleAll)
      }),
  }
}
