import type { CheckoutFacts, Log } from '../ports.ts'

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
