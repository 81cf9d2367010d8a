import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import type { Db as BossDb } from 'pg-boss'
import type { Clock, Store, Tables } from '../ports.ts'
import { JOB_KINDS } from './drain-jobs.ts'
import { isMigrated, migrate } from './migrate.ts'
import { installBoss, knowQueues, openBoss, QUEUE_SCHEMA } from './open-boss.ts'
import { createBossQueue } from './pg-boss-queue.ts'
import { discardSilent, explain, openPool, retryDeadlocks } from './postgres-pool.ts'

/** Of each process (and of its worker's thread); opened as they are needed. */
const MOST_CONNECTIONS = 10

type Report = (error: unknown) => void

/**
 * One Postgres, any number of processes, READ COMMITTED. It groups commits by itself, so each
 * transaction has a connection to itself; one that Postgres broke off for the sake of others runs
 * again, so `work` must do nothing that a second run would do twice.
 */
export function openPostgres(options: { url: string; clock: Clock; report: Report }): Store {
  const { url, clock, report } = options
  const pool = openPool(url, { most: MOST_CONNECTIONS, report })
  const db = kyselyOf(pool)
  const boss = openBoss(connectionOf(pool), report)
  const ready = knowQueues(boss)
  const transaction: Store['transaction'] = async (work) => {
    await ready()
    return retryDeadlocks(() => db.transaction().execute(work))
  }
  return {
    engine: 'postgres',
    db,
    migrate: () => migrateAlone(url, report),
    isMigrated: () => isReady(db).catch((error) => Promise.reject(explain(error, url))),
    transaction,
    single: (statement) => retryDeadlocks(() => statement(db)),
    ...createBossQueue({ db, boss, transaction, clock, report }),
    close: () => db.destroy(),
  }
}

function kyselyOf(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: discardSilent(pool) }) })
}

function connectionOf(pool: pg.Pool): BossDb {
  return { executeSql: (text, values) => pool.query(text, values) }
}

/** Any number that no other program on the database is likely to have chosen. */
const MIGRATION_LOCK = 6_667_361

/**
 * One process at a time, the others wait: Kysely has a lock of its own, but makes its own tables
 * before it, and pg-boss's tables come after it. The lock ends with the connection, so a process
 * that dies in the middle holds up nobody.
 */
async function migrateAlone(url: string, report: Report): Promise<void> {
  const pool = openPool(url, { most: 3, report, patient: true })
  const db = kyselyOf(pool)
  try {
    await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
      await migrate(db)
      await installBoss(connectionOf(pool), report)
    })
  } catch (error) {
    throw explain(error, url)
  } finally {
    await db.destroy()
  }
}

async function isReady(db: Kysely<Tables>): Promise<boolean> {
  return (await isMigrated(db)) && (await hasQueues(db))
}

async function hasQueues(db: Kysely<Tables>): Promise<boolean> {
  const table = `${QUEUE_SCHEMA}.queue`
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${table}) is not null as there`.execute(db)
  if (!rows[0]?.there) return false
  const queues = await sql`
    select name from ${sql.table(table)} where name in (${sql.join([...JOB_KINDS])})`.execute(db)
  return queues.rows.length === JOB_KINDS.length
}
