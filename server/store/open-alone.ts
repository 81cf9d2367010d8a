import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Clock, Db, Store, Tables } from '../ports.ts'
import { isMigrated } from './migrate.ts'
import { openStore } from './open-store.ts'

type Place = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }
type Parts = { clock: Clock; report: (error: unknown) => void }

const IN_USE = 'is in use: stop every Noren on it (web and worker) first'
const NOT_CURRENT =
  'is not at this version: if it is older, start this version of Noren on it once, which brings it up to date; if it is newer, copy with the version that wrote it'

/**
 * Books that are to be read while nobody writes them. A SQLite file is locked against everybody else
 * until `close`, so no server can be on it or start; on Postgres we look for Noren's connections, once.
 * Throws a sentence.
 */
export async function openSource(
  place: Place,
  parts: Parts,
): Promise<{ db: Db; close(): Promise<void> }> {
  if (place.engine === 'postgres') {
    const store = openStore(place, { ...parts, gapMs: 0 })
    try {
      await refuseOthers(store, 'The source')
      if (!(await store.isMigrated())) throw new Error(`The source ${NOT_CURRENT}.`)
      return store
    } catch (error) {
      await store.close()
      throw error
    }
  }
  const database = lock(place.file)
  database.pragma('query_only = on')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  if (await isMigrated(db)) return { db, close: () => db.destroy() }
  await db.destroy()
  throw new Error(`The source ${NOT_CURRENT}.`)
}

/** Books to be filled, made or brought to this version first. Throws a sentence, also where they are newer. */
export async function openTarget(place: Place, parts: Parts): Promise<Store> {
  if (place.engine === 'sqlite' && existsSync(place.file)) lock(place.file, 'The target').close()
  const store = openStore(place, { ...parts, gapMs: 0 })
  try {
    if (store.engine === 'postgres') await refuseOthers(store, 'The target')
    await store.migrate()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * In WAL mode every connection holds the file for as long as it is open, so an exclusive one is to be
 * had only when there is no other; and while it is held nobody else gets in.
 */
function lock(file: string, which = 'The source'): Database.Database {
  if (!existsSync(file)) throw new Error(`${which} is not there: no file ${file}.`)
  const database = new Database(file, { timeout: 0 })
  try {
    database.pragma('locking_mode = exclusive')
    database.exec('begin immediate; rollback')
    return database
  } catch (error) {
    database.close()
    const { code, message } = error as { code?: unknown; message: string }
    const why = code === 'SQLITE_BUSY' ? IN_USE : `cannot be opened: ${message}`
    throw new Error(`${which} (${file}) ${why}.`, { cause: error })
  }
}

/** A connection that was closed a moment ago is still listed for some milliseconds. */
const MOST_LOOKS = 20

/** Asked over our first and only connection: whoever else calls himself Noren is a running one. */
async function refuseOthers(store: Store, which: string): Promise<void> {
  const { db } = store
  // For its sentence, should nobody be there.
  await store.isMigrated()
  for (let looks = 1; ; looks++) {
    const { rows } = await sql<{ others: number }>`
      select count(*) as others from pg_stat_activity
      where datname = current_database() and application_name = 'noren'
        and pid <> pg_backend_pid()`.execute(db)
    if (Number(rows[0]?.others) === 0) return
    if (looks === MOST_LOOKS) throw new Error(`${which} ${IN_USE}.`)
    await wait(100)
  }
}
