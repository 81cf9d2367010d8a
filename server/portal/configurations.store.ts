import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Db, Store } from '../ports.ts'
import type { PortalConfigurationsTable } from '../store/tables.ts'

export type ConfigurationRow = Selectable<PortalConfigurationsTable>
type Place = Pick<ConfigurationRow, 'view' | 'livemode'>

/** Stands where the id will stand, while somebody is making it. */
const MAKING = 'making:'
/**
 * Longer than Stripe's client waits for two tries of one call (10 s each): after it, whoever claimed is
 * taken for dead, and after a failure nobody tries anew before Stripe's list shows what came of it.
 */
export const CLAIM_SECONDS = 30

export function findConfiguration(
  db: Db,
  { view, livemode }: Place,
): Promise<ConfigurationRow | undefined> {
  return db
    .selectFrom('portal_configurations')
    .selectAll()
    .where('view', '=', view)
    .where('livemode', '=', livemode)
    .executeTakeFirst()
}

/** Those of this mode: an id of the other one is unknown here. */
export function listConfigurations(db: Db, livemode: boolean): Promise<ConfigurationRow[]> {
  return db
    .selectFrom('portal_configurations')
    .selectAll()
    .where('livemode', '=', livemode ? 1 : 0)
    .execute()
}

/** false: somebody is just making it. */
export function isMade(row: ConfigurationRow): boolean {
  return !row.configuration.startsWith(MAKING)
}

/**
 * The right to make what Stripe does not hold, given to one process of many: the row must still say what
 * the caller read before it asked Stripe. Returns the key to make it under, or null: somebody else is
 * making it, or has. A dead one's claim passes on with its key, in case it was only slow.
 */
export async function claimConfiguration(
  store: Store,
  place: Place,
  seen: ConfigurationRow | undefined,
  now: Date,
): Promise<string | null> {
  const claimed = seen !== undefined && !isMade(seen)
  if (claimed && Date.parse(seen.checked_at) > now.getTime() - CLAIM_SECONDS * 1_000) return null
  const key = claimed ? seen.configuration : newKey()
  const row = { configuration: key, content: '', checked_at: now.toISOString() }
  const written = await store.transaction((tx) =>
    seen
      ? tx
          .updateTable('portal_configurations')
          .set(row)
          .where('view', '=', place.view)
          .where('livemode', '=', place.livemode)
          .where('configuration', '=', seen.configuration)
          .where('checked_at', '=', seen.checked_at)
          .returning('view')
          .executeTakeFirst()
      : tx
          .insertInto('portal_configurations')
          .values({ ...place, ...row })
          .onConflict((conflict) => conflict.columns(['view', 'livemode']).doNothing())
          .returning('view')
          .executeTakeFirst(),
  )
  return written ? key : null
}

/** A failed try: Stripe gives the same key the same answer for a day, so the next one needs another. */
export async function giveUpClaim(store: Store, key: string, now: Date): Promise<void> {
  await store.transaction((tx) =>
    tx
      .updateTable('portal_configurations')
      .set({ configuration: newKey(), checked_at: now.toISOString() })
      .where('configuration', '=', key)
      .execute(),
  )
}

export async function rememberConfiguration(store: Store, row: ConfigurationRow): Promise<void> {
  const { view: _, livemode: __, ...known } = row
  await store.transaction((tx) =>
    tx
      .insertInto('portal_configurations')
      .values(row)
      .onConflict((conflict) => conflict.columns(['view', 'livemode']).doUpdateSet(known))
      .execute(),
  )
}

function newKey(): string {
  return `${MAKING}${randomUUID()}`
}
