import type Stripe from 'stripe'
import { buildCustomer } from './build-customer.ts'
import { buildSubscription } from './build-subscription.ts'
import { entitlementsOf, featuresOf } from './entitle.ts'
import { stockMethod } from './keep-cards.ts'
import { stockSeedInvoice } from './seed-invoice.ts'
import type { State } from './state.ts'

/** Subscribers who have been there for a while: their first invoice is paid, and nobody is told of anything. */
export function seedSubscribers(
  state: State,
  price: Stripe.Price,
  count: number,
): [customer: string, subscription: string][] {
  return Array.from({ length: count }, (_, at) => {
    const { currency, livemode } = price
    const customer = state.customers.put(
      buildCustomer(state, {
        email: `member-${at + 1}@example.com`,
        name: `会員 ${at + 1}`,
        currency,
        livemode,
      }),
    )
    const subscription = state.subscriptions.put(
      buildSubscription(state, {
        customer: customer.id,
        currency,
        livemode,
        items: [{ price, quantity: 1 }],
        trialDays: 0,
        metadata: {},
        description: null,
        clock: null,
      }),
    )
    subscription.default_payment_method = stockMethod(state, customer).id
    const features = featuresOf(state, subscription)
    state.subscriptionNotes.set(subscription.id, {
      taxPercent: 0,
      trialWarned: false,
      resumeAt: null,
      features,
      withoutCard: null,
    })
    if (features.length > 0) state.entitled.set(customer.id, entitlementsOf(state, customer.id))
    stockSeedInvoice(state, customer, subscription, price)
    return [customer.id, subscription.id]
  })
}
