import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Db } from '../ports.ts'
import * as orders from './migrations/001-orders.ts'
import * as nothingLost from './migrations/002-nothing-lost.ts'
import * as members from './migrations/003-members.ts'
import * as payers from './migrations/004-payers.ts'
import * as mail from './migrations/005-mail.ts'
import * as outbound from './migrations/006-outbound.ts'
import * as sources from './migrations/007-sources.ts'
import * as cards from './migrations/008-cards.ts'
import * as campaigns from './migrations/009-campaigns.ts'
import * as discord from './migrations/010-discord.ts'

/** Forward only, in order of name. A name that has been released is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '001-orders': orders,
  '002-nothing-lost': nothingLost,
  '003-members': members,
  '004-payers': payers,
  '005-mail': mail,
  '006-outbound': outbound,
  '007-sources': sources,
  '008-cards': cards,
  '009-campaigns': campaigns,
  '010-discord': discord,
}

/**
 * Brings the database to this version, in a transaction. Throws a sentence when the database was
 * written by a newer Noren: going back would lose what the newer one keeps.
 */
export async function migrate(db: Db): Promise<void> {
  const state = await stateOf(db)
  if (state === 'newer')
    throw new Error(
      'This database was written by a newer version of Noren. Install that version (or a newer one), or restore a backup made before the upgrade.',
    )
  if (state === 'current') return
  const { error } = await openMigrator(db).migrateToLatest()
  if (error) throw error
}

/** For /readyz: is the database there, and at this version? */
export async function isMigrated(db: Db): Promise<boolean> {
  return (await stateOf(db)) === 'current'
}

/** Kysely lists only the migrations it was given, so those it does not know are looked for here. */
export async function stateOf(db: Db): Promise<'older' | 'current' | 'newer'> {
  const known = await openMigrator(db).getMigrations()
  if (!known.some((migration) => migration.executedAt)) return 'older'
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  if (rows.some(({ name }) => !Object.hasOwn(MIGRATIONS, name))) return 'newer'
  return known.every((migration) => migration.executedAt) ? 'current' : 'older'
}

function openMigrator(db: Db): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
}
