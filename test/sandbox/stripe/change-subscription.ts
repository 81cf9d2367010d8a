import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { tellEntitlements } from './entitle.ts'
import { isLiving, periodOf } from './periods.ts'
import { idOf, type State, seconds } from './state.ts'

type Told = Stripe.Subscription & Record<string, unknown>

/**
 * Changes a subscription and tells `customer.subscription.updated` with what was there before; tells
 * nothing when nothing changed. Entitlements follow.
 */
export function changeSubscription(
  state: State,
  subscription: Stripe.Subscription,
  change: (subscription: Stripe.Subscription) => void,
): void {
  const before: Told = JSON.parse(JSON.stringify(subscription))
  change(subscription)
  const after: Told = JSON.parse(JSON.stringify(subscription))
  const previous = Object.fromEntries(
    Object.keys({ ...before, ...after })
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, before[key] ?? null]),
  )
  if (Object.keys(previous).length === 0) return
  emit(state, 'customer.subscription.updated', subscription, { previous })
  tellEntitlements(state, String(idOf(subscription.customer)))
}

/** How a wish to leave at the end of the period is written down. */
export type CancelAs = 'period_end' | 'cancel_at'

/**
 * The subscription will end with its period. Stripe writes both `cancel_at` and `cancel_at_period_end`;
 * its newer portal writes `cancel_at` alone.
 */
export function cancelLater(
  state: State,
  subscription: Stripe.Subscription,
  as: CancelAs,
  details: Partial<Stripe.Subscription.CancellationDetails> = {},
): void {
  changeSubscription(state, subscription, (one) => {
    one.cancel_at = periodOf(one).end
    one.cancel_at_period_end = as === 'period_end'
    one.canceled_at = seconds(state)
    Object.assign(one.cancellation_details!, { reason: 'cancellation_requested', ...details })
  })
}

/** The wish is taken back. */
export function keepSubscription(state: State, subscription: Stripe.Subscription): void {
  changeSubscription(state, subscription, (one) => {
    one.cancel_at = null
    one.cancel_at_period_end = false
    one.canceled_at = null
    Object.assign(one.cancellation_details!, { comment: null, feedback: null, reason: null })
  })
}

/** It is over, at once. What is open is asked for no more; nothing is given back by itself. */
export function endSubscription(
  state: State,
  subscription: Stripe.Subscription,
  details: Partial<Stripe.Subscription.CancellationDetails> = {},
): void {
  if (!isLiving(subscription)) return
  const now = seconds(state)
  subscription.status = 'canceled'
  subscription.ended_at = now
  subscription.canceled_at ??= now
  delete subscription.status_details
  const reason = subscription.cancellation_details?.reason ?? 'cancellation_requested'
  Object.assign(subscription.cancellation_details!, { reason, ...details })
  for (const invoice of state.invoices.newestFirst({ group: String(subscription.customer) })) {
    if (subscriptionOf(invoice) !== subscription.id) continue
    invoice.next_payment_attempt = null
    invoice.auto_advance = false
  }
  emit(state, 'customer.subscription.deleted', subscription)
  tellEntitlements(state, String(idOf(subscription.customer)))
}

/** The subscription that an invoice is for. */
export function subscriptionOf(invoice: Stripe.Invoice): string | null {
  return idOf(invoice.parent?.subscription_details?.subscription)
}
