import type { SubscribedItem } from '../ports.ts'
import type { MembershipRules, Role, ShopConfig } from '../shop/define-shop.ts'
import type { OrderRow, SubscriptionRow } from '../store/tables.ts'
import { daysFrom, type Standing, standingOf, timeOf } from './standing.ts'

export const GUEST = 'guest'

/** What the shopkeeper wrote, as far as it concerns roles; from the highest rank down. */
export type RoleRules = { roles: readonly Role[]; membership: MembershipRules }

/** One reason why somebody holds a role, held it, or could again. The DESIGN's word for it is grant. */
export type Reason = {
  kind: 'subscription' | 'purchase' | 'gift'
  /** sub_…, cs_… or the gift's own id */
  id: string
  role: string
  /** It counts now */
  counts: boolean
  since: string
  /** When it ends by time alone; null: never, or Stripe says when */
  until: string | null
  /** Why it does not count (any more) */
  lost: 'cancelled' | 'unpaid' | 'refunded' | 'disputed' | 'ran_out' | 'by_shop' | 'paused' | null
  /** Since when it does not, where that is known */
  lostAt: string | null
  changesAt: string[]
  subscription: SubscriptionRow | null
  standing: Standing | null
}

export type Gift = {
  id: string
  role: string
  until: string | null
  given_at: string
  revoked_at: string | null
}
export type Purchase = Pick<OrderRow, 'id' | 'status' | 'link' | 'paid_at' | 'created_at'>

/** Everything that may be a reason, as it is stored. Bare and forged references never get so far. */
export type Holdings = {
  subscriptions: readonly SubscriptionRow[]
  purchases: readonly Purchase[]
  gifts: readonly Gift[]
}

export function rulesOf(shop: ShopConfig): RoleRules {
  return {
    roles: (shop.roles ?? []).filter(({ id }) => id !== GUEST),
    membership: shop.membership ?? {},
  }
}

/** Can anybody be more than a guest here? */
export function hasRoles(shop: ShopConfig): boolean {
  return rulesOf(shop).roles.length > 0
}

/** All reasons, whether they count or not. Computed from what is stored, never from what just rang. */
export function reasonsOf(holdings: Holdings, rules: RoleRules, now: Date): Reason[] {
  return [
    ...holdings.subscriptions.flatMap((each) => subscriptionReason(each, rules, now)),
    ...purchaseReasons(holdings.purchases, rules, now),
    ...holdings.gifts.flatMap((each) => giftReason(each, rules, now)),
  ]
}

/** The highest role that any of the reasons gives now. */
export function roleOf(reasons: readonly Reason[], rules: RoleRules): string {
  const held = new Set(reasons.filter(({ counts }) => counts).map(({ role }) => role))
  return rules.roles.find(({ id }) => held.has(id))?.id ?? GUEST
}

/** 0 is the highest; a guest, or a role that the shop has struck out, comes after all. */
export function rankOf(role: string, { roles }: RoleRules): number {
  const place = roles.findIndex(({ id }) => id === role)
  return place < 0 ? roles.length : place
}

/** The highest role that subscribing to one of these gives; null: none, it is a subscription to goods. */
export function roleOfItems(
  items: readonly Pick<SubscribedItem, 'price' | 'product'>[],
  { roles }: RoleRules,
): string | null {
  const gives = (role: Role) =>
    (role.grants ?? []).some((grant) => {
      if ('product' in grant) return items.some(({ product }) => names(grant.product, product))
      return 'price' in grant && items.some(({ price }) => names(grant.price, price))
    })
  return roles.find(gives)?.id ?? null
}

/** What buying this link once gives, and for how long; null: nothing. */
export function roleOfOffer(
  link: string | null,
  { roles }: RoleRules,
): { role: string; days: number | null } | null {
  for (const { id, grants } of roles)
    for (const grant of grants ?? [])
      if (link && 'offer' in grant && names(grant.offer, link))
        return { role: id, days: grant.days ?? null }
  return null
}

