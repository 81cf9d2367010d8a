import type Stripe from 'stripe'
import { buildInvoicePayment } from './build-invoice-parts.ts'
import { buildCharge, buildIntent } from './build-payment.ts'
import { changeSubscription, endSubscription, subscriptionOf } from './change-subscription.ts'
import { receive } from './complete-session.ts'
import { emit } from './emit-event.ts'
import { isExpired, methodInUse } from './keep-cards.ts'
import { methodDetails } from './payment-method-details.ts'
import { finalizeInvoice, markPaid } from './settle-invoice.ts'
import { idOf, must, type State, seconds } from './state.ts'

const DAY = 24 * 60 * 60
const LAGGING: ReadonlySet<string> = new Set(['past_due', 'unpaid'])

/** Tries the card on file once. What follows from a refusal is Stripe's dunning (`state.dunning`). */
export function attemptInvoice(state: State, invoice: Stripe.Invoice): void {
  const subscription = must(state.subscriptions, subscriptionOf(invoice))
  const customer = must(state.customers, idOf(invoice.customer))
  const method = methodInUse(state, customer, subscription)
  const isGood = method !== undefined && !isExpired(method, state.now())
  const willPay = isGood && !state.refusedCards.has(customer.id)
  if (willPay || invoice.amount_due === 0) payInvoice(state, invoice)
  else refuse(state, invoice, subscription)
}

/** The money for an invoice comes in, by whichever card. Throws when it is not open. */
export function payInvoice(state: State, invoice: Stripe.Invoice): void {
  if (invoice.status === 'draft') finalizeInvoice(state, invoice)
  if (invoice.status !== 'open') throw new Error(`invoice ${invoice.id} is ${invoice.status}`)
  if (invoice.amount_due > 0) {
    invoice.attempt_count += 1
    receive(state, invoice, intentFor(state, invoice), buyerOn(invoice), 'card')
  }
  markPaid(state, invoice)
  const subscription = must(state.subscriptions, subscriptionOf(invoice))
  if (!LAGGING.has(subscription.status) || subscription.latest_invoice !== invoice.id) return
  changeSubscription(state, subscription, (one) => {
    one.status = 'active'
  })
}

function refuse(state: State, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const intent = intentFor(state, invoice)
  declineCharge(state, intent, invoice)
  invoice.attempt_count += 1
  invoice.attempted = true
  const pause = state.dunning.retryDays[invoice.attempt_count - 1]
  const isLast = pause === undefined
  invoice.next_payment_attempt = isLast ? null : seconds(state) + pause * DAY
  if (isLast) invoice.auto_advance = false
  emit(state, 'invoice.payment_failed', invoice)
  if (isLast) {
    giveUp(state, subscription)
    return
  }
  if (subscription.status !== 'active') return
  changeSubscription(state, subscription, (one) => {
    one.status = 'past_due'
  })
}

/** The last try failed: what the shop chose in its settings happens now. */
function giveUp(state: State, subscription: Stripe.Subscription): void {
  const { finally: then } = state.dunning
  if (then === 'cancel') {
    endSubscription(state, subscription, { reason: 'payment_failed' })
    return
  }
  changeSubscription(state, subscription, (one) => {
    one.status = then
  })
}

/** One intent stands behind an invoice for all its tries. */
function intentFor(state: State, invoice: Stripe.Invoice): Stripe.PaymentIntent {
  const [known] = state.invoicePayments.newestFirst({ group: invoice.id })
  if (known) return must(state.intents, idOf(known.payment.payment_intent))
  const { amount_due: amount, currency, livemode } = invoice
  const plan = { amount, currency, livemode, methods: ['card'] }
  const intent = state.intents.put(buildIntent(state, plan))
  intent.customer = idOf(invoice.customer)
  intent.payment_method = state.ids.id('pm_1')
  intent.description = 'Subscription update'
  state.invoicePayments.put(buildInvoicePayment(state, invoice, intent))
  return intent
}

function declineCharge(state: State, intent: Stripe.PaymentIntent, invoice: Stripe.Invoice): void {
  const message = 'Your card was declined.'
  const charge = buildCharge(state, intent, buyerOn(invoice), methodDetails('card', intent.amount))
  Object.assign(charge, {
    status: 'failed',
    paid: false,
    captured: false,
    amount_captured: 0,
    balance_transaction: null,
    failure_code: 'card_declined',
    failure_message: message,
  } satisfies Partial<Stripe.Charge>)
  state.charges.put(charge)
  intent.status = 'requires_payment_method'
  intent.latest_charge = charge.id
  intent.last_payment_error = {
    charge: charge.id,
    code: 'card_declined',
    decline_code: 'generic_decline',
    message,
    type: 'card_error',
  }
  emit(state, 'charge.failed', charge)
  emit(state, 'payment_intent.payment_failed', intent)
}

function buyerOn(invoice: Stripe.Invoice) {
  return { email: invoice.customer_email ?? '', name: invoice.customer_name ?? '' }
}
