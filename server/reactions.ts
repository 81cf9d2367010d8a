import { answerChat, type ChatDesk } from './chat/answer-chat.ts'
import { answerCommand, type CommandDesk } from './chat/answer-command.ts'
import { openFailEvent } from './fail-event.ts'
import { type OutboundDesk, sendOutbound } from './integrations/send-outbound.ts'
import { renewalNotice } from './memberships/ahead.ts'
import { forgiveOldKey } from './memberships/forgive-old-key.ts'
import { invitePayer } from './memberships/invite-payer.ts'
import { hasRoles } from './memberships/reasons.ts'
import {
  type MemberDesk,
  reconcileDispute,
  reconcileMembership,
} from './memberships/reconcile-membership.ts'
import { reconcilePerson } from './memberships/reconsider-due.ts'
import { refreshPayer } from './memberships/refresh-payer.ts'
import { findCustomer, livingOf } from './memberships/subscriptions.store.ts'
import { bringHere } from './notifications/another-way.ts'
import { deliver } from './notifications/deliver.ts'
import { noteFriendship } from './notifications/note-friendship.ts'
import type { PostRoom } from './notifications/notify.ts'
import type { WantedEvents } from './orders/backfill-orders.ts'
import { ORDER_OVERDUE, reconcileSaid, SESSION_SAID } from './orders/found-events.ts'
import { awaitCustomer, meetCustomer } from './orders/meet-customer.ts'
import { findOrderIdByPayment } from './orders/orders.store.ts'
import { type OrderDesk, reconcileOrder } from './orders/reconcile-order.ts'
import type { Said } from './orders/session-glance.ts'
import { settleSession } from './orders/settle-session.ts'
import { shutPage } from './orders/shut-page.ts'
import { tellOfDisputedRenewal } from './orders/tell-staff-of-order.ts'
import { noteCustomer } from './people/note-customer.ts'
import { OWN_BELLS } from './people/ring-bell.ts'
import { type Doorbell, type Job, type JobHandler, Later, type Log, Never } from './ports.ts'
import { MOST_ATTEMPTS } from './retry-policy.ts'
import { type Catalogue, refreshAgain } from './shop/catalogue.ts'
import { type SignDesk, showSign } from './signs/show-sign.ts'
import { sweepPage } from './signs/sweep-roles.ts'
import { takeFromStrangers } from './signs/take-from-strangers.ts'
import { renewSign } from './signs/wish-sign.ts'

export type House = {
  desk: OrderDesk
  delivery: PostRoom
  catalogue: Catalogue
  members: MemberDesk
  signs: SignDesk
  chat: ChatDesk
  /** null: the shop is in no chat that knows commands */
  commands: CommandDesk | null
  outbound: OutboundDesk
  log: Log
}

type StripeBell = Extract<Doorbell, { from: 'stripe' }>
type LineBell = Extract<Doorbell, { from: 'line' }>
type DiscordBell = Extract<Doorbell, { from: 'discord' }>
type OwnBell = Extract<Doorbell, { from: 'noren' }>
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
  'charge.dispute.created': reconcileDisputed,
  'charge.dispute.updated': reconcileDisputed,
  'charge.dispute.closed': reconcileDisputed,
  'charge.dispute.funds_withdrawn': reconcileDisputed,
  'charge.dispute.funds_reinstated': reconcileDisputed,
  'customer.created': reconcileMember,
  'customer.updated': refreshCustomer,
  'customer.deleted': reconcileMember,
  'customer.subscription.created': reconcileMember,
  'customer.subscription.updated': reconcileMember,
  'customer.subscription.deleted': reconcileMember,
  'customer.subscription.paused': reconcileMember,
  'customer.subscription.resumed': reconcileMember,
  'customer.subscription.trial_will_end': reconcileMember,
  'customer.subscription.pending_update_applied': reconcileMember,
  'customer.subscription.pending_update_expired': reconcileMember,
  'invoice.finalized': reconcileMember,
  'invoice.marked_uncollectible': reconcileMember,
  'invoice.overdue': reconcileMember,
  'invoice.paid': reconcileMember,
  'invoice.payment_action_required': reconcileMember,
  'invoice.payment_failed': reconcileMember,
  'invoice.upcoming': reconcileUpcoming,
  'invoice.updated': reconcileMember,
  'invoice.voided': reconcileMember,
  'entitlements.active_entitlement_summary.updated': reconcileMember,
  'payment_method.attached': reconcileCard,
  'payment_method.automatically_updated': reconcileCard,
  'payment_method.updated': reconcileCard,
  'test_helpers.test_clock.ready': reconcileClock,
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

