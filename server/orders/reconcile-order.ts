import type { Konbini } from '../../shared/api.ts'
import { notifyBuyer, notifyStaff, type PostRoom } from '../notifications/notify.ts'
import { askProfile } from '../people/ask-profile.ts'
import { ensureAccount, findAccount, lineAccountId, linkCustomer } from '../people/people.store.ts'
import type { CheckoutFacts, StripeGateway, Tx } from '../ports.ts'
import type { AccountRow, OrderRow } from '../store/tables.ts'
import { newsOf } from './order-news.ts'
import { isPaid, mayBecome, orderStatus } from './order-status.ts'
import { findOrder, insertOrder, updateOrder } from './orders.store.ts'
import { type OwnershipRules, type Whose, whoseOrder } from './whose-order.ts'

export type OrderDesk = {
  stripe: StripeGateway
  post: PostRoom
  rules: OwnershipRules
  /** Something went wrong that does not stop the order: to the log. */
  report: (error: unknown) => void
}

/** Two writers can only keep missing each other while new events keep coming. */
const MOST_FETCHES = 5

/**
 * Brings one order to what Stripe says now, whatever rang: a webhook, the backfill, the return page.
 * Fetches outside any transaction; then, in one, compares with what is stored, writes the new state
 * and a delivery for each change. If somebody else wrote in between, it fetches again, so that the
 * order in which events arrive cannot matter.
 *
 * `closed`: the doorbell said that the session is over, so an answer that calls it open is out of date.
 * `lapsed`: the doorbell said async_payment_failed, which is final for a session that is still unpaid.
 * null: not ours, not known to Stripe in this mode, or still open. Throws when Stripe does not answer.
 */
export async function reconcileOrder(
  desk: OrderDesk,
  sessionId: string,
  hint: { closed?: boolean; lapsed?: boolean } = {},
): Promise<OrderRow | null> {
  for (let fetches = 0; fetches < MOST_FETCHES; fetches++) {
    const seen = (await findOrder(desk.post.store.db, sessionId))?.version ?? 0
    const facts = await desk.stripe.fetchCheckout(sessionId)
    if (!facts || facts.livemode !== desk.stripe.livemode) return null
    if (hint.lapsed && facts.payment === 'unpaid') facts.intent = 'failed'
    const whose = whoseOrder(facts, desk.rules)
    if (!whose) return null
    if (orderStatus(facts) === null) {
      if (hint.closed) throw new Error(`Stripe still calls session ${sessionId} open`)
      return null
    }
    await introduce(desk, whose)
    const written = await desk.post.store.transaction((tx) => write(desk, tx, facts, whose, seen))
    if (written !== 'stale') return written
  }
  throw new Error(`order ${sessionId} changed under ${MOST_FETCHES} fetches in a row`)
}

/** Learns the name of a buyer who never logged in; LINE being away must not hold up the order. */
async function introduce(desk: OrderDesk, whose: Whose): Promise<void> {
  if (!whose.userId) return
  const { store, clock } = desk.post
  const id = lineAccountId(whose.userId)
  const known = await findAccount(store.db, id)
  if (known?.name) return
  if (known?.profile_at && isFresh(known.profile_at, clock.now())) return
  const userId = whose.userId
  const account = known ?? (await store.transaction((tx) => ensureAccount(tx, userId, clock.now())))
  await askProfile(desk.post, account).catch(desk.report)
}

/** An account that LINE would not describe is asked for again a day later at the soonest. */
function isFresh(profileAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(profileAt) < 86_400_000
}

async function write(
  desk: OrderDesk,
  tx: Tx,
  facts: CheckoutFacts,
  whose: Whose,
  seen: number,
): Promise<OrderRow | 'stale'> {
  const before = await findOrder(tx, facts.id)
  if ((before?.version ?? 0) !== seen) return 'stale'
  const status = orderStatus(facts)
  if (status === null || (before && !mayBecome(before.status, status))) return before ?? 'stale'
  const order = before
    ? await updateOrder(tx, before, facts, status)
    : await open(desk, tx, facts, whose, status)
  if (order.customer && order.person_id && order.ownership !== 'bare')
    await linkCustomer(tx, order.customer, order.person_id, desk.post.clock.now())
  await announce(desk.post, tx, order, { before, facts })
  return order
}

async function open(
  desk: OrderDesk,
  tx: Tx,
  facts: CheckoutFacts,
  whose: Whose,
  status: OrderRow['status'],
): Promise<OrderRow> {
  const now = desk.post.clock.now()
  const owner: AccountRow | null = whose.userId ? await ensureAccount(tx, whose.userId, now) : null
  return insertOrder(tx, facts, {
    status,
    account_id: owner?.id ?? null,
    person_id: owner?.person_id ?? null,
    ownership: whose.ownership,
    source: whose.source,
    reference_forged: whose.forged ? 1 : 0,
    recorded_at: now.toISOString(),
  })
}

/** Turns what changed into messages. What was said before is not said again: a unique key sees to it. */
async function announce(
  post: PostRoom,
  tx: Tx,
  order: OrderRow,
  change: { before: OrderRow | undefined; facts: CheckoutFacts },
): Promise<void> {
  const news = await newsOf(tx, order)
  const was = change.before?.status
  const late = isLate(post, happenedAt(order, change.before))
  if (isPaid(order.status) && !isPaid(was)) {
    await notifyStaff(post, tx, news, late ? 'staff_late' : 'staff_paid')
    if (!late) await notifyBuyer(post, tx, news, { kind: 'paid', subject: order.id })
  }
  if ((order.status === 'awaiting_payment' || order.status === 'failed') && order.status !== was)
    if (!late) await notifyBuyer(post, tx, news, { kind: order.status, subject: order.id })
  for (const refund of change.facts.refunds)
    if (!isLate(post, refund.createdAt))
      await notifyBuyer(post, tx, news, {
        kind: 'refunded',
        subject: refund.id,
        refund: refund.amount,
      })
}

/** A konbini order lapses days after it was made, so its age alone would make every lapse old news. */
function happenedAt(order: OrderRow, before: OrderRow | undefined): string {
  if (order.paid_at) return order.paid_at
  const deadline = before?.konbini && (JSON.parse(before.konbini) as Konbini).expiresAt
  return (order.status === 'failed' && deadline) || order.created_at
}

/** After a long outage nobody should hear at 3 a.m. of what they bought a week ago. */
function isLate(post: PostRoom, at: string): boolean {
  const hours = (post.clock.now().getTime() - Date.parse(at)) / 3_600_000
  return hours > (post.shop.lateAfter ?? 72)
}
