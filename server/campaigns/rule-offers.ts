import { type PlanOfItems, planOfItems } from '../memberships/plan-of-items.ts'
import { rulesOf } from '../memberships/reasons.ts'
import { viewsOf } from '../portal/choose-view.ts'
import { permits, portalSpecs } from '../portal/portal-views.ts'
import type { Listed } from '../shop/catalogue.ts'
import type { CampaignRule, ShopConfig } from '../shop/define-shop.ts'
import type { SubscriptionRow } from '../store/tables.ts'

export type RuleKind = 'trial' | 'free' | 'monthly' | 'lapsed'

/** Why a rule writes to nobody, whoever fits: something that only the shop can mend. */
export const TROUBLES = {
  unknown_offer: 'this shop sells no Payment Link with this id (test and live mode have their own)',
  inactive: 'its offer is switched off at Stripe',
  sold_out: 'its offer is sold out',
  not_yearly: 'its offer is no plan for a year that gives a role',
  saves_nothing: 'a year costs no less than twelve months: there is nothing to save',
  no_plan_change:
    'the portal view of this role lets nobody change the plan: set changePlan: true under "portal"',
  no_role: 'its text names {role}, and its offer gives none',
  no_mail: 'it goes by mail alone, and there is no mail server (SMTP_URL, MAIL_FROM)',
} as const
export type Trouble = keyof typeof TROUBLES

/** A rule with what it can offer now, or why it cannot. `offers`: for `monthly`, one for each role. */
export type ReadyRule = { rule: CampaignRule; kind: RuleKind } & (
  | { offers: readonly [Listed, ...Listed[]]; trouble: null }
  | { trouble: Trouble }
)

const MONTHS = 12

export function kindOf({ to }: CampaignRule): RuleKind {
  if ('trial' in to) return 'trial'
  if ('free' in to) return 'free'
  return 'monthly' in to ? 'monthly' : 'lapsed'
}

export function campaignRules(shop: ShopConfig): readonly CampaignRule[] {
  return shop.campaigns?.rules ?? []
}

/** Every rule of the shop's, held against what it sells now (`list`) and can send by. */
export function readyRules(
  shop: ShopConfig,
  list: readonly Listed[],
  hasMail: boolean,
): ReadyRule[] {
  return campaignRules(shop).map((rule) => {
    const kind = kindOf(rule)
    if (rule.by === 'mail' && !hasMail) return { rule, kind, trouble: 'no_mail' }
    const offers = offersOf(rule, kind, list)
    if (typeof offers === 'string') return { rule, kind, trouble: offers }
    const trouble = troubleWith(rule, kind, offers, list, shop)
    return trouble ? { rule, kind, trouble } : { rule, kind, offers, trouble: null }
  })
}

function offersOf(
  { offer }: CampaignRule,
  kind: RuleKind,
  list: readonly Listed[],
): readonly [Listed, ...Listed[]] | Trouble {
  const known = [offer].flat().flatMap((id) => list.find((each) => each.offer.id === id) ?? [])
  const active = known.filter((each) => each.offer.active)
  const sold = active.filter((each) => !each.offer.soldOut)
  const [first, ...more] = kind === 'monthly' ? sold.filter(isYearly) : sold
  if (first) return [first, ...more]
  if (known.length === 0) return 'unknown_offer'
  if (active.length === 0) return 'inactive'
  return sold.length === 0 ? 'sold_out' : 'not_yearly'
}

function isYearly({ offer }: Listed): boolean {
  return offer.role !== null && offer.interval === 'year' && offer.intervalCount === 1
}

function troubleWith(
  { text, title }: CampaignRule,
  kind: RuleKind,
  [first, ...more]: readonly [Listed, ...Listed[]],
  list: readonly Listed[],
  shop: ShopConfig,
): Trouble | null {
  if (kind === 'monthly' && [first, ...more].every((each) => isDearer(each, list)))
    return 'saves_nothing'
  if (!first.offer.role && JSON.stringify([text, title]).includes('{role}')) return 'no_role'
  return first.offer.role && subscribes(kind) && !mayChangePlan(shop, first.offer.role)
    ? 'no_plan_change'
    : null
}

/** Beside every plan by the month that gives the same role; where none is sold any more, each member's own price tells. */
function isDearer({ offer: year }: Listed, list: readonly Listed[]): boolean {
  const monthly = list.filter(
    ({ offer }) =>
      offer.active && offer.role === year.role && offer.interval === 'month' && offer.amount,
  )
  return monthly.length > 0 && monthly.every(({ offer }) => savesOf(offer, year) === null)
}

/** What a year saves beside twelve months, in minor units; null: nothing, or the two cannot be compared. */
export function savesOf(
  month: Pick<PlanOfItems, 'amount' | 'currency' | 'interval' | 'intervalCount'> | Listed['offer'],
  year: Listed['offer'],
): number | null {
  if (month.interval !== 'month' || month.intervalCount !== 1) return null
  if (month.amount === null || year.amount === null || month.currency !== year.currency) return null
  const saves = month.amount * MONTHS - year.amount
  return saves > 0 ? saves : null
}

/** What somebody pays by the month; null: they do not, or not for one role alone. */
export function monthlyPlan(
  subscription: SubscriptionRow | null,
  shop: ShopConfig,
): PlanOfItems | null {
  const plan = planOfItems(subscription, rulesOf(shop))
  return plan?.interval === 'month' && plan.intervalCount === 1 && plan.amount !== null
    ? plan
    : null
}

/** Who subscribes already comes to another plan by the portal alone: a second subscription is refused. */
export function subscribes(kind: RuleKind): boolean {
  return kind === 'trial' || kind === 'monthly'
}

function mayChangePlan(shop: ShopConfig, role: string): boolean {
  const specs = portalSpecs(shop, { plans: [], returnUrl: '' })
  const standing = { role, override: null, subscribes: true, owes: false }
  return permits(viewsOf(shop, specs, standing)[0], 'plan')
}
