import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import { carryFeatures, featureNamed } from './feature-book.ts'
import { seedSubscribers } from './seed-subscribers.ts'
import { must, type State, seconds } from './state.ts'
import { stockPrice } from './stock-catalogue.ts'

type Verbs = Pick<
  StripeSandbox,
  | 'subscription'
  | 'subscriptionsOf'
  | 'addPrice'
  | 'setFeatures'
  | 'seedSubscribers'
  | 'portalConfigurations'
  | 'editPortalConfiguration'
  | 'deletePortalConfiguration'
  | 'portalSessions'
>

/** Months, where the product was not sold by any period. */
function intervalOf(price: Stripe.Price | undefined) {
  const known = (['day', 'week', 'month', 'year'] as const).find(
    (one) => one === price?.recurring?.interval,
  )
  return known ?? 'month'
}

/** What the shopkeeper looks at and sets up for members in the dashboard. */
export function dashboardVerbs(state: State): Verbs {
  return {
    subscription: (id) => must(state.subscriptions, id),
    subscriptionsOf: (customer) => [...state.subscriptions.newestFirst({ group: customer })],
    addPrice(product, { amount, interval, intervalCount }) {
      const [first] = [...state.prices.newestFirst({ group: product })].reverse()
      const recurring = {
        interval: interval ?? intervalOf(first),
        interval_count: intervalCount ?? (interval ? 1 : (first?.recurring?.interval_count ?? 1)),
      }
      const terms = {
        currency: first?.currency ?? 'jpy',
        recurring,
        taxed: first?.tax_behavior === 'exclusive',
        livemode: must(state.products, product).livemode,
      }
      return stockPrice(state, product, amount, terms).id
    },
    setFeatures: (product, lookupKeys) => {
      const features = lookupKeys.map((key) => featureNamed(state, key))
      carryFeatures(state, must(state.products, product).id, features)
    },
    seedSubscribers: (price, count) => seedSubscribers(state, must(state.prices, price), count),
    portalConfigurations: () =>
      [...state.configurations.newestFirst()].filter(({ id }) => !state.deleted.has(id)),
    editPortalConfiguration(id, change) {
      const configuration = must(state.configurations, id)
      change(configuration)
      configuration.updated = seconds(state)
    },
    deletePortalConfiguration: (id) => void state.deleted.add(must(state.configurations, id).id),
    portalSessions: () => [...state.portalSessions.values()].reverse(),
  }
}
