import type Stripe from 'stripe'
import { idOf, type State } from './state.ts'

/** One row before it stands on an invoice; amounts in minor units, without tax, credits below zero. */
export type InvoiceRow = {
  price: Stripe.Price
  quantity: number
  amount: number
  description: string
  period: { start: number; end: number }
  /** The subscription's item that it is for; null for what is sold once along with it */
  item: string | null
  proration: boolean
}

/** One row of an invoice. */
export function buildInvoiceLine(
  state: State,
  invoice: string,
  subscription: Stripe.Subscription,
  row: InvoiceRow,
): Stripe.InvoiceLineItem {
  return {
    id: state.ids.id('il_1'),
    object: 'line_item',
    amount: row.amount,
    currency: subscription.currency,
    description: row.description,
    discount_amounts: [],
    discountable: !row.proration,
    discounts: [],
    invoice,
    livemode: subscription.livemode,
    metadata: {},
    parent: row.item === null ? null : parentOf(subscription, row, row.item),
    period: row.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: row.price.id, product: idOf(row.price.product)! },
      type: 'price_details',
      unit_amount_decimal: row.price.unit_amount_decimal,
    },
    quantity: row.quantity,
    quantity_decimal: null,
    subscription: subscription.id,
    subtotal: row.amount,
    taxes: [],
  } satisfies Stripe.InvoiceLineItem
}

function parentOf(subscription: Stripe.Subscription, row: InvoiceRow, item: string) {
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: row.proration,
      proration_details: null,
      subscription: subscription.id,
      subscription_item: item,
    },
    type: 'subscription_item_details',
  } satisfies Stripe.InvoiceLineItem.Parent
}

/** The bridge from an invoice to the intent that pays it; an invoice itself no longer names one. */
export function buildInvoicePayment(
  state: State,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): Stripe.InvoicePayment {
  return {
    id: state.ids.id('inpay_1'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: intent.amount,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: invoice.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  } satisfies Stripe.InvoicePayment
}
