import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Agent, fetch } from 'undici'
import { inject } from 'vitest'
import type { Store } from '../../server/ports.ts'
import type { Database } from '../../server/read-env.ts'
import { openSqlite } from '../../server/store/sqlite.ts'
import { makeDatabase } from './postgres-database.ts'

export type Engine = Database['engine']

/** Both, for `describe.each`: whatever one promises, the other promises too. */
export const ENGINES: Engine[] = ['sqlite', 'postgres']

/** What the run is on; a house that is opened outside a run of Vitest is on SQLite. */
export function usualEngine(): Engine {
  return (process.env['VITEST'] ? inject('engine') : undefined) ?? 'sqlite'
}

export type Place = {
  database: Database
  /** As DATABASE_URL wants it */
  url: string
  /** Only where nobody did it before: a copy of the template is up to date */
  migrate(store: Store): Promise<void>
  /** Leaves no trace. */
  remove(): Promise<void>
}

/** A Noren in this process bounds every other call; on a busy machine Postgres starts in its own time. */
const PATIENT = new Agent({ headersTimeout: 60_000 })

/** A database of a test's own: a file, or one on the run's Postgres. */
export async function placeFor(engine: Engine, options: { empty?: boolean } = {}): Promise<Place> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'noren-'))
    const file = join(folder, 'data', 'noren.db')
    const remove = async () => rmSync(folder, { recursive: true, force: true })
    if (!options.empty) {
      mkdirSync(dirname(file))
      template ??= migratedFile()
      writeFileSync(file, await template)
    }
    const migrate = async (store: Store) => (options.empty ? store.migrate() : undefined)
    return { database: { engine, file }, url: `file:${file}`, migrate, remove }
  }
  const answer = await fetch(inject('postgresDesk'), { dispatcher: PATIENT })
  if (!answer.ok) throw new Error(`no Postgres for the tests: ${await answer.text()}`)
  const { url, drop } = await makeDatabase(await answer.text(), options)
  const migrate = async (store: Store) => (options.empty ? store.migrate() : undefined)
  return { database: { engine, url }, url, migrate, remove: drop }
}

/** What most SQLite databases of this process begin as: to migrate each anew costs 15 ms, hundreds of times. */
let template: Promise<Buffer> | null = null

async function migratedFile(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'noren-'))
  const file = join(folder, 'template.db')
  const store = openSqlite({ file, clock: { now: () => new Date() }, report: console.error })
  await store.migrate()
  await store.close()
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  return bytes
}
