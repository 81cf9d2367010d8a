import type Stripe from 'stripe'
import type { InvoiceRow } from './build-invoice-parts.ts'
import { planOf } from './build-subscription.ts'
import { changeSubscription } from './change-subscription.ts'
import { featuresOf, tellEntitlements } from './entitle.ts'
import { periodOf } from './periods.ts'
import { beginPeriod, nameOf, sendBill } from './renew-subscription.ts'
import { type State, seconds } from './state.ts'

export type ItemChange = { item: string; price: Stripe.Price; quantity: number }
export type Proration = 'always_invoice' | 'create_prorations' | 'none'

/**
 * Another plan, or another quantity: the time not used of the old one is credited and the rest of the
 * period of the new one charged. A plan of another length begins a new period now. Within a trial
 * only the price changes. `create_prorations` bills at once here too, where Stripe waits for the
 * next invoice.
 */
export function changePrice(
  state: State,
  subscription: Stripe.Subscription,
  change: ItemChange,
  proration: Proration = 'always_invoice',
): void {
  const item = subscription.items.data.find(({ id }) => id === change.item)!
  const period = periodOf(subscription)
  const old = { price: item.price, quantity: item.quantity ?? 1 }
  const inTrial = subscription.status === 'trialing'
  const otherLength = lengthOf(item.price) !== lengthOf(change.price)
  changeSubscription(state, subscription, (one) => {
    item.price = change.price
    item.plan = planOf(change.price)
    item.quantity = change.quantity
    if (!otherLength || inTrial) return
    one.billing_cycle_anchor = seconds(state)
    beginPeriod(one, seconds(state))
  })
  const notes = state.subscriptionNotes.get(subscription.id)!
  notes.features = featuresOf(state, subscription)
  tellEntitlements(state, String(subscription.customer))
  if (inTrial || proration === 'none' || subscription.status === 'paused') return
  const left = shareLeft(period, seconds(state))
  const credit = rowOf(state, subscription, item.id, old, -left, period)
  const charge = rowOf(state, subscription, item.id, change, otherLength ? 1 : left)
  sendBill(state, subscription, 'subscription_update', [credit, charge])
}

function rowOf(
  state: State,
  subscription: Stripe.Subscription,
  item: string,
  { price, quantity }: { price: Stripe.Price; quantity: number },
  share: number,
  period = periodOf(subscription),
): InvoiceRow {
  const amount = Math.round((price.unit_amount ?? 0) * quantity * share)
  const word = share < 0 ? 'Unused time on' : 'Remaining time on'
  const description = `${word} ${nameOf(state, price)}`
  const span = { start: seconds(state), end: period.end }
  return { price, quantity, amount, description, period: span, item, proration: true }
}

function shareLeft({ start, end }: { start: number; end: number }, now: number): number {
  return Math.min(1, Math.max(0, (end - now) / (end - start)))
}

function lengthOf({ recurring }: Stripe.Price): string {
  return `${recurring?.interval_count} ${recurring?.interval}`
}
