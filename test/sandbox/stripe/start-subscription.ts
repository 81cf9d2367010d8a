import type Stripe from 'stripe'
import { buildCustomer } from './build-customer.ts'
import { buildInvoice } from './build-invoice.ts'
import { buildInvoicePayment, type InvoiceRow } from './build-invoice-parts.ts'
import type { Buyer } from './build-payment.ts'
import { buildSubscription } from './build-subscription.ts'
import { emit } from './emit-event.ts'
import { featuresOf, tellEntitlements } from './entitle.ts'
import { attachMethod } from './keep-cards.ts'
import { periodOf } from './periods.ts'
import { finalizeInvoice, markPaid } from './settle-invoice.ts'
import { idOf, must, type State } from './state.ts'

/**
 * What a subscription checkout leaves behind: a Subscription, its first Invoice and, unless a server
 * named one, a new Customer each time (a Payment Link cannot be bound to one that exists).
 * `intent` is null when nothing was to pay; `receive` takes its money in.
 */
export function startSubscription(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
  intent: Stripe.PaymentIntent | null,
  receive: () => void,
): void {
  const customer = customerOf(state, session, buyer)
  session.customer = customer.id
  state.refusedCards.delete(customer.id)
  const subscription = begin(state, session, customer, buyer)
  const invoice = bill(state, session, subscription, buyer)
  emit(state, 'customer.subscription.created', subscription)
  emit(state, 'invoice.created', invoice)
  finalizeInvoice(state, invoice)
  if (intent) {
    intent.customer = customer.id
    state.invoicePayments.put(buildInvoicePayment(state, invoice, intent))
    receive()
    invoice.attempt_count = 1
  }
  markPaid(state, invoice)
  tellEntitlements(state, customer.id)
}

function customerOf(state: State, session: Stripe.Checkout.Session, buyer: Buyer): Stripe.Customer {
  if (session.customer !== null) {
    const known = must(state.customers, idOf(session.customer))
    known.currency ??= session.currency
    return known
  }
  return makeCustomer(state, session, buyer)
}

/** A new Customer from what the buyer typed. */
export function makeCustomer(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
): Stripe.Customer {
  const { currency, livemode, locale } = session
  const made = state.customers.put(buildCustomer(state, { ...buyer, currency, livemode, locale }))
  session.customer = made.id
  emit(state, 'customer.created', made)
  return made
}

function begin(
  state: State,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
  { card }: Buyer,
) {
  const notes = state.sessionNotes.get(session.id)
  const extra = notes?.opened?.subscription
  const subscription = state.subscriptions.put(
    buildSubscription(state, {
      customer: customer.id,
      currency: session.currency ?? 'jpy',
      livemode: session.livemode,
      items: state.lineItems.get(session.id) ?? [],
      trialDays: notes?.trialDays ?? 0,
      metadata: { ...extra?.metadata },
      description: extra?.description ?? null,
      clock: idOf(customer.test_clock),
    }),
  )
  const hasCard = session.payment_method_collection === 'always' || session.amount_total !== 0
  if (hasCard) subscription.default_payment_method = attachMethod(state, customer, card).id
  session.subscription = subscription.id
  state.sessionOfSubscription.set(subscription.id, session.id)
  state.subscriptionNotes.set(subscription.id, {
    taxPercent: notes?.taxPercent ?? 0,
    trialWarned: false,
    resumeAt: null,
    features: featuresOf(state, subscription),
    withoutCard: hasCard ? null : (extra?.withoutCard ?? 'create_invoice'),
  })
  return subscription
}

function bill(
  state: State,
  session: Stripe.Checkout.Session,
  subscription: Stripe.Subscription,
  buyer: Buyer,
): Stripe.Invoice {
  const period = periodOf(subscription)
  const lines = (state.lineItems.get(session.id) ?? []).map(
    (item): InvoiceRow => ({
      price: item.price!,
      quantity: item.quantity ?? 1,
      amount: item.amount_subtotal,
      description: item.description ?? '',
      period,
      item: subscription.items.data.find(({ price }) => price.id === item.price?.id)?.id ?? null,
      proration: false,
    }),
  )
  const totals = {
    subtotal: session.amount_subtotal ?? 0,
    tax: session.total_details?.amount_tax ?? 0,
    total: session.amount_total ?? 0,
  }
  const reason = 'subscription_create'
  const now = { start: subscription.start_date, end: subscription.start_date }
  const plan = { subscription, buyer, reason, lines, totals, period: now } as const
  const invoice = state.invoices.put(buildInvoice(state, plan))
  subscription.latest_invoice = invoice.id
  session.invoice = invoice.id
  return invoice
}
