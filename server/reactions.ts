import { openFailEvent } from './fail-event.ts'
import { deliver } from './notifications/deliver.ts'
import { noteFriendship } from './notifications/note-friendship.ts'
import type { PostRoom } from './notifications/notify.ts'
import type { WantedEvents } from './orders/backfill-orders.ts'
import { ORDER_OVERDUE, reconcileSaid, SESSION_SAID } from './orders/found-events.ts'
import { findOrderIdByPayment } from './orders/orders.store.ts'
import { type OrderDesk, reconcileOrder } from './orders/reconcile-order.ts'
import type { Said } from './orders/session-glance.ts'
import { type Doorbell, type Job, type JobHandler, Later, type Log, Never } from './ports.ts'
import { MOST_ATTEMPTS } from './retry-policy.ts'
import { type Catalogue, refreshAgain } from './shop/catalogue.ts'

export type House = { desk: OrderDesk; delivery: PostRoom; catalogue: Catalogue; log: Log }

type StripeBell = Extract<Doorbell, { from: 'stripe' }>
type LineBell = Extract<Doorbell, { from: 'line' }>
/** `cause` is the event's id, which every message that comes of it carries. */
type Reaction<Bell> = (house: House, rang: Bell, cause: string) => Promise<unknown>

/** When X rings, call Y. What is not named here is recorded, answered 200, and nothing happens, on purpose. */
export const STRIPE_REACTIONS: Readonly<Record<string, Reaction<StripeBell>>> = {
  'checkout.session.completed': reconcileSession,
  'checkout.session.async_payment_succeeded': reconcileSession,
  'checkout.session.async_payment_failed': reconcileLapsedSession,
  'checkout.session.expired': reconcileSession,
  'charge.refunded': reconcilePayment,
  'charge.refund.updated': reconcilePayment,
  'refund.created': reconcilePayment,
  'refund.updated': reconcilePayment,
  'refund.failed': reconcilePayment,
  'charge.dispute.created': reconcilePayment,
  'charge.dispute.updated': reconcilePayment,
  'charge.dispute.closed': reconcilePayment,
  'charge.dispute.funds_withdrawn': reconcilePayment,
  'charge.dispute.funds_reinstated': reconcilePayment,
  'payment_link.created': refreshOffers,
  'payment_link.updated': refreshOffers,
  'product.created': refreshOffers,
  'product.updated': refreshOffers,
  'product.deleted': refreshOffers,
  'price.created': refreshOffers,
  'price.updated': refreshOffers,
  'price.deleted': refreshOffers,
}

/** Events of our own making: what was found by looking, not told. No letterbox takes them. */
const OUR_REACTIONS: Readonly<Record<string, Reaction<StripeBell>>> = {
  [SESSION_SAID.paid]: reconcileAsSaid('paid'),
  [SESSION_SAID.unpaid]: reconcileAsSaid('unpaid'),
  [SESSION_SAID.expired]: reconcileAsSaid('expired'),
  [ORDER_OVERDUE]: reconcileOpenOrder,
}

/** What to look for in Stripe's own book of events. The shelf is read as a whole, so one of its events will do. */
export const WANTED_EVENTS: readonly WantedEvents[] = [
  { types: typesWhere((reaction) => reaction !== refreshOffers) },
  { types: typesWhere((reaction) => reaction === refreshOffers), newestOnly: true },
]

function typesWhere(fits: (reaction: Reaction<StripeBell>) => boolean): string[] {
  return Object.keys(STRIPE_REACTIONS).filter((type) => fits(STRIPE_REACTIONS[type] as never))
}

export const LINE_REACTIONS: Readonly<Record<string, Reaction<LineBell>>> = {
  follow: ({ delivery }, rang) => noteFriendship(delivery, rang, 1),
  unfollow: ({ delivery }, rang) => noteFriendship(delivery, rang, 0),
}

/**
 * Does one job of the queue. Throwing means "again"; Never, that the row it is about says why not.
 * What failed is logged here, where it has a name; the queue tells only of its own trouble.
 */
export function createHandler(house: House): JobHandler {
  const failEvent = openFailEvent(house.delivery)
  return (job) => {
    const lastTry = job.attempts >= MOST_ATTEMPTS
    const done =
      job.kind === 'deliver'
        ? deliver(house.delivery, job.ref, { lastTry })
        : handleEvent(house, job.ref).catch((error) => failEvent(job.ref, error, lastTry))
    return done.catch((error) => sayFailure(house, job, error))
  }
}

/** Later is no failure, and whoever threw Never has said why. */
function sayFailure({ log }: House, job: Job & { attempts: number }, error: unknown): never {
  if (error instanceof Later || error instanceof Never) throw error
  const about = job.kind === 'deliver' ? { delivery: job.ref } : { event: job.ref }
  log.warn({ ...about, attempt: job.attempts, err: error }, 'a job failed; it is tried again')
  throw error
}

async function handleEvent(house: House, id: string): Promise<void> {
  const event = await house.delivery.store.db
    .selectFrom('events')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!event || event.handled_at) return
  const rang = JSON.parse(event.doorbell) as Doorbell
  if (rang.from === 'stripe')
    await (STRIPE_REACTIONS[event.type] ?? OUR_REACTIONS[event.type])?.(house, rang, id)
  else await LINE_REACTIONS[event.type]?.(house, rang, id)
  // Only now: marked before the work, a crash in between would lose the event for good.
  const { store, clock, meter } = house.delivery
  const done = { handled_at: clock.now().toISOString(), outcome: 'handled' as const, error: null }
  await store.transaction((tx) => tx.updateTable('events').set(done).where('id', '=', id).execute())
  meter.count('noren_events_total', { type: event.type, outcome: 'handled' })
  house.log.info({ event: id, type: event.type }, 'event handled')
}

async function reconcileSession({ desk }: House, rang: StripeBell, cause: string): Promise<void> {
  if (rang.objectId) await reconcileOrder(desk, rang.objectId, { cause, closed: true })
}

async function reconcileLapsedSession(
  { desk }: House,
  { objectId }: StripeBell,
  cause: string,
): Promise<void> {
  if (objectId) await reconcileOrder(desk, objectId, { cause, closed: true, lapsed: true })
}

function reconcileAsSaid(said: Said): Reaction<StripeBell> {
  return async ({ desk }, { objectId }, cause) => {
    if (objectId) await reconcileSaid(desk, objectId, said, cause)
  }
}

async function reconcileOpenOrder({ desk }: House, rang: StripeBell, cause: string): Promise<void> {
  if (rang.objectId) await reconcileOrder(desk, rang.objectId, { cause })
}

/** A refund or dispute names a payment; the order is the session it came from, seen before or not. */
async function reconcilePayment({ desk }: House, rang: StripeBell, cause: string): Promise<void> {
  const payment =
    rang.paymentIntent ?? (rang.objectId ? await desk.stripe.paymentOf(rang.objectId) : null)
  if (!payment) return
  const session =
    (await findOrderIdByPayment(desk.post.store.db, payment)) ??
    (await desk.stripe.sessionOfPayment(payment))
  if (session) await reconcileOrder(desk, session, { cause, closed: true })
}

async function refreshOffers({ catalogue }: House): Promise<void> {
  await refreshAgain(catalogue)
}
