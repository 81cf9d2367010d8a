import type { CheckoutFacts, Db, Log, Tx } from '../ports.ts'
import { itemsOf } from './orders.store.ts'

/** One line of an order as other systems want it: Stripe's ids, and amounts in the currency's minor unit. */
export type OrderContent = {
  /** prod_… and price_…; null where Stripe named none, and the price also in orders from before version 7 */
  product: string | null
  price: string | null
  /** As it stood on the payment page */
  name: string
  quantity: number
  /** Before discounts, for all of them */
  amountSubtotal: number
  /** After discounts and with tax, as Stripe says; in orders from before version 7 the subtotal */
  amountTotal: number
}

/**
 * What was bought in the end, line by line: quantities that the buyer changed and products that they added
 * on the payment page (cross-sell) are in it. All lines and their shipping sum up to the order's amount.
 */
export async function orderContents(db: Db | Tx, orderId: string): Promise<OrderContent[]> {
  const rows = (await itemsOf(db, [orderId])).get(orderId) ?? []
  return rows.map(({ product, price, name, quantity, amount, amount_total }) => ({
    product,
    price,
    name,
    quantity,
    amountSubtotal: amount,
    amountTotal: amount_total ?? amount,
  }))
}

/** What was paid for, as ids and numbers only: for whoever reads the log to feed a system of their own. */
export function logContents(log: Log, { id, currency, amount, items }: CheckoutFacts): void {
  const lines = items.map(({ product, price, quantity, amountTotal }) => ({
    product,
    price,
    quantity,
    amount: amountTotal,
  }))
  log.info({ order: id, currency, amount, items: lines }, 'order paid')
}
