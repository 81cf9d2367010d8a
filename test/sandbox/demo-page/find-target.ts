import type Stripe from 'stripe'
import { CHOSEN_TYPES } from '../stripe/deliver-webhooks.ts'
import type { StripeSandbox } from '../types.ts'
import type { Target } from './state.ts'

/**
 * The newest order that was placed but not paid yet. A lapsed konbini order stays `complete` and
 * `unpaid` at Stripe for ever, so its last event is what tells it from one that still waits.
 */
export function newestWaiting(stripe: StripeSandbox): Target {
  const settled = new Set(
    eventsOf<Stripe.Checkout.Session>(stripe, 'checkout.session.async_payment_').map(
      ({ id }) => id,
    ),
  )
  const waiting = stripe
    .sessions()
    .find(
      (session) =>
        session.status === 'complete' &&
        session.payment_status === 'unpaid' &&
        !settled.has(session.id),
    )
  return waiting ? target(waiting, waiting.amount_total ?? 0) : null
}

/** The newest paid order that still has money to give back, and how much. */
export function newestRefundable(stripe: StripeSandbox): Target {
  const refunded = new Map<string, number>()
  for (const refund of eventsOf<Stripe.Refund>(stripe, 'refund.created')) {
    const payment = idOf(refund.payment_intent)
    if (payment) refunded.set(payment, (refunded.get(payment) ?? 0) + refund.amount)
  }
  for (const session of stripe.sessions()) {
    const payment = idOf(session.payment_intent)
    if (session.payment_status !== 'paid' || !payment) continue
    const left = (session.amount_total ?? 0) - (refunded.get(payment) ?? 0)
    if (left > 0) return target(session, left)
  }
  return null
}

/** The events that ring at the shop, newest first; Stripe makes more that no destination takes. */
export function eventsThatRing(stripe: StripeSandbox): Stripe.Event[] {
  return stripe.events().filter(({ type }) => CHOSEN_TYPES.some((start) => type.startsWith(start)))
}

function eventsOf<T>(stripe: StripeSandbox, prefix: string): T[] {
  return stripe
    .events()
    .filter(({ type }) => type.startsWith(prefix))
    .map(({ data }) => data.object as T)
}

function target(session: Stripe.Checkout.Session, amount: number): Target {
  return { session: session.id, amount, currency: session.currency ?? 'jpy' }
}

function idOf(expandable: string | { id: string } | null): string | null {
  return typeof expandable === 'string' ? expandable : (expandable?.id ?? null)
}