/** About something of ours; who rings them says why (people/ring-bell.ts). */
const HOUSE_REACTIONS: Readonly<Record<string, Reaction<OwnBell>>> = {
  [OWN_BELLS.customer]: ({ members }, { about }, cause) =>
    reconcileMembership(members, about, cause),
  [OWN_BELLS.person]: ({ members }, { about }, cause) => reconcilePerson(members, about, cause),
  [OWN_BELLS.sign]: ({ signs }, { about }) => showSign(signs, about),
  [OWN_BELLS.payer]: (house, { about }, cause) => meetCustomer(house, about, cause),
  [OWN_BELLS.invite]: ({ members }, { about }, cause) => invitePayer(members.post, about, cause),
  [OWN_BELLS.note]: ({ members, log }, { about }) =>
    noteCustomer({ ...members.post, stripe: members.stripe, log }, about),
  [OWN_BELLS.page]: (house, { about }, cause) => shutPage(house, about, cause),
  [OWN_BELLS.look]: ({ signs }, { about }) => showSign(signs, about, { look: true }),
  [OWN_BELLS.members]: ({ signs }, { about }) => sweepPage(signs, about),
  [OWN_BELLS.strangers]: ({ signs }) => takeFromStrangers(signs),
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
  follow: ({ delivery }, rang) =>
    noteFriendship(delivery, rang, 1, async (tx, accountId) => {
      await bringHere(delivery, tx, accountId)
      await renewSign(delivery, tx, accountId)
    }),
  unfollow: ({ delivery }, rang) => noteFriendship(delivery, rang, 0),
  message: ({ chat }, rang) => answerChat(chat, rang),
  postback: ({ chat }, rang) => answerChat(chat, rang),
}

export const DISCORD_REACTIONS: Readonly<Record<string, Reaction<DiscordBell>>> = {
  interaction: async ({ commands }, rang, cause) =>
    commands && answerCommand(commands, rang, cause),
}

/**
 * Does one job of the queue. Throwing means "again"; Never, that the row it is about says why not.
 * What failed is logged here, where it has a name; the queue tells only of its own trouble.
 */
export function createHandler(house: House): JobHandler {
  const failEvent = openFailEvent(house.delivery)
  return (job) => {
    const lastTry = job.attempts >= MOST_ATTEMPTS
    const work = {
      deliver: () => deliver(house.delivery, job.ref, { lastTry }),
      event: () => handleEvent(house, job.ref).catch((error) => failEvent(job.ref, error, lastTry)),
      outbound: () => sendOutbound(house.outbound, job.ref),
    }
    return work[job.kind]().catch((error) => sayFailure(house, job, error))
  }
}

/** Later is no failure, and whoever threw Never has said why. */
function sayFailure({ log }: House, job: Job & { attempts: number }, error: unknown): never {
  if (error instanceof Later || error instanceof Never) throw error
  const name = { deliver: 'delivery', event: 'event', outbound: 'webhook' }[job.kind]
  log.warn(
    { [name]: job.ref, attempt: job.attempts, err: error },
    'a job failed; it is tried again',
  )
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
  else if (rang.from === 'noren') await HOUSE_REACTIONS[event.type]?.(house, rang, id)
  else if (rang.from === 'discord') await DISCORD_REACTIONS[event.type]?.(house, rang, id)
  else if (rang.from === 'line') await LINE_REACTIONS[event.type]?.(house, rang, id)
  // Only now: marked before the work, a crash in between would lose the event for good.
  const { store, clock, meter } = house.delivery
  const done = { handled_at: clock.now().toISOString(), outcome: 'handled' as const, error: null }
  await store.transaction((tx) => tx.updateTable('events').set(done).where('id', '=', id).execute())
  meter.count('noren_events_total', { type: event.type, outcome: 'handled' })
  house.log.info({ event: id, type: event.type }, 'event handled')
}

