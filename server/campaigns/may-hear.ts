import { itemsOf, roleOfItems, rulesOf } from '../memberships/reasons.ts'
import { daysFrom, isDisputed, isLiving } from '../memberships/standing.ts'
import { campaignSubject } from '../notifications/hold-campaign.ts'
import type { Listed } from '../shop/catalogue.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { Candidate } from './candidate-page.ts'
import type { Circumstances } from './circumstances.store.ts'
import { monthlyPlan, type ReadyRule, savesOf, subscribes } from './rule-offers.ts'
import { type Outlets, type Way, wayTo } from './way-to.ts'

/** Why somebody whom a rule is for does not hear of it, or not now. */
export const REASONS = {
  opted_out: 'wants no campaigns',
  heard: 'has heard of this one',
  disputed: 'a bank has taken a payment of theirs back, or is about to',
  unpaid: 'a payment of theirs is open',
  buying: 'is about to pay for something',
  paused: 'is taking a rest',
  leaving: 'has cancelled',
  member: 'is a member',
  no_offer: 'holds a role that none of the offers is for',
  has_it: 'has it already',
  saves_nothing: 'pays so little by the month that a year saves nothing',
  no_line_account: 'has not come to LINE yet, where the plan is changed',
  heard_lately: 'has heard of another one within a week',
  no_friend: 'is no friend on LINE, and it goes by LINE alone',
  no_mailbox: 'has no mailbox, and it goes by mail alone',
  not_reachable: 'is no friend on LINE, and there is no mailbox to write to',
  no_messages: 'LINE’s messages that are left are for receipts',
  line_paused: 'LINE is out of order',
} as const
export type WhyNot = keyof typeof REASONS

/** One person hears of no two campaigns within so many days, whatever the rules and accounts. */
const DAYS_BETWEEN = 7

export type Verdict = { why: WhyNot } | ({ why: null; offer: Listed; saves: number | null } & Way)

type Ready = Extract<ReadyRule, { trouble: null }>

/**
 * May this person hear of it now, on which account, and what is offered? The one place that decides; asked
 * once for a page of people, and once more with the person held, before anything is written.
 */
export function mayHear(
  candidate: Candidate,
  ready: Ready,
  around: Circumstances,
  { shop, outlets, now }: { shop: ShopConfig; outlets: Outlets; now: Date },
): Verdict {
  const against = standsAgainst(candidate, ready, around, shop)
  if (against) return { why: against }
  const offer = offerFor(candidate, ready, shop)
  if (typeof offer === 'string') return { why: offer }
  if (hasIt(offer.listed, around)) return { why: 'has_it' }
  if (
    changesPlan(ready, offer.listed) &&
    !around.accounts.some(({ channel }) => channel === 'line')
  )
    return { why: 'no_line_account' }
  const week = daysFrom(now.toISOString(), -DAYS_BETWEEN)
  if (around.heard.some(({ created_at }) => created_at > week)) return { why: 'heard_lately' }
  const way = wayTo(ready.rule.by, around, outlets)
  if (typeof way === 'string') return { why: way }
  return { why: null, ...way, offer: offer.listed, saves: offer.saves }
}

function standsAgainst(
  { subscription }: Candidate,
  { rule, kind }: Ready,
  { optedOut, heard, disputes, subscriptions, buys }: Circumstances,
  shop: ShopConfig,
): WhyNot | null {
  const living = subscriptions.filter(isLiving)
  if (optedOut) return 'opted_out'
  if (heard.some(({ subject }) => subject === campaignSubject(rule.id))) return 'heard'
  if (disputes || subscriptions.some(isDisputed)) return 'disputed'
  if (living.some((each) => each.invoice_unpaid === 1 || OWES.includes(each.status)))
    return 'unpaid'
  if (buys) return 'buying'
  const own = subscription && living.find(({ id }) => id === subscription.id)
  if (subscribes(kind)) return own ? notNow(own) : 'leaving'
  // What they pay for by now makes them one, whatever was written down of them a moment ago.
  return living.some((each) => roleOfItems(itemsOf(each), rulesOf(shop))) ? 'member' : null
}

const OWES = ['past_due', 'unpaid']

function notNow({ pause, status, cancel_at }: Circumstances['subscriptions'][number]) {
  if (pause || status === 'paused') return 'paused'
  return cancel_at ? 'leaving' : null
}

/** The first that can be had; by the year, that of the same role, if it saves them anything at what they pay. */
function offerFor(
  { subscription, role }: Candidate,
  { kind, offers }: Ready,
  shop: ShopConfig,
): { listed: Listed; saves: number | null } | WhyNot {
  if (kind !== 'monthly') return { listed: offers[0], saves: null }
  const listed = offers.find(({ offer }) => offer.role === role)
  if (!listed) return 'no_offer'
  const plan = monthlyPlan(subscription, shop)
  const saves = plan && savesOf(plan, listed.offer)
  return saves ? { listed, saves } : 'saves_nothing'
}

/** Subscribed to at this price; what is bought once may be bought again. */
function hasIt({ offer, told }: Listed, { subscriptions }: Circumstances): boolean {
  if (!offer.interval) return false
  const prices = new Set((told.prices ?? []).map(({ price }) => price))
  return subscriptions
    .filter(isLiving)
    .some((each) => itemsOf(each).some(({ price }) => prices.has(price)))
}

/** Who subscribes comes to a plan by the membership page, which asks for their LINE account. */
export function changesPlan({ kind }: Pick<ReadyRule, 'kind'>, { offer }: Listed): boolean {
  return subscribes(kind) && offer.role !== null
}
