import { sql } from 'kysely'
import { wantsWebhook } from '../../shared/webhooks.ts'
import type { Db, Tx } from '../ports.ts'
import type { EndpointRow } from '../store/tables.ts'

/** To the letter what the partial indexes say, as with IS_OPEN. */
export const IS_PENDING = sql<boolean>`outbound_deliveries.state = 'pending'`
const IS_DEAD = sql<boolean>`outbound_deliveries.state = 'dead'`

export function findEndpoint(db: Db | Tx, id: string): Promise<EndpointRow | undefined> {
  return db.selectFrom('endpoints').selectAll().where('id', '=', id).executeTakeFirst()
}

export function allEndpoints(db: Db | Tx): Promise<EndpointRow[]> {
  return db.selectFrom('endpoints').selectAll().orderBy('created_at').orderBy('id').execute()
}

export function wants(endpoint: Pick<EndpointRow, 'events'>, type: string): boolean {
  return wantsWebhook(JSON.parse(endpoint.events) as string[], type)
}

/** False: there is one of this id already. */
export async function insertEndpoint(db: Db | Tx, row: EndpointRow): Promise<boolean> {
  const made = await db
    .insertInto('endpoints')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function changeEndpoint(
  db: Db | Tx,
  id: string,
  change: Partial<Omit<EndpointRow, 'id'>>,
): Promise<void> {
  await db.updateTable('endpoints').set(change).where('id', '=', id).execute()
}

/** True: it was on until now, and this call switched it off. */
export async function switchOff(
  tx: Tx,
  id: string,
  why: { reason: string; at: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('endpoints')
    .set({ state: 'off', off_reason: why.reason, off_at: why.at })
    .where('id', '=', id)
    .where('state', '=', 'on')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Also what it has been told, and what it was still to be told. False: there is none. */
export async function deleteEndpoint(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('endpoints')
    .where('id', '=', id)
    .executeTakeFirst()
  await tx.deleteFrom('outbound_deliveries').where('endpoint_id', '=', id).execute()
  return numDeletedRows === 1n
}

/** How many messages each endpoint is still to be told, and how many were given up. */
export async function countOutbound(
  db: Db,
): Promise<Map<string, { pending: number; dead: number }>> {
  const counts = new Map<string, { pending: number; dead: number }>()
  for (const [name, condition] of [
    ['pending', IS_PENDING],
    ['dead', IS_DEAD],
  ] as const) {
    const rows = await db
      .selectFrom('outbound_deliveries')
      .select((eb) => ['endpoint_id', eb.fn.countAll().as('count')])
      .where(condition)
      .groupBy('endpoint_id')
      .execute()
    for (const { endpoint_id, count } of rows) {
      const known = counts.get(endpoint_id) ?? { pending: 0, dead: 0 }
      counts.set(endpoint_id, { ...known, [name]: Number(count) })
    }
  }
  return counts
}

export type EndpointStanding = Pick<
  EndpointRow,
  'id' | 'state' | 'failing_since' | 'off_reason'
> & {
  pending: number
  dead: number
}

/** How it goes with each endpoint. Where nothing waits it fails no more, and does not yet do better. */
export async function standingOfEndpoints(db: Db): Promise<EndpointStanding[]> {
  const endpoints = await allEndpoints(db)
  if (endpoints.length === 0) return []
  const counts = await countOutbound(db)
  return endpoints.map(({ id, state, failing_since, off_reason }) => {
    const count = counts.get(id) ?? { pending: 0, dead: 0 }
    const since = count.pending > 0 ? failing_since : null
    return { id, state, failing_since: since, off_reason, ...count }
  })
}
