import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { AccountRow, DeliveryKind, DeliveryRow } from '../store/tables.ts'

/** To the letter what the partial index says: with a bound value SQLite would scan every delivery ever made. */
export const IS_OPEN = sql<boolean>`state in ('pending', 'waiting')`
const IS_DEAD = sql<boolean>`state = 'dead'`
/** The same for the orders that were too old for their buyers. */
export const IS_LATE = sql<boolean>`kind = 'staff_late'`

export type NewDelivery = {
  subject: string
  kind: DeliveryKind
  account_id: string
  order_id: string | null
  body: string
  created_at: string
  cause: string | null
  /** Only kept for the list, never sent */
  state?: 'superseded'
  /** Since when it could leave, where that is not its own age */
  pending_since?: string
  /** What mail would say instead, and from when on */
  message?: string
  instead_at?: string
}

/** Inserts a delivery once per subject, kind and account. null: this was said before, by whomever. */
export async function insertDelivery(tx: Tx, delivery: NewDelivery): Promise<string | null> {
  const row = await tx
    .insertInto('deliveries')
    .values({
      state: 'pending',
      pending_since: delivery.created_at,
      ...delivery,
      id: randomUUID(),
      attempts: 0,
    })
    .onConflict((conflict) => conflict.columns(['subject', 'kind', 'account_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

export function findDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

/**
 * "Please pay at the shop" must not arrive after "thank you": what cannot have arrived yet is not said
 * any more. A first attempt that LINE clearly did not take is no attempt.
 */
export async function supersede(tx: Tx, subject: string, kind: DeliveryKind): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'superseded' })
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('state', 'in', ['pending', 'waiting'])
    .where('first_attempt_at', 'is', null)
    .execute()
}

const WITHDRAWN = sql<string>`'withdrawn:' || id`

/**
 * What has not begun to leave is withdrawn, and gives its key back: where the other channel cannot bring it
 * either, the same account must be able to hear of it after all. Returns the ids of those that were.
 */
export async function withdrawUnsent(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .updateTable('deliveries')
    .set({ state: 'superseded', body: '', message: null, instead_at: null, subject: WITHDRAWN })
    .where('id', 'in', ids)
    .where('state', 'in', ['pending', 'waiting'])
    .where('first_attempt_at', 'is', null)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Another channel brings it. `free`: its key is given back, so that this account may get it after all. */
export async function handOver(
  tx: Tx,
  { id }: Pick<DeliveryRow, 'id'>,
  error: string,
  { free = false } = {},
): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'superseded', body: '', message: null, instead_at: null, error })
    .$if(free, (freed) => freed.set({ subject: WITHDRAWN }))
    .where('id', '=', id)
    .execute()
}

/** All that there is of one piece of news, to whomever. */
export function saidOf(tx: Tx, subject: string, kind: DeliveryKind): Promise<DeliveryRow[]> {
  return tx
    .selectFrom('deliveries')
    .selectAll()
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .execute()
}

/**
 * An older message about the same order that is still on its way to the same account. Paid and
 * refunded may be found out in one go, at one time: the receipt still goes first.
 */
export async function hasEarlierOpen(db: Db, delivery: DeliveryRow): Promise<boolean> {
  const open = await db
    .selectFrom('deliveries')
    .select(['kind', 'created_at'])
    .where('account_id', '=', delivery.account_id)
    .where(IS_OPEN)
    .where('state', '=', 'pending')
    .where('order_id', '=', delivery.order_id)
    .execute()
  return open.some(
    ({ kind, created_at }) =>
      created_at < delivery.created_at ||
      (created_at === delivery.created_at && kind !== 'refunded' && delivery.kind === 'refunded'),
  )
}

/** Changes a delivery that is still on its way. False: somebody else has finished or withdrawn it. */
export async function updatePending(
  db: Db,
  id: string,
  change: Partial<Omit<DeliveryRow, 'id' | 'body' | 'message'>> & { body?: ''; message?: null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What waits for this account to become reachable. */
export async function waitingFor(tx: Tx, accountId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('account_id', '=', accountId)
    .where(IS_OPEN)
    .where('state', '=', 'waiting')
    .orderBy('created_at')
    .execute()
  return rows.map(({ id }) => id)
}

/** What waited for this account to become reachable is pending again; returns the ids. */
export async function releaseWaiting(tx: Tx, accountId: string, now: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('deliveries')
    .set({ state: 'pending', pending_since: now.toISOString() })
    .where('account_id', '=', accountId)
    .where(IS_OPEN)
    .where('state', '=', 'waiting')
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** The channel stands in front of the account's id. */
export const isOn = (channel: AccountRow['channel']) =>
  sql<boolean>`account_id like ${sql.lit(`${channel}:%`)}`

/** The message whose retry key began to age last, of those that are still on their way over this channel. */
export async function newestBegun(db: Db, channel: AccountRow['channel']): Promise<string | null> {
  const row = await db
    .selectFrom('deliveries')
    .select('id')
    .where(IS_OPEN)
    .where('state', '=', 'pending')
    .where(isOn(channel))
    .where('first_attempt_at', 'is not', null)
    .orderBy('first_attempt_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** On their way over one channel. */
export async function countPending(tx: Db | Tx, channel: AccountRow['channel']): Promise<number> {
  const { count } = await tx
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(IS_OPEN)
    .where('state', '=', 'pending')
    .where(isOn(channel))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Messages that a person must look at; of an outage, those given up from its beginning on. */
export async function countDead(
  tx: Db | Tx,
  outage?: { since: string; channel: AccountRow['channel'] },
): Promise<number> {
  const { count } = await tx
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(IS_DEAD)
    .$if(outage !== undefined, (query) =>
      query.where('died_at', '>=', outage?.since ?? '').where(isOn(outage?.channel ?? 'line')),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}
