import type { PostRoom } from '../notifications/notify.ts'
import { releaseMessages } from '../notifications/release-messages.ts'
import { askProfile } from '../people/ask-profile.ts'
import {
  channelOf,
  chatAccountId,
  ensureAccount,
  findAccount,
  holderOf,
  lockAccount,
} from '../people/people.store.ts'
import { utmOfVisit } from '../people/visits.store.ts'
import { type CheckoutFacts, Closing, type StripeGateway, type Tx } from '../ports.ts'
import type { AccountRow, OrderRow } from '../store/tables.ts'
import { announce } from './announce-order.ts'
import { emitOrder } from './emit-order.ts'
import { meetPayer, payerOf } from './meet-payer.ts'
import { logContents } from './order-contents.ts'
import { isPaid, mayBecome, orderStatus } from './order-status.ts'
import { findOrder, insertOrder, updateOrder } from './orders.store.ts'
import { keepRefunds } from './refunds.store.ts'
import { tellMembership } from './tell-membership.ts'
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
 * `cause`: what rang, by its id; the messages that come of it carry it.
 * `closed`: the doorbell said that the session is over, so an answer that calls it open, or knows none, is out of date.
 * `claimant`: the account that asks on the return page, which owns the order if its reference names nobody.
 * `lapsed`: the doorbell said async_payment_failed, which is final for a session that is still unpaid.
 * null: not ours, not known to Stripe in this mode, or still open. Throws when Stripe does not answer.
 */
export async function reconcileOrder(
  desk: OrderDesk,
  sessionId: string,
  hint: { cause?: string; closed?: boolean; lapsed?: boolean; claimant?: string } = {},
): Promise<OrderRow | null> {
  for (let fetches = 0; fetches < MOST_FETCHES; fetches++) {
    const known = await findOrder(desk.post.store.db, sessionId)
    const seen = known?.version ?? 0
    const facts = await desk.stripe.fetchCheckout(sessionId)
    // Handled without having seen it, it would be lost: what somebody rang for is there, or will be.
    if (!facts && hint.closed) throw new Error(`Stripe does not know session ${sessionId} (yet)`)
    if (!facts || facts.livemode !== desk.stripe.livemode) return null
    if (hint.lapsed && facts.payment === 'unpaid') facts.intent = 'failed'
    const whose = withClaimant(whoseOrder(facts, desk.rules), hint.claimant)
    if (!whose) return null
    if (orderStatus(facts) === null) {
      if (hint.closed) throw new Error(`Stripe still calls session ${sessionId} open`)
      return null
    }
    // An order that is there keeps the owner it has; one that was forgotten must not come back by its reference.
    if (!known || known.account_id) await introduce(desk, whose, known)
    const written = await desk.post.store.transaction((tx) =>
      write(desk, tx, { facts, whose, seen, cause: hint.cause ?? null }),
    )
    if (written === 'stale') continue
    if (isPaid(written.status) && !isPaid(known?.status)) logContents(desk.post.log, facts)
    return written
  }
  throw new Error(`order ${sessionId} changed under ${MOST_FETCHES} fetches in a row`)
}

function withClaimant(whose: Whose | null, claimant: string | undefined): Whose | null {
  if (!whose || whose.userId || !claimant) return whose
  return { ...whose, userId: holderOf(claimant), ownership: 'claimed' }
}

/**
 * Learns the name of a buyer who never logged in; LINE being away must not hold up the order. In any other
 * chat they have spoken to us before they could pay.
 */
async function introduce(desk: OrderDesk, whose: Whose, order?: OrderRow): Promise<void> {
  if (!whose.userId) return
  const { store, clock } = desk.post
  const id = chatAccountId(whose.userId)
  if (channelOf(id) !== 'line') return
  const known = await findAccount(store.db, id)
  if (known?.name) return
  // Whoever owns an order has an account, unless they were forgotten while Stripe was asked.
  if (!known && order) return
  if (known?.profile_at && isFresh(known.profile_at, clock.now())) return
  const userId = whose.userId
  const account = known ?? (await store.transaction((tx) => ensureAccount(tx, userId, clock.now())))
  const whenBack = (tx: Tx, buyer: string) => releaseMessages(desk.post, tx, buyer)
  await askProfile(desk.post, account, whenBack).catch((error: unknown) => {
    // Not LINE's absence but our own: the next start asks, so that nobody is written to in a wrong language.
    if (error instanceof Closing) throw error
    desk.report(error)
  })
}

/** An account that LINE would not describe is asked for again a day later at the soonest. */
function isFresh(profileAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(profileAt) < 86_400_000
}

async function write(
  desk: OrderDesk,
  tx: Tx,
  found: { facts: CheckoutFacts; whose: Whose; seen: number; cause: string | null },
): Promise<OrderRow | 'stale'> {
  const { facts, whose, seen, cause } = found
  const before = await findOrder(tx, facts.id)
  if ((before?.version ?? 0) !== seen) return 'stale'
  const status = orderStatus(facts)
  if (status === null || (before && !mayBecome(before.status, status))) return before ?? 'stale'
  const order = before
    ? await updateOrder(tx, before, facts, status)
    : await open(desk, tx, facts, whose, status)
  if (order === 'stale') return order
  await meetPayer(desk.post, tx, order, facts)
  if (before?.refunded || order.refunded) await keepRefunds(tx, facts)
  await tellMembership(desk.post, tx, order)
  await announce(desk.post, tx, order, { before, facts, cause })
  await emitOrder(desk.post, tx, order, { before, facts })
  return order
}

async function open(
  desk: OrderDesk,
  tx: Tx,
  facts: CheckoutFacts,
  whose: Whose,
  status: OrderRow['status'],
): Promise<OrderRow | 'stale'> {
  const now = desk.post.clock.now()
  const owner = whose.userId ? await ownerNamed(tx, whose.userId, now) : null
  const payer = owner || whose.forged ? null : await payerOf(desk.post, tx, facts, status)
  const { source, issuedAt } = whose
  return insertOrder(tx, facts, {
    status,
    account_id: owner?.id ?? payer?.account?.id ?? null,
    person_id: owner?.person_id ?? payer?.personId ?? null,
    ownership: payer ? 'payer' : whose.ownership,
    source,
    utm: owner && (await utmOfVisit(tx, owner.id, { source, issuedAt, offer: facts.link })),
    reference_forged: whose.forged ? 1 : 0,
    recorded_at: now.toISOString(),
  })
}

/** Held until the order is written: an account that leaves its person in this moment takes the order along. */
async function ownerNamed(tx: Tx, userId: string, now: Date): Promise<AccountRow> {
  const account = await ensureAccount(tx, userId, now)
  return (await lockAccount(tx, account.id)) ?? account
}
