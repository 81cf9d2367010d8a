import { type Language, localized } from '../../shared/language.ts'
import type { ChatStanding, Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { holdingsOf } from './memberships.store.ts'
import { itemsOf, type Reason, rankOf, reasonsOf, rulesOf } from './reasons.ts'

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
  const item = subscription && itemsOf(subscription)[0]
  const title = shop.roles?.find(({ id }) => id === shown.role)?.title ?? shown.role
  return {
    role: localized(title, language),
    plan: item && subscription ? { ...item, currency: subscription.currency } : null,
    state: stateOf(shown),
    at: standing ? standing.at : until,
  }
}

/** Not paid for, and still there to be paid for. */
function isToBeMended({ lost, standing }: Reason): boolean {
  return lost === 'unpaid' && standing?.state === 'lapsed'
}

function stateOf({ standing, until }: Reason): ChatStanding['state'] {
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
