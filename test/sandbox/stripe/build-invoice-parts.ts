import type Stripe from 'stripe'
import { idOf, type State } from './state.ts'

/** One row of an invoice. */
export function buildInvoiceLine(
  state: State,
  invoice: string,
  subscription: Stripe.Subscription,
  item: Stripe.LineItem,
): Stripe.InvoiceLineItem {
  const period = subscription.items.data[0]
  return {
    id: state.ids.id('il_1'),
    object: 'line_item',
    amount: item.amount_subtotal,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: subscription.livemode,
    metadata: {},
    parent: null,
    period: {
      start: period?.current_period_start ?? subscription.created,
      end: period?.current_period_end ?? subscription.created,
    },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price!.id, product: idOf(item.price!.product)! },
      type: 'price_details',
      unit_amount_decimal: item.price!.unit_amount_decimal,
    },
    quantity: item.quantity,
    quantity_decimal: null,
    subscription: subscription.id,
    subtotal: item.amount_subtotal,
    taxes: [],
  } satisfies Stripe.InvoiceLineItem
}

/** The bridge from an invoice to the intent that paid it; an invoice itself no longer names one. */
export function buildInvoicePayment(
  state: State,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): Stripe.InvoicePayment {
  return {
    id: state.ids.id('inpay_1'),
    object: 'invoice_payment',
    amount_paid: intent.amount,
    amount_requested: intent.amount,
    created: invoice.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: invoice.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: invoice.created },
  } satisfies Stripe.InvoicePayment
}
