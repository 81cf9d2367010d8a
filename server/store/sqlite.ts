import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { CompiledQuery, type Dialect, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import type { Clock, Store, Tables } from '../ports.ts'
import { createJobQueue } from './jobs.ts'
import { isMigrated, migrate } from './migrate.ts'
import { shareCommits } from './share-commits.ts'

/**
 * One file, one writer at a time. WAL with synchronous=FULL: a 200 to Stripe is a promise, and NORMAL
 * loses commits in a power cut (measured: 1,010 of 33,158). The checkpoint keeps SQLite's default,
 * since a larger one buys 10 % and costs stalls of 200 ms.
 *
 * Throws a sentence when the file cannot be opened or written.
 */
export function openSqlite(options: {
  file: string
  clock: Clock
  report: (error: unknown) => void
  /** Milliseconds between two commits that are left to other connections; a worker should leave some. */
  gapMs?: number
}): Store {
  const database = openSqliteFile(options.file)
  const db = new Kysely<Tables>({
    dialect: immediate(new SqliteDialect({ database: keepStatements(database) }), database),
  })
  const transaction = shareCommits(db, options.gapMs)
  const queue = createJobQueue({ db, transaction, clock: options.clock, report: options.report })
  return {
    engine: 'sqlite',
    db,
    migrate: () => migrate(db),
    isMigrated: () => isMigrated(db),
    transaction,
    single: transaction,
    ...queue,
    async close() {
      await db.destroy()
      // Kysely closes only what it has used, and an open file is a file in use.
      database.close()
    },
  }
}

/** Far longer than any transaction of ours; then whoever wanted to write tries again later. */
const BUSY_MS = 5_000

/**
 * Stripe's ids come in no order, so each new one lands on another page of an index, and a person's
 * orders lie all over the table. With SQLite's own 2 MB a large shop would wait for pages.
 */
const CACHE_KIB = 131_072

/** The one way a connection is opened, whoever holds it. Throws a sentence. */
export function openSqliteFile(file: string): Database.Database {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    const database = new Database(file, { timeout: BUSY_MS })
    keepPromises(database)
    refuseReadOnly(database)
    return database
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `The database ${file} cannot be opened for writing (${reason}). Check DATABASE_URL, the folder's owner and the free disk space.`,
      { cause: error },
    )
  }
}

/** What each connection of ours is told first; also of another build of SQLite, whose disk can lose power. */
export function keepPromises(database: Pick<Database.Database, 'pragma'>): void {
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma(`cache_size = ${-CACHE_KIB}`)
}

/** Lists of changing length make new statements; past this many the memory is worth more. */
const MOST_STATEMENTS = 500

/**
 * Kysely prepares each statement anew each time, which costs more than running it (measured: 5.9 of
 * 30 s of a worker under load). The SQL text is the key; SQLite itself renews what a migration outdates.
 */
function keepStatements(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, Database.Statement>()
  return {
    prepare(text) {
      const known = kept.get(text)
      if (known) return known
      if (kept.size >= MOST_STATEMENTS) kept.clear()
      const made = database.prepare(text)
      kept.set(text, made)
      return made
    },
    close: () => void database.close(),
  }
}

/** A file that may only be read opens without a word and fails at the first webhook: find out now. */
function refuseReadOnly(database: Database.Database): void {
  database.exec('begin immediate')
  database.pragma('user_version = 1')
  database.exec('commit')
}

/**
 * Every transaction takes the write lock at its beginning. SQLite's default takes it at the first
 * write, and a reader that becomes a writer behind another process's commit fails at once with
 * SQLITE_BUSY, whatever the time-out says.
 */
function immediate(dialect: SqliteDialect, database: Database.Database): Dialect {
  const driver = () => {
    const plain = dialect.createDriver()
    plain.beginTransaction = (connection) =>
      whenFree(database, () => connection.executeQuery(CompiledQuery.raw('begin immediate')))
    // A full disk has ended it already; "nothing to roll back" would be all that anybody heard of it.
    plain.rollbackTransaction = async (connection) => {
      if (database.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
    }
    return plain
  }
  return {
    createDriver: driver,
    // Kysely believes that SQLite cannot change tables in a transaction. It can: a migration that is
    // killed leaves nothing behind, and of two processes that begin one, the second finds it done.
    createAdapter: () =>
      Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', { value: true }),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

/**
 * SQLite's own waiting sleeps inside the call, up to 100 ms between looks: a log-in behind a busy
 * worker would stop the loop that answers Stripe. So the lock is looked for each millisecond from outside.
 */
async function whenFree(database: Database.Database, begin: () => Promise<unknown>): Promise<void> {
  for (const began = performance.now(); ; await wait(1)) {
    database.pragma('busy_timeout = 0')
    try {
      await begin()
      return
    } catch (error) {
      const busy = (error as { code?: unknown }).code === 'SQLITE_BUSY'
      if (!busy || performance.now() - began > BUSY_MS) throw error
    } finally {
      database.pragma(`busy_timeout = ${BUSY_MS}`)
    }
  }
}
