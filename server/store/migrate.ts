import { type Migration, Migrator } from 'kysely/migration'
import type { Db } from '../ports.ts'
import * as orders from './migrations/001-orders.ts'

/** Forward only, in order of name. A name that has been released is never changed. */
const MIGRATIONS: Record<string, Migration> = { '001-orders': orders }

/**
 * Brings the database to this version, in a transaction. Throws a sentence when the database was
 * written by a newer Noren: going back would lose what the newer one keeps.
 */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const known = await migrator.getMigrations().catch(refuseNewer)
  if (known.every((migration) => migration.executedAt)) return
  const { error } = await migrator.migrateToLatest()
  if (error) refuseNewer(error)
}

function refuseNewer(error: unknown): never {
  if (error instanceof Error && /corrupted migrations|is missing/.test(error.message))
    throw new Error(
      'This database was written by a newer version of Noren. Install that version (or a newer one), or restore a backup made before the upgrade.',
      { cause: error },
    )
  throw error
}

/** For /readyz: is the database there, and at this version? */
export async function isMigrated(db: Db): Promise<boolean> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  return (await migrator.getMigrations()).every((migration) => migration.executedAt)
}
