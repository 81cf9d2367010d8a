import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch } from 'undici'
import { inject } from 'vitest'
import type { Store } from '../../server/ports.ts'
import type { Database } from '../../server/read-env.ts'
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
    const migrate = (store: Store) => store.migrate()
    return { database: { engine, file }, url: `file:${file}`, migrate, remove }
  }
  const answer = await fetch(inject('postgresDesk'), { dispatcher: PATIENT })
  if (!answer.ok) throw new Error(`no Postgres for the tests: ${await answer.text()}`)
  const { url, drop } = await makeDatabase(await answer.text(), options)
  const migrate = async (store: Store) => (options.empty ? store.migrate() : undefined)
  return { database: { engine, url }, url, migrate, remove: drop }
}
