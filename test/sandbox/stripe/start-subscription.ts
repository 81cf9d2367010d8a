import type Stripe from 'stripe'
import { buildCustomer } from './build-customer.ts'
import { buildInvoice } from './build-invoice.ts'
import { buildInvoicePayment } from './build-invoice-parts.ts'
import type { Buyer } from './build-payment.ts'
import { buildSubscription } from './build-subscription.ts'
import { emit } from './emit-event.ts'
import type { State } from './state.ts'

/**
 * What a subscription link leaves behind: a new Customer each time (a Payment Link cannot be bound to
 * one that exists), a Subscription and its first Invoice. `intent` is null when nothing was to pay.
 */
export function startSubscription(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
  intent: Stripe.PaymentIntent | null,
): void {
  const items = state.lineItems.get(session.id) ?? []
  const trialDays = state.sessionNotes.get(session.id)?.trialDays ?? 0
  const customer = state.customers.put(buildCustomer(state, session, buyer))
  const subscription = state.subscriptions.put(
    buildSubscription(state, session, customer.id, items, trialDays),
  )
  const invoice = state.invoices.put(buildInvoice(state, session, buyer, subscription, items))
  subscription.latest_invoice = invoice.id
  if (intent) {
    intent.customer = customer.id
    state.invoicePayments.put(buildInvoicePayment(state, invoice, intent))
  }
  session.customer = customer.id
  session.subscription = subscription.id
  session.invoice = invoice.id
  emit(state, 'customer.created', customer)
  emit(state, 'customer.subscription.created', subscription)
  emit(state, 'invoice.paid', invoice)
  emit(state, 'invoice.payment_succeeded', invoice)
}
