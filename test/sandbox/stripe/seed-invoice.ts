import type Stripe from 'stripe'
import { buildInvoice } from './build-invoice.ts'
import { buildInvoicePayment } from './build-invoice-parts.ts'
import { buildCharge, buildIntent } from './build-payment.ts'
import { methodDetails } from './payment-method-details.ts'
import { periodOf } from './periods.ts'
import { nameOf } from './renew-subscription.ts'
import { type State, seconds } from './state.ts'

/** The first invoice of a seeded subscriber with the money that paid it, as if it had always been there. */
export function stockSeedInvoice(
  state: State,
  customer: Stripe.Customer,
  subscription: Stripe.Subscription,
  price: Stripe.Price,
): void {
  const now = seconds(state)
  const amount = price.unit_amount ?? 0
  const buyer = { email: customer.email ?? '', name: customer.name ?? '' }
  const period = periodOf(subscription)
  const item = subscription.items.data[0]!.id
  const description = nameOf(state, price)
  const invoice = buildInvoice(state, {
    subscription,
    buyer,
    reason: 'subscription_create',
    lines: [{ price, quantity: 1, amount, description, period, item, proration: false }],
    totals: { subtotal: amount, tax: 0, total: amount },
    period: { start: now, end: now },
  })
  Object.assign(invoice, {
    status: 'paid',
    amount_paid: amount,
    amount_remaining: 0,
    attempt_count: 1,
    attempted: true,
    auto_advance: false,
    number: `${customer.invoice_prefix}-0001`,
    hosted_invoice_url: `${state.url}/invoice/${invoice.id}`,
    status_transitions: { ...invoice.status_transitions, finalized_at: now, paid_at: now },
  } satisfies Partial<Stripe.Invoice>)
  customer.next_invoice_sequence = 2
  subscription.latest_invoice = state.invoices.put(invoice).id
  pay(state, invoice, buyer)
}

function pay(state: State, invoice: Stripe.Invoice, buyer: { email: string; name: string }): void {
  const { total: amount, currency, livemode } = invoice
  const intent = buildIntent(state, { amount, currency, livemode, methods: ['card'] })
  intent.customer = String(invoice.customer)
  const charge = buildCharge(state, intent, buyer, methodDetails('card', amount))
  Object.assign(intent, { status: 'succeeded', amount_received: amount, latest_charge: charge.id })
  state.charges.put(charge)
  state.intents.put(intent)
  const payment = buildInvoicePayment(state, invoice, intent)
  Object.assign(payment, { status: 'paid', amount_paid: amount })
  payment.status_transitions.paid_at = invoice.created
  state.invoicePayments.put(payment)
}