/** Stripe keeps the day on a subscription that has long been paid for, or has ended. */
export function hadTrial(subscriptions: readonly Pick<SubscriptionRow, 'trial_end'>[]): boolean {
  return subscriptions.some(({ trial_end }) => trial_end !== null)
}

/** As of then a reason is looked at: its own time, where a test clock gives it one. */
export function timeOfReason({ subscription }: Reason, now: Date): Date {
  return subscription ? timeOf(subscription, now) : now
}

export function itemsOf({ items }: Pick<SubscriptionRow, 'items'>): SubscribedItem[] {
  return JSON.parse(items) as SubscribedItem[]
}

function names(given: string | string[], id: string): boolean {
  return [given].flat().includes(id)
}

function subscriptionReason(subscription: SubscriptionRow, rules: RoleRules, now: Date): Reason[] {
  const role = roleOfItems(itemsOf(subscription), rules)
  if (!role) return []
  const standing = standingOf(subscription, rules.membership, now)
  return [
    {
      kind: 'subscription',
      id: subscription.id,
      role,
      counts: standing.member,
      since: subscription.started_at,
      until: standing.state === 'leaving' ? standing.at : null,
      lost: standing.member ? null : lostBy(standing, subscription),
      lostAt: subscription.ended_at,
      changesAt: standing.changesAt,
      subscription,
      standing,
    },
  ]
}

/** Stripe cancels what could not be charged for long: nobody has left then. */
function lostBy({ state }: Standing, { invoice_unpaid }: SubscriptionRow): Reason['lost'] {
  if (state === 'lapsed' || (state === 'ended' && invoice_unpaid === 1)) return 'unpaid'
  return state === 'disputed' || state === 'paused' ? state : 'cancelled'
}

/** The same pass bought twice lasts twice as long: the second begins where the first ends. */
function purchaseReasons(purchases: readonly Purchase[], rules: RoleRules, now: Date): Reason[] {
  const ends = new Map<string, string>()
  const inOrder = purchases.toSorted((a, b) => (boughtAt(a) < boughtAt(b) ? -1 : 1))
  return inOrder.flatMap((order): Reason[] => {
    const given = roleOfOffer(order.link, rules)
    if (!given) return []
    const lost = lostPurchase(order, rules)
    const bought = boughtAt(order)
    const before = ends.get(given.role)
    const begins = before && before > bought ? before : bought
    const until = given.days === null ? null : daysFrom(begins, given.days)
    if (until && !lost) ends.set(given.role, until)
    const over = until !== null && now.getTime() >= Date.parse(until)
    return [
      {
        kind: 'purchase',
        id: order.id,
        role: given.role,
        counts: !lost && !over,
        since: bought,
        until,
        lost: lost ?? (over ? 'ran_out' : null),
        lostAt: over && !lost ? until : null,
        changesAt: until ? [until] : [],
        subscription: null,
        standing: null,
      },
    ]
  })
}

const boughtAt = ({ paid_at, created_at }: Purchase) => paid_at ?? created_at

/** A part that was given back does not make it less bought. */
function lostPurchase({ status }: Purchase, { membership }: RoleRules): Reason['lost'] {
  if (status === 'refunded') return 'refunded'
  return status === 'disputed' && membership.onDispute !== 'keep' ? 'disputed' : null
}

function giftReason(gift: Gift, rules: RoleRules, now: Date): Reason[] {
  if (!rules.roles.some(({ id }) => id === gift.role)) return []
  const over = gift.until !== null && now.getTime() >= Date.parse(gift.until)
  const lost = gift.revoked_at ? 'by_shop' : over ? 'ran_out' : null
  return [
    {
      kind: 'gift',
      id: gift.id,
      role: gift.role,
      counts: lost === null,
      since: gift.given_at,
      until: gift.until,
      lost,
      lostAt: lost && (gift.revoked_at ?? gift.until),
      changesAt: gift.until ? [gift.until] : [],
      subscription: null,
      standing: null,
    },
  ]
}
