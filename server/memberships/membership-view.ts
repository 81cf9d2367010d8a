import type { Membership, MembershipPlan } from '../../shared/api.ts'
import type { Db, PortalTask } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { findMembership, holdingsOf } from './memberships.store.ts'
import { type PlanNames, planNames } from './plan-names.ts'
import { planOfItems } from './plan-of-items.ts'
import { GUEST, hadTrial, type Reason, reasonsOf, roleOf, rulesOf } from './reasons.ts'

/** How long what has ended is still shown. */
const SHOWN_DAYS = 90
const DAY_MS = 86_400_000
/** Not over: something has to be done, or awaited, and then it goes on. */
const HELD_UP = new Set<Reason['lost']>(['paused', 'unpaid', 'disputed'])

/**
 * What a person sees of their membership. The role is computed on the spot, so that a pass that ran out
 * a second ago is not shown as one; the chat's sign follows within a minute.
 */
export async function membershipView(
  { db, shop, now }: { db: Db; shop: ShopConfig; now: Date },
  personId: string,
  portal: { open: boolean; tasks: PortalTask[]; customers: Membership['portal']['customers'] },
): Promise<Membership> {
  const rules = rulesOf(shop)
  const holdings = await holdingsOf(db, personId)
  const reasons = reasonsOf(holdings, rules, now)
  const role = roleOf(reasons, rules)
  const row = await findMembership(db, personId)
  const names = await planNames(db, shop)
  return {
    role,
    since: role !== GUEST && row?.role === role ? row.since : null,
    plans: reasons
      .filter((reason) => isShown(reason, now))
      .map((reason) => planView(reason, shop, names)),
    trialUsed: hadTrial(holdings.subscriptions),
    features: await featuresOf(db, personId),
    portal,
  }
}

function isShown(reason: Reason, now: Date): boolean {
  if (reason.counts || (reason.lost !== null && HELD_UP.has(reason.lost))) return true
  const ended = reason.subscription?.ended_at ?? reason.until ?? reason.since
  return (
    reason.standing?.state !== 'unfinished' &&
    now.getTime() - Date.parse(ended) < SHOWN_DAYS * DAY_MS
  )
}

function planView(reason: Reason, shop: ShopConfig, names: PlanNames): MembershipPlan {
  const { subscription, standing } = reason
  const plan = planOfItems(subscription, rulesOf(shop))
  const title = shop.roles?.find(({ id }) => id === reason.role)?.title ?? reason.role
  return {
    id: reason.id,
    kind: reason.kind,
    role: reason.counts ? reason.role : null,
    name: (plan && names(plan.price)) || plan?.name || title,
    amount: plan?.amount ?? null,
    currency: plan?.currency ?? null,
    interval: plan?.interval ?? null,
    intervalCount: plan?.intervalCount ?? 1,
    state: stateOf(reason),
    at: standing ? standing.at : reason.until,
    due: standing?.state === 'past_due' || reason.lost === 'unpaid' ? dueOf(reason) : null,
  }
}

function dueOf({ subscription }: Reason): number | null {
  return subscription?.invoice_unpaid ? subscription.invoice_amount : null
}

/** Where a reason stands, in the word that pages and other systems use. */
export function stateOf({ standing, counts, until }: Reason): MembershipPlan['state'] {
  if (!standing) {
    if (!counts) return 'ended'
    return until ? 'until' : 'unending'
  }
  return standing.state === 'unfinished' ? 'ended' : standing.state
}

async function featuresOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('customers')
    .select('features')
    .where('person_id', '=', personId)
    .where('deleted', '=', 0)
    .execute()
  const all = rows.flatMap(({ features }) => (features ? (JSON.parse(features) as string[]) : []))
  return [...new Set(all)].toSorted()
}
