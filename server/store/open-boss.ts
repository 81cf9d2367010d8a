import { type Db as BossDb, type ConstructorOptions, PgBoss } from 'pg-boss'
import { JOB_KINDS } from './drain-jobs.ts'

/** Of our own: another program on the same database may use pg-boss too, of another version. */
export const QUEUE_SCHEMA = 'noren_jobs'

/**
 * Who has not been heard of for this long is dead, and what it held comes back: with a watch every
 * 10 s and a look every second, within 30 s of the next start.
 */
export const HEARTBEAT_SECONDS = 15
const WATCH_SECONDS = 10

/** About 60 years. pg-boss counts and deletes in 32-bit seconds. */
const FOREVER = 2_000_000_000

/** How the queues keep their jobs. Nothing is left to pg-boss's defaults, which give up after 2 retries. */
const QUEUE = {
  policy: 'standard',
  // We put back what failed, by our own delays; pg-boss itself only brings back what a dead worker held.
  retryLimit: FOREVER,
  retryDelay: 0,
  retryBackoff: false,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // The most that pg-boss takes. A job that is alive may take long; one that is not has no heartbeat.
  expireInSeconds: 86_400,
  // The default deletes what has waited for 14 days; a paused job may wait for months.
  retentionSeconds: FOREVER,
  // We delete what is done at once. This is for what somebody completes by pg-boss's own tools.
  deleteAfterSeconds: 60,
  // A backlog is told by /metrics; the default warns at 10,000 jobs, again every watch.
  warningQueueSize: FOREVER,
  partition: false,
  notify: false,
} as const

const OPTIONS = {
  schema: QUEUE_SCHEMA,
  backend: 'postgres',
  createSchema: true,
  allowSchemaCaseVariant: false,
  // Whoever drains also watches (`supervise()`): no timer of pg-boss's own runs, so none can fail
  // where nobody hears it. The watches are shared through the database by these intervals.
  supervise: false,
  superviseIntervalSeconds: WATCH_SECONDS,
  monitorIntervalSeconds: WATCH_SECONDS,
  // What there is to sweep is little (see deleteAfterSeconds), and the sweep reads the whole table.
  maintenanceIntervalSeconds: 86_400,
  queueCacheIntervalSeconds: 3_600,
  // No cron jobs, no flows, no series of counts.
  schedule: false,
  persistWarnings: false,
  persistQueueStats: false,
  // Polling each second is enough, and works through PgBouncer too.
  useListenNotify: false,
  // A queue's index bloats; once a day, and only when it has.
  reindex: true,
  reindexIntervalSeconds: 86_400,
  monitorVacuum: true,
  // Counting 1,000,000 jobs takes 0.2 s; this is worth a word.
  warningSlowQuerySeconds: 5,
} as const satisfies ConstructorOptions

/** pg-boss for putting in and taking out. It is never started: it has no timer and no connection of its own. */
export function openBoss(db: BossDb, report: (error: unknown) => void): PgBoss {
  const boss = new PgBoss({ ...OPTIONS, db, migrate: false })
  boss.on('error', report)
  boss.on('warning', (warning) => report(new Error(`pg-boss: ${warning.message}`)))
  return boss
}

/**
 * pg-boss asks for a queue's settings before its first insert, on a connection of its own. Inside
 * transactions that hold all connections, all would wait for one more: so it is made to ask before.
 */
export function knowQueues(boss: PgBoss): () => Promise<void> {
  const nowhere: BossDb = { executeSql: async () => ({ rows: [] }) }
  let known: Promise<unknown> | null = null
  return async () => {
    known ??= Promise.all(JOB_KINDS.map((kind) => boss.insert(kind, [], { db: nowhere })))
    await known.catch((error) => {
      known = null
      throw error
    })
  }
}

/** Makes or renews pg-boss's tables and our two queues. Call it one process at a time. */
export async function installBoss(db: BossDb, report: (error: unknown) => void): Promise<void> {
  const boss = new PgBoss({ ...OPTIONS, db, migrate: true })
  boss.on('error', report)
  await boss.start()
  try {
    const { policy: _, partition: __, ...changeable } = QUEUE
    for (const kind of JOB_KINDS) {
      await boss.createQueue(kind, QUEUE)
      await boss.updateQueue(kind, changeable)
    }
    await indexNextDue(db)
  } finally {
    await boss.stop({ graceful: false, close: false })
  }
}

/**
 * The worker asks each second what is due next; among 1,000,000 that wait this finds it at once. Looked
 * for first: `if not exists` alone locks the table before it looks, and each start would wait for all
 * who write there (a vacuum too) and make all letters wait behind it.
 */
async function indexNextDue(db: BossDb): Promise<void> {
  const { rows } = await db.executeSql(
    `select to_regclass('${QUEUE_SCHEMA}.noren_next_due') is not null as there`,
  )
  if ((rows[0] as { there: boolean } | undefined)?.there) return
  await db.executeSql(
    `create index if not exists noren_next_due on ${QUEUE_SCHEMA}.job_common (name, start_after)
     where state < 'active' and not blocked`,
  )
}
