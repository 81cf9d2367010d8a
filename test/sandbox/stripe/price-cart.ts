import type Stripe from 'stripe'
import type { MakeIds } from './make-ids.ts'

export type CartRow = {
  price: Stripe.Price
  name: string
  quantity: number
  /** Where it is not said, the cart's rule counts */
  adjustable?: Stripe.LineItem['adjustable_quantity']
}
export type CartRules = {
  discount: number
  taxPercent: number
  adjustableQuantity: boolean
  /** During a trial the buyer pays nothing yet */
  trial: boolean
}

/** Rows with their amounts worked out, in minor units; tax is exclusive, rounded per line. */
export function priceCart(ids: MakeIds, rows: readonly CartRow[], rules: CartRules) {
  const subtotals = rows.map((row) =>
    rules.trial ? 0 : (row.price.unit_amount ?? 0) * row.quantity,
  )
  const discounts = shareOut(rules.discount, subtotals)
  return rows.map((row, at): Stripe.LineItem => {
    const subtotal = subtotals[at]!
    const discount = discounts[at]!
    const tax = Math.round(((subtotal - discount) * rules.taxPercent) / 100)
    return {
      id: ids.id('li_'),
      object: 'item',
      adjustable_quantity: row.adjustable === undefined ? adjustableBy(rules) : row.adjustable,
      amount_discount: discount,
      amount_subtotal: subtotal,
      amount_tax: tax,
      amount_total: subtotal - discount + tax,
      currency: row.price.currency,
      description: row.name,
      metadata: null,
      price: row.price,
      quantity: row.quantity,
    } satisfies Stripe.LineItem
  })
}

export function adjustableBy(rules: Pick<CartRules, 'adjustableQuantity'>) {
  return rules.adjustableQuantity ? { enabled: true, minimum: 1, maximum: 99 } : null
}

/** The session's own figures, which always add up: subtotal - discount + tax + shipping = total. */
export function totalsOf(items: readonly Stripe.LineItem[], shipping: number) {
  const sum = (
    field: 'amount_subtotal' | 'amount_discount' | 'amount_tax' | 'amount_total',
  ): number => items.reduce((total, item) => total + item[field], 0)
  return {
    subtotal: sum('amount_subtotal'),
    discount: sum('amount_discount'),
    tax: sum('amount_tax'),
    shipping,
    total: sum('amount_total') + shipping,
  }
}

/** Splits an amount over rows by their weight, to the last unit; never more than the rows are worth. */
function shareOut(amount: number, weights: readonly number[]): number[] {
  let weightLeft = weights.reduce((total, weight) => total + weight, 0)
  let left = Math.min(amount, weightLeft)
  return weights.map((weight) => {
    const share = weightLeft === 0 ? 0 : Math.round((left * weight) / weightLeft)
    left -= share
    weightLeft -= weight
    return share
  })
}
