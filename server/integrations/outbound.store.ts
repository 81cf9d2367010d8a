import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { OutboundDeliveryRow, OutboundMessageRow } from '../store/tables.ts'
import { IS_PENDING } from './endpoints.store.ts'

/** A page of rows: SQLite takes 32,766 values in a statement. */
const PAGE = 500

/** Begins with the time, so that of two that were made at once the first made also sorts first. */
export function newMessageId(now: Date): string {
  return `msg_${now.getTime().toString(36).padStart(9, '0')}${randomBytes(12).toString('hex')}`
}

/** `msg_…/zapier`: one message to one endpoint. */
export function deliveryId(message: string, endpoint: string): string {
  return `${message}/${endpoint}`
}

/** Written once for its cause, behind all that there is about the same object. False: it was told before. */
export async function insertMessage(
  tx: Tx,
  row: Omit<OutboundMessageRow, 'seq'>,
): Promise<boolean> {
  const made = await tx
    .insertInto('outbound_messages')
    .values({
      ...row,
      // Whoever changes an object holds its row, so two of them do not count at once.
      seq: sql<number>`(select coalesce(max(seq), 0) + 1 from outbound_messages where object = ${row.object})`,
    })
    .onConflict((conflict) => conflict.column('cause').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function insertDeliveries(
  tx: Tx,
  rows: readonly Pick<OutboundDeliveryRow, 'message_id' | 'endpoint_id' | 'created_at'>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += PAGE)
    await tx
      .insertInto('outbound_deliveries')
      .values(
        rows.slice(at, at + PAGE).map((row) => ({
          ...row,
          id: deliveryId(row.message_id, row.endpoint_id),
          state: 'pending' as const,
          attempts: 0,
        })),
      )
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
}

export type Parcel = OutboundDeliveryRow &
  Pick<OutboundMessageRow, 'type' | 'object' | 'seq' | 'payload'>

export function findParcel(db: Db, id: string): Promise<Parcel | undefined> {
  return db
    .selectFrom('outbound_deliveries')
    .innerJoin('outbound_messages', 'outbound_messages.id', 'outbound_deliveries.message_id')
    .selectAll('outbound_deliveries')
    .select(['type', 'object', 'seq', 'payload'])
    .where('outbound_deliveries.id', '=', id)
    .executeTakeFirst()
}

/** An earlier message about the same object that this endpoint has not taken yet. */
export function findEarlier(
  db: Db,
  { object, seq, endpoint_id, message_id }: Parcel,
): Promise<Pick<OutboundDeliveryRow, 'next_attempt_at'> | undefined> {
  return db
    .selectFrom('outbound_messages as earlier')
    .innerJoin('outbound_deliveries', 'outbound_deliveries.message_id', 'earlier.id')
    .select('next_attempt_at')
    .where('earlier.object', '=', object)
    .where((eb) =>
      eb.or([
        eb('earlier.seq', '<', seq),
        eb.and([eb('earlier.seq', '=', seq), eb('earlier.id', '<', message_id)]),
      ]),
    )
    .where('outbound_deliveries.endpoint_id', '=', endpoint_id)
    .where(IS_PENDING)
    .limit(1)
    .executeTakeFirst()
}

/**
 * Takes it in hand before it leaves, so that a second bell for it, or a second worker, finds it taken.
 * False: it is, or it is not to be sent any more.
 */
export async function takeInHand(
  db: Db,
  { id, first_attempt_at }: OutboundDeliveryRow,
  { now, until }: { now: string; until: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('outbound_deliveries')
    .set({ busy_until: until, first_attempt_at: first_attempt_at ?? now })
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where(IS_PENDING)
    .where((eb) => eb.or([eb('busy_until', 'is', null), eb('busy_until', '<=', now)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Changes what is still to be sent; what was withdrawn meanwhile stays so. */
export async function changePending(
  db: Db | Tx,
  id: string,
  change: Partial<Omit<OutboundDeliveryRow, 'id'>>,
): Promise<void> {
  await db
    .updateTable('outbound_deliveries')
    .set(change)
    .where('id', '=', id)
    .where(IS_PENDING)
    .execute()
}

export async function deleteDelivery(db: Db, id: string): Promise<void> {
  await db.deleteFrom('outbound_deliveries').where('id', '=', id).execute()
}

/** What an endpoint is still to be told, oldest first. */
export async function pendingOf(db: Db | Tx, endpointId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('outbound_deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .where(IS_PENDING)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Messages made before then, and what became of them. Returns how many messages there were, up to a page. */
export async function deleteOlder(tx: Tx, before: string): Promise<number> {
  const old = await tx
    .selectFrom('outbound_messages')
    .select('id')
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(PAGE)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map(({ id }) => id)
  await tx.deleteFrom('outbound_deliveries').where('message_id', 'in', ids).execute()
  await tx.deleteFrom('outbound_messages').where('id', 'in', ids).execute()
  return ids.length
}
