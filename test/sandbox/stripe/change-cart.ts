import type Stripe from 'stripe'
import { refreshTotals } from './build-session.ts'
import { rowsOf, rulesOf } from './open-sessions.ts'
import { type CartRow, priceCart } from './price-cart.ts'
import { idOf, must, type State } from './state.ts'

type Session = Stripe.Checkout.Session

/** The buyer changes how many, where the row lets them. Rows without a valid number stay as they are. */
export function changeQuantities(
  state: State,
  session: Session,
  quantities: readonly number[],
): void {
  changeRows(state, session, (rows) =>
    rows.map((row, at) => {
      const wanted = Math.floor(quantities[at] ?? row.quantity)
      const { enabled, minimum, maximum } = row.adjustable ?? { enabled: false }
      const fits = enabled && wanted >= (minimum ?? 0) && wanted <= (maximum ?? 99)
      return fits ? { ...row, quantity: wanted } : row
    }),
  )
}

/**
 * What the page offers besides becomes a line item like any other when the buyer takes it, and is none
 * when they put it back (https://docs.stripe.com/payments/checkout/optional-items).
 */
export function takeOptional(state: State, session: Session, price: string): void {
  const offered = session.optional_items?.find((item) => item.price === price)
  if (!offered) return
  changeRows(state, session, (rows) => {
    const others = rows.filter((row) => row.price.id !== price)
    if (others.length < rows.length) return others
    const made = must(state.prices, price)
    const { name } = must(state.products, idOf(made.product))
    const { quantity, adjustable_quantity: adjustable } = offered
    return [...rows, { price: made, name, quantity, adjustable }]
  })
}

function changeRows(state: State, session: Session, change: (rows: CartRow[]) => CartRow[]): void {
  if (session.status !== 'open') return
  const rows = change(rowsOf(state, state.lineItems.get(session.id) ?? []))
  const items = priceCart(state.ids, rows, rulesOf(state.sessionNotes.get(session.id)!))
  state.lineItems.set(session.id, items)
  refreshTotals(session, items)
}
