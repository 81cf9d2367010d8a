import { type Language, localized } from '../../shared/language.ts'
import type { ChatStanding, Clock, PlanWords, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { holdingsOf, subscriptionsOf } from './memberships.store.ts'
import { type PlanNames, planNames } from './plan-names.ts'
import { planOfItems } from './plan-of-items.ts'
import { type Reason, rankOf, reasonsOf, rulesOf } from './reasons.ts'
import { isLiving, standingOf } from './standing.ts'

/** Where somebody's membership stands, in the words of the chat; null: they have none, nor one to mend. */
export async function standingInChat(
  { store, shop, clock }: { store: Store; shop: ShopConfig; clock: Clock },
  personId: string,
  language: Language,
): Promise<ChatStanding | null> {
  const rules = rulesOf(shop)
  const reasons = reasonsOf(await holdingsOf(store.db, personId), rules, clock.now())
  const shown = reasons
    .filter((each) => each.counts || each.lost === 'paused' || isToBeMended(each))
    .toSorted(
      (a, b) =>
        Number(b.counts) - Number(a.counts) || rankOf(a.role, rules) - rankOf(b.role, rules),
    )[0]
  if (!shown) return null
  const { subscription, standing, until } = shown
  const title = shop.roles?.find(({ id }) => id === shown.role)?.title ?? shown.role
  return {
    role: localized(title, language),
    plan: planIn(subscription, { shop, names: await planNames(store.db, shop), language }),
    state: stateOf(shown),
    at: standing ? standing.at : until,
  }
}

/**
 * The newest subscription to goods, for whoever wants to end one: it gives no role, and ending it must
 * not be harder than ending a membership. null: there is none.
 */
export async function goodsInChat(
  { store, shop, clock }: { store: Store; shop: ShopConfig; clock: Clock },
  personId: string,
  language: Language,
): Promise<ChatStanding | null> {
  const subscription = (await subscriptionsOf(store.db, personId)).find(isLiving)
  if (!subscription) return null
  const standing = standingOf(subscription, rulesOf(shop).membership, clock.now())
  const state = stateOf({ standing, until: null })
  const plan = planIn(subscription, { shop, names: await planNames(store.db, shop), language })
  return { role: '', plan, state, at: standing.at }
}

function planIn(
  subscription: SubscriptionRow | null,
  { shop, names, language }: { shop: ShopConfig; names: PlanNames; language: Language },
): PlanWords | null {
  const plan = planOfItems(subscription, rulesOf(shop))
  const own = plan && names(plan.price)
  return plan && { ...plan, name: own ? localized(own, language) : plan.name }
}

/** Not paid for (or taken back by the bank), and still there: who joined anew would pay twice. */
function isToBeMended({ lost, standing }: Reason): boolean {
  if (lost === 'disputed') return standing !== null
  return lost === 'unpaid' && standing?.state === 'lapsed'
}

function stateOf({ standing, until }: Pick<Reason, 'standing' | 'until'>): ChatStanding['state'] {
  if (!standing) return until ? 'leaving' : 'unending'
  switch (standing.state) {
    case 'trial':
    case 'leaving':
    case 'paused':
    case 'active':
      return standing.state
    default:
      return 'past_due'
  }
}
