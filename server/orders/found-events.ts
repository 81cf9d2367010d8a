import type { PostRoom } from '../notifications/notify.ts'
import type { Db, Doorbell, MissedEvent, SessionGlance } from '../ports.ts'
import type { NewEvent, OrderRow } from '../store/tables.ts'
import { findOrder } from './orders.store.ts'
import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'
import { isHeld, type Said, saidOf } from './session-glance.ts'

/** Events that no vendor sent: we looked, and rang ourselves. The reactions know them by these names. */
export const SESSION_SAID = {
  paid: 'noren.session_paid',
  unpaid: 'noren.session_unpaid',
  expired: 'noren.session_expired',
} as const satisfies Record<Said, string>
export const ORDER_OVERDUE = 'noren.order_overdue'

/**
 * The letterbox's own way in: event and job in one transaction, and known ids change nothing, so that
 * whoever looks twice rings once, and an event that Stripe delivers after all is known by then.
 * Returns the ids of those that were new.
 */
export async function recordFound(
  { store, meter }: Pick<PostRoom, 'store' | 'meter'>,
  events: readonly NewEvent[],
): Promise<string[]> {
  if (events.length === 0) return []
  // In order, so that two who write the same rows on Postgres wait for each other and never both.
  const inOrder = events.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const added = await store.transaction(async (tx) => {
    const fresh = await tx
      .insertInto('events')
      .values(inOrder)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning(['id', 'type'])
      .execute()
    await store.enqueue(
      tx,
      fresh.map(({ id }) => ({ kind: 'event', ref: id })),
    )
    return fresh
  })
  for (const { type } of added) meter.count('noren_events_total', { type, outcome: 'received' })
  return added.map(({ id }) => id)
}

export function missedRow({ id, type, doorbell }: MissedEvent, now: Date): NewEvent {
  return row(id, type, doorbell, now)
}

/** Once for each session and what it says: when that changes, it is another event. */
export function saidRow(glance: SessionGlance, said: Said, now: Date): NewEvent {
  const id = `noren_${said}_${glance.id}`
  return row(id, SESSION_SAID[said], bellOf(glance.id, glance.livemode), now)
}

/** Once a day for each order: one that Stripe itself calls unpaid must not be asked for each hour. */
export function overdueRow(order: OrderRow['id'], livemode: boolean, now: Date): NewEvent {
  return row(overdueId(order, now), ORDER_OVERDUE, bellOf(order, livemode), now)
}

export function overdueId(order: string, now: Date): string {
  return `noren_overdue_${now.toISOString().slice(0, 10)}_${order}`
}

/** Brings an order to what a list said of it, unless a webhook was quicker: then Stripe is not asked again. */
export async function reconcileSaid(
  desk: OrderDesk,
  sessionId: string,
  said: Said,
  cause: string,
): Promise<void> {
  const order = await findOrder(desk.post.store.db, sessionId)
  if (!isHeld(said, order?.status)) await reconcileOrder(desk, sessionId, { cause, closed: true })
}

/** Those of a page that say something else than we hold, as events of our own. */
export async function newsOnPage(
  db: Db,
  page: readonly SessionGlance[],
  now: Date,
): Promise<NewEvent[]> {
  if (page.length === 0) return []
  const ids = page.map(({ id }) => id)
  const held = await db
    .selectFrom('orders')
    .select(['id', 'status'])
    .where('id', 'in', ids)
    .execute()
  const statusOf = new Map(held.map(({ id, status }) => [id, status]))
  return page.flatMap((glance) => {
    const said = saidOf(glance)
    return said && !isHeld(said, statusOf.get(glance.id)) ? [saidRow(glance, said, now)] : []
  })
}

function bellOf(objectId: string, livemode: boolean): Doorbell {
  return { from: 'stripe', objectId, paymentIntent: null, livemode }
}

function row(id: string, type: string, doorbell: Doorbell, now: Date): NewEvent {
  const received_at = now.toISOString()
  return {
    id,
    source: 'stripe',
    type,
    doorbell: JSON.stringify(doorbell),
    received_at,
    handled_at: null,
    outcome: null,
  }
}
