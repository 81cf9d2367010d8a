import type { Clock, Store } from '../ports.ts'
import { openWriter } from './open-writer.ts'
import { openPostgres } from './postgres.ts'
import { openPostgresLedger } from './postgres-ledger.ts'
import type { WriteEvents } from './record-events.ts'
import { openSqlite } from './sqlite.ts'

/** As the settings name it. */
type Database = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }

type Parts = { clock: Clock; report: (error: unknown) => void; gapMs: number }

/** The books, whichever engine keeps them. `store.migrate()` must be called before anything else. */
export function openStore(database: Database, parts: Parts): Store {
  if (database.engine === 'sqlite') return openSqlite({ file: database.file, ...parts })
  return openPostgres({ url: database.url, ...parts })
}

/** What writes webhooks down, past the queries that the rooms share: each engine has its own way. */
export function openLedger(
  database: Database,
  parts: Pick<Parts, 'report'>,
): { write: WriteEvents; close(): Promise<void> } {
  if (database.engine === 'sqlite') return openWriter(database.file, parts.report)
  return openPostgresLedger(database.url, parts.report)
}
