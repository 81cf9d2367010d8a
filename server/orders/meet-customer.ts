import { nearestLanguage } from '../../shared/language.ts'
import { hasRoles, roleOfItems, rulesOf } from '../memberships/reasons.ts'
import { type MemberDesk, reconcileMembership } from '../memberships/reconcile-membership.ts'
import { isLiving } from '../memberships/standing.ts'
import { findCustomer } from '../memberships/subscriptions.store.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { isLeftAlone, meetsPayers } from '../people/payers.ts'
import { ringBell } from '../people/ring-bell.ts'
import { type Db, Later } from '../ports.ts'
import { openedAt } from './bookmark.ts'
import { meet } from './meet-payer.ts'
import type { OrderDesk } from './reconcile-order.ts'
import { mayBeOurs } from './session-glance.ts'
import { settleSession } from './settle-session.ts'

export type PayerDesk = { desk: OrderDesk; members: MemberDesk }

/**
 * A checkout tells of its customer before it is over, and its reference may say whose they are: until then
 * nobody is made of them. By then the session has been heard of, and this costs no question to Stripe.
 */
const GRACE_SECONDS = 300
/** A page at Stripe that is still open; it lives for a day. */
const OPEN_PAGE_SECONDS = 600

/**
 * An event told of a customer that nobody knows: rung for once for each subscription, and for each customer
 * where everybody counts. Most may be another product's, and their invoices tell nothing new each month; who
 * comes to subscribe to a role in another way is met by the daily look.
 */
export async function awaitCustomer(
  post: PostRoom,
  customer: string,
  about: string | null,
): Promise<void> {
  if (!meetsPayers(post)) return
  if (!about || !isWorthALook(post, customer, about)) return
  if (await findCustomer(post.store.db, customer)) return
  await post.store.transaction((tx) =>
    ringBell(post, tx, {
      kind: 'payer',
      about: customer,
      id: `${customer}_${about}`,
      after: GRACE_SECONDS,
    }),
  )
}

/** Who has bought nothing is a buyer of nothing; what they buy tells of itself, but for a subscription. */
function isWorthALook({ shop }: PostRoom, customer: string, about: string): boolean {
  if (shop.payers === 'everybody' && about === customer) return true
  return about.startsWith('sub_') && (shop.payers === 'everybody' || hasRoles(shop))
}

/**
 * Who is this customer? Known, or none who buys what this shop sells (`payers` in shop.config.ts): nothing is
 * to be done. Else their sessions are asked for, since one with a sealed reference says it; only then a
 * person without a LINE account is made, with a membership as anybody's, and a mail with a link. From
 * what Stripe says now, whatever rang. Throws Later while a page of theirs is open.
 */
export async function meetCustomer(
  parts: PayerDesk,
  customer: string,
  cause: string | null = null,
): Promise<void> {
  const { desk, members } = parts
  const { post, stripe } = desk
  const isKnown = async () => (await findCustomer(post.store.db, customer)) !== undefined
  if (!meetsPayers(post) || (await isKnown())) return
  // Forgotten, and paying on at Stripe: each day's look would ask about them for years.
  if (await isLeftAlone(post.store.db, customer)) return
  if (!(await isOurs(parts, customer))) return
  const open = await settleSessionsOf(parts, customer, cause)
  if (await isKnown()) return
  if (open) throw new Later(OPEN_PAGE_SECONDS, `a page of ${customer} is still open at Stripe`)
  const payer = await stripe.fetchPayer(customer)
  if (!payer) return
  await post.store.transaction((tx) =>
    meet(post, tx, {
      ...{ customer, told: customer, email: payer.email, name: payer.name },
      language: nearestLanguage(payer.locale) ?? null,
    }),
  )
  await reconcileMembership(members, customer, cause)
}

/**
 * Each of ours goes its usual way; who bought before there was this house is met all the same, but that sale is
 * none to report. True: one is still to be paid.
 */
async function settleSessionsOf(
  parts: PayerDesk,
  customer: string,
  cause: string | null,
): Promise<boolean> {
  const { stripe, rules, post } = parts.desk
  const opened = await openedAt(post.store.db, post.clock.now())
  const house = { rules, livemode: stripe.livemode, opened }
  const ours = (await stripe.sessionsOfCustomer(customer)).filter((each) => mayBeOurs(each, house))
  for (const { id, session } of ours)
    if (session === 'complete') await settleSession(parts, id, cause)
  return ours.some(({ session }) => session === 'open')
}

async function isOurs({ desk, members }: PayerDesk, customer: string): Promise<boolean> {
  const { post, stripe } = desk
  if (post.shop.payers === 'everybody') return true
  if (await hasOrder(post.store.db, customer)) return true
  const { subscriptions } = await stripe.fetchCustomer(customer)
  const rules = rulesOf(members.post.shop)
  return subscriptions.some((each) => isLiving(each) && roleOfItems(each.items, rules) !== null)
}

async function hasOrder(db: Db, customer: string): Promise<boolean> {
  const row = await db
    .selectFrom('orders')
    .select('id')
    .where('customer', '=', customer)
    .where('status', '!=', 'expired')
    .executeTakeFirst()
  return row !== undefined
}