async function reconcileSession(house: House, rang: StripeBell, cause: string): Promise<void> {
  if (rang.objectId) await settleSession(house, rang.objectId, cause)
}

/** Whatever rang, one look at all that this customer subscribes to. */
async function reconcileMember({ members }: House, rang: StripeBell, cause: string): Promise<void> {
  const { objectId } = rang
  const customer =
    rang.customer ?? (objectId ? await members.stripe.customerOfObject(objectId) : null)
  if (!customer || (await reconcileMembership(members, customer, cause))) return
  await awaitCustomer(members.post, customer, objectId)
}

/** Somebody has changed what Stripe holds of a customer: their card, or where they are written to. */
async function refreshCustomer(house: House, rang: StripeBell, cause: string): Promise<void> {
  await reconcileCard(house, rang, cause)
  if (rang.objectId) await refreshPayer(house.members, rang.objectId, cause)
}

/** A card matters to who is charged again; where nothing lives, and at each first purchase, nobody is asked. */
async function reconcileCard(house: House, rang: StripeBell, cause: string): Promise<void> {
  const { stripe, post } = house.members
  const { customer, objectId } = rang
  const whose = customer ?? (objectId && (await stripe.customerOfObject(objectId)))
  if (whose && (await livingOf(post.store.db, whose)).length > 0)
    await reconcileMembership(house.members, whose, cause)
}

/** Told of each payment, and most are monthly ones that nobody is told of: those must not cost two questions each. */
async function reconcileUpcoming(
  { members }: House,
  rang: StripeBell,
  cause: string,
): Promise<void> {
  const { customer } = rang
  if (!customer) return
  const living = await livingOf(members.post.store.db, customer)
  if (living.some((each) => renewalNotice(each)))
    await reconcileMembership(members, customer, cause)
}

/** A test clock has moved: what it made due at Stripe has rung, and our own periods of grace have not. */
async function reconcileClock({ members }: House, rang: StripeBell, cause: string): Promise<void> {
  const { db } = members.post.store
  const rows = await db
    .selectFrom('subscriptions')
    .select('customer_id')
    .distinct()
    .where('clock_at', 'is not', null)
    .execute()
  if (rang.objectId)
    for (const { customer_id } of rows) await reconcileMembership(members, customer_id, cause)
}

/** A bank asks for an order's money, or for a membership's: each of its renewals is a payment of its own. */
async function reconcileDisputed(house: House, rang: StripeBell, cause: string): Promise<void> {
  const { desk, members } = house
  await reconcilePayment(house, rang, cause)
  const payment = await paymentOf(house, rang)
  const paid =
    payment && hasRoles(members.post.shop) && (await members.stripe.subscriptionOfPayment(payment))
  if (!paid) return
  const session = await members.stripe.sessionOfSubscription(paid.subscription)
  // It may be the first that we hear of them: the session says whose they are.
  if (session && !(await findCustomer(desk.post.store.db, paid.customer)))
    await reconcileOrder(desk, session, { cause, closed: true })
  await reconcileDispute(members, { ...paid, payment }, cause)
  if (session) await tellOfDisputedRenewal(desk.post, { ...paid, session, payment, cause })
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
async function reconcilePayment(house: House, rang: StripeBell, cause: string): Promise<void> {
  const { desk } = house
  const payment = await paymentOf(house, rang)
  if (!payment) return
  const session =
    (await findOrderIdByPayment(desk.post.store.db, payment)) ??
    (await desk.stripe.sessionOfPayment(payment)) ??
    (await forgiveOldKey(desk.post.shop, desk.stripe.sessionOfFirstPayment(payment)))
  if (session) await reconcileOrder(desk, session, { cause, closed: true })
}

async function paymentOf({ desk }: House, rang: StripeBell): Promise<string | null> {
  if (rang.paymentIntent) return rang.paymentIntent
  return rang.objectId ? desk.stripe.paymentOf(rang.objectId) : null
}

async function refreshOffers({ catalogue }: House): Promise<void> {
  await refreshAgain(catalogue)
}
