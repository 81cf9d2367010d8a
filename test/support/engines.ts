import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Database } from '../../server/read-env.ts'
import { makeDatabase } from './postgres-database.ts'

export type Engine = Database['engine']

/** Both, for `describe.each`: whatever one promises, the other promises too. */
export const ENGINES: Engine[] = ['sqlite', 'postgres']

/** A database of a test's own: a file, or one on the run's Postgres. `remove` leaves no trace. */
export async function placeFor(
  engine: Engine,
  options: { empty?: boolean } = {},
): Promise<{ database: Database; url: string; remove(): Promise<void> }> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'noren-'))
    const file = join(folder, 'data', 'noren.db')
    const remove = async () => rmSync(folder, { recursive: true, force: true })
    return { database: { engine, file }, url: `file:${file}`, remove }
  }
  const answer = await fetch(inject('postgresDesk'))
  if (!answer.ok) throw new Error(`no Postgres for the tests: ${await answer.text()}`)
  const { url, drop } = await makeDatabase(await answer.text(), options)
  return { database: { engine, url }, url, remove: drop }
}
