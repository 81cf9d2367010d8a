import type Stripe from 'stripe'
import { buildInvoiceLine } from './build-invoice-parts.ts'
import type { Buyer } from './build-payment.ts'
import { idOf, type State, seconds } from './state.ts'

/** The first invoice of a subscription, paid on the spot. */
export function buildInvoice(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
  subscription: Stripe.Subscription,
  items: readonly Stripe.LineItem[],
): Stripe.Invoice {
  const id = state.ids.id('in_1')
  const now = seconds(state)
  const subtotal = session.amount_subtotal ?? 0
  const total = session.amount_total ?? 0
  const tax = session.total_details?.amount_tax ?? 0
  return {
    ...PLAIN,
    id,
    object: 'invoice',
    amount_due: total,
    amount_paid: total,
    created: now,
    currency: subscription.currency,
    customer: idOf(subscription.customer),
    customer_email: buyer.email,
    customer_name: buyer.name,
    effective_at: now,
    hosted_invoice_url: null,
    lines: {
      object: 'list',
      data: items.map((item) => buildInvoiceLine(state, id, subscription, item)),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: session.livemode,
    number: `${state.ids.id('', 8).toUpperCase()}-0001`,
    parent: {
      quote_details: null,
      subscription_details: { metadata: {}, subscription: subscription.id },
      type: 'subscription_details',
    },
    period_end: now,
    period_start: now,
    status_transitions: {
      finalized_at: now,
      marked_uncollectible_at: null,
      paid_at: now,
      voided_at: null,
    },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total - tax,
  } satisfies Stripe.Invoice
}

/** What is the same in every first invoice. */
const PLAIN = {
  account_country: 'JP',
  account_name: null,
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 1,
  attempted: true,
  auto_advance: false,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  automatically_finalizes_at: null,
  billing_reason: 'subscription_create',
  collection_method: 'charge_automatically',
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  ending_balance: 0,
  footer: null,
  from_invoice: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  metadata: {},
  next_payment_attempt: null,
  on_behalf_of: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: 'paid',
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
} satisfies Partial<Stripe.Invoice>
