import type Stripe from 'stripe'
import { buildInvoiceLine, type InvoiceRow } from './build-invoice-parts.ts'
import type { Buyer } from './build-payment.ts'
import { idOf, type State, seconds } from './state.ts'

export type InvoicePlan = {
  subscription: Stripe.Subscription
  buyer: Buyer
  reason: Stripe.Invoice.BillingReason
  lines: readonly InvoiceRow[]
  totals: { subtotal: number; tax: number; total: number }
  period: { start: number; end: number }
}

/** An invoice as Billing drafts it: nothing is asked of anybody yet. */
export function buildInvoice(state: State, plan: InvoicePlan): Stripe.Invoice {
  const { subscription, buyer, totals } = plan
  const id = state.ids.id('in_1')
  return {
    ...PLAIN,
    id,
    object: 'invoice',
    amount_due: totals.total,
    amount_paid: 0,
    amount_remaining: totals.total,
    billing_reason: plan.reason,
    created: seconds(state),
    currency: subscription.currency,
    customer: idOf(subscription.customer),
    customer_email: buyer.email,
    customer_name: buyer.name,
    lines: {
      object: 'list',
      data: plan.lines.map((row) => buildInvoiceLine(state, id, subscription, row)),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: subscription.livemode,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
      },
      type: 'subscription_details',
    },
    period_end: plan.period.end,
    period_start: plan.period.start,
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotal,
    test_clock: idOf(subscription.test_clock),
    total: totals.total,
    total_excluding_tax: totals.total - totals.tax,
  } satisfies Stripe.Invoice
}

/** What is the same in every draft. */
const PLAIN = {
  account_country: 'JP',
  account_name: null,
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: true,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  automatically_finalizes_at: null,
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
  effective_at: null,
  ending_balance: 0,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  metadata: {},
  next_payment_attempt: null,
  number: null,
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
  status: 'draft',
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
  webhooks_delivered_at: null,
} satisfies Partial<Stripe.Invoice>
