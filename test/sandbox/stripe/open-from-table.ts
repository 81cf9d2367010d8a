import type Stripe from 'stripe'
import type { ChosenInTable } from '../types.ts'
import { customerBehind } from './api-customer-sessions.ts'
import { buildSession, NOBODY } from './build-session.ts'
import { EMAIL, file, REFERENCE } from './open-sessions.ts'
import { priceCart } from './price-cart.ts'
import { idOf, must, type SessionNotes, type State } from './state.ts'

/** The table, the price or the customer session are not what they were taken for: it shows an error instead. */
export class TableRefused extends Error {
  override name = 'TableRefused'
}

/**
 * What Stripe does when a plan is chosen in a pricing table: a session with no link behind it. A bad
 * reference or e-mail is dropped without a word; a customer session that is over is not.
 * Throws TableRefused.
 */
export function openFromTable(
  state: State,
  tableId: string,
  chosen: ChosenInTable,
): Stripe.Checkout.Session {
  const table = state.pricingTables.get(tableId)
  const row = table?.prices.find(({ price }) => price === chosen.price)
  if (!table || !row) throw new TableRefused(`table ${tableId} does not sell ${chosen.price}`)
  const price = must(state.prices, row.price)
  const { name } = must(state.products, idOf(price.product))
  const trial = row.trialDays > 0
  const rules = { discount: 0, taxPercent: 0, adjustableQuantity: false, trial }
  const items = priceCart(state.ids, [{ price, name, quantity: 1 }], rules)
  const session = buildSession(state, {
    link: null,
    items,
    mode: price.recurring ? 'subscription' : 'payment',
    currency: price.currency,
    livemode: price.livemode,
    reference: kept(chosen.reference, REFERENCE),
    email: kept(chosen.email, EMAIL),
    locale: 'auto',
    coupon: null,
    successUrl: table.returnUrl ?? 'https://stripe.com',
  })
  if (chosen.customerSession) bindTo(state, session, chosen.customerSession)
  return file(state, session, items, notesOf(row.trialDays, table.returnUrl))
}

const kept = (given: string | undefined, rule: RegExp) =>
  given !== undefined && rule.test(given) ? given : null

function bindTo(state: State, session: Stripe.Checkout.Session, secret: string): void {
  const customer = must(state.customers, customerOrThrow(state, secret))
  session.customer = customer.id
  session.customer_creation = null
  session.customer_details = { ...NOBODY, email: customer.email, name: customer.name ?? null }
}

function customerOrThrow(state: State, secret: string): string {
  const id = customerBehind(state, secret)
  if (id === null) throw new TableRefused('this customer session is over')
  return id
}

function notesOf(trialDays: number, successUrl: string | null): SessionNotes {
  return {
    linkId: null,
    trialDays,
    taxPercent: 0,
    discountOff: null,
    adjustableQuantity: false,
    returnQuery: [],
    opened: { successUrl, subscription: { metadata: {}, description: null, withoutCard: null } },
  }
}
