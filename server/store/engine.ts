import { type Kysely, SqliteAdapter } from 'kysely'

/** Which engine is behind these queries. Only migrations and the store's own files may ask. */
export function isSqlite<T>(db: Kysely<T>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter
}
