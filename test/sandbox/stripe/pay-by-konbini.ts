import type Stripe from 'stripe'
import type { Buyer } from './build-payment.ts'
import { complete, intentOf, PaymentRefused, receive } from './complete-session.ts'
import { emit } from './emit-event.ts'
import { KONBINI_AMOUNTS, konbiniDetails } from './konbini-details.ts'
import { must, type State, type StoredEvent } from './state.ts'

/**
 * The buyer chooses to pay at a konbini: the session completes `unpaid` and the intent waits for the
 * till. Throws PaymentRefused outside of what Stripe allows: yen, 120 to 300,000, one-time only.
 */
export function orderByKonbini(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
): StoredEvent {
  const amount = session.amount_total ?? 0
  const inBounds = amount >= KONBINI_AMOUNTS.least && amount <= KONBINI_AMOUNTS.most
  if (session.currency !== 'jpy' || session.mode !== 'payment' || !inBounds) {
    throw new PaymentRefused('konbini_amount', 'konbini takes one-time yen from 120 to 300,000')
  }
  const intent = intentOf(state, session, 'konbini')
  session.payment_intent = intent.id
  intent.status = 'requires_action'
  intent.next_action = {
    type: 'konbini_display_details',
    konbini_display_details: konbiniDetails(state, intent.id),
  }
  emit(state, 'payment_intent.requires_action', intent)
  return complete(state, session, buyer, 'unpaid')
}

/** The buyer paid at the till. */
export function settleKonbini(state: State, session: Stripe.Checkout.Session): StoredEvent {
  const intent = waitingIntent(state, session)
  const { email, name } = session.customer_details ?? {}
  receive(state, session, intent, { email: email ?? '', name: name ?? '' }, 'konbini')
  session.payment_status = 'paid'
  return emit(state, 'checkout.session.async_payment_succeeded', session)
}

/** The deadline passed. The session stays complete and unpaid; only the intent tells that it is over. */
export function lapseKonbini(state: State, session: Stripe.Checkout.Session): StoredEvent {
  const intent = waitingIntent(state, session)
  intent.status = 'requires_payment_method'
  intent.next_action = null
  intent.payment_method = null
  intent.last_payment_error = {
    code: 'payment_intent_payment_attempt_expired',
    doc_url: 'https://docs.stripe.com/error-codes/payment-intent-payment-attempt-expired',
    message: 'The payment attempt for this PaymentIntent has expired.',
    type: 'invalid_request_error',
  }
  emit(state, 'payment_intent.payment_failed', intent)
  return emit(state, 'checkout.session.async_payment_failed', session)
}

function waitingIntent(state: State, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const id = session.payment_intent
  const intent = typeof id === 'string' ? must(state.intents, id) : null
  if (intent?.next_action?.type !== 'konbini_display_details') {
    throw new PaymentRefused('session_closed', `session ${session.id} waits for no konbini`)
  }
  return intent
}
