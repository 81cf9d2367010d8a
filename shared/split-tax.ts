import type { Order } from './api.ts'

/**
 * Stripe names one sum of tax for both kinds: what was added on top, which the total shows, and what
 * the prices held all along. Minor units (https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior).
 */
export function splitTax(
  order: Pick<Order, 'amount' | 'subtotal' | 'discount' | 'shipping' | 'tax'>,
): { added: number; included: number } {
  const onTop = order.amount - (order.subtotal - order.discount + order.shipping)
  const added = Math.min(Math.max(onTop, 0), order.tax)
  return { added, included: order.tax - added }
}
