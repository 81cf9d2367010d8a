import type Stripe from 'stripe'
import type { LinkSeed } from '../types.ts'
import { buildSession } from './build-session.ts'
import { type CartRow, priceCart } from './price-cart.ts'
import { idOf, must, type SessionNotes, type State } from './state.ts'
import { stockItem } from './stock-catalogue.ts'

/** https://docs.stripe.com/payment-links/url-parameters: anything else is dropped without a word. */
export const REFERENCE = /^[A-Za-z0-9_-]{1,200}$/
export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const UTM = /^utm_(source|medium|campaign|term|content)$/
const UTM_VALUE = /^[A-Za-z0-9_-]{1,150}$/

/** The buyer opens a link that is switched off. */
export class LinkInactive extends Error {
  override name = 'LinkInactive'
}

/** What Stripe does when a link's URL is opened: a new session, made on the spot. Throws LinkInactive. */
export function openFromLink(
  state: State,
  linkId: string,
  query: URLSearchParams,
): Stripe.Checkout.Session {
  const link = must(state.links, linkId)
  if (!link.active) throw new LinkInactive(`the Payment Link ${linkId} is not active`)
  const notes: SessionNotes = {
    ...state.linkNotes.get(linkId)!,
    linkId,
    opened: null,
    returnQuery: [...query].filter(([key, value]) => UTM.test(key) && UTM_VALUE.test(value)),
  }
  const rows = rowsOf(state, state.lineItems.get(linkId) ?? [])
  const items = priceCart(state.ids, rows, rulesOf(notes))
  const reference = query.get('client_reference_id')
  const email = query.get('locked_prefilled_email') ?? query.get('prefilled_email')
  const session = buildSession(state, {
    link,
    items,
    mode: rows.some((row) => row.price.recurring) ? 'subscription' : 'payment',
    currency: link.currency,
    livemode: link.livemode,
    reference: reference !== null && REFERENCE.test(reference) ? reference : null,
    email: email !== null && EMAIL.test(email) ? email : null,
    locale: query.get('locale') ?? 'auto',
    coupon: notes.discountOff?.coupon ?? null,
    successUrl: link.after_completion.redirect?.url ?? 'https://stripe.com',
    optional: structuredClone(link.optional_items ?? null),
  })
  return file(state, session, items, notes)
}

/** A session that some server opened through the API, with no link behind it. */
export function openByServer(
  state: State,
  seed: {
    reference?: string
    items: LinkSeed['items']
    currency?: string
    livemode?: boolean
  },
): Stripe.Checkout.Session {
  const currency = (seed.currency ?? 'jpy').toLowerCase()
  const livemode = seed.livemode ?? false
  const rows = seed.items.map((item) => ({
    price: stockItem(state, item, { currency, taxed: false, livemode }),
    name: item.name,
    quantity: item.quantity ?? 1,
  }))
  const notes: SessionNotes = {
    linkId: null,
    opened: null,
    trialDays: 0,
    taxPercent: 0,
    discountOff: null,
    adjustableQuantity: false,
    returnQuery: [],
  }
  const items = priceCart(state.ids, rows, rulesOf(notes))
  const session = buildSession(state, {
    link: null,
    items,
    mode: 'payment',
    currency,
    livemode,
    reference: seed.reference ?? null,
    email: null,
    locale: null,
    coupon: null,
    successUrl: 'https://stripe.com',
  })
  return file(state, session, items, notes)
}

export function file(
  state: State,
  session: Stripe.Checkout.Session,
  items: Stripe.LineItem[],
  notes: SessionNotes,
): Stripe.Checkout.Session {
  state.sessions.put(session)
  state.lineItems.set(session.id, items)
  state.sessionNotes.set(session.id, notes)
  return session
}

export function rowsOf(state: State, items: readonly Stripe.LineItem[]): CartRow[] {
  return items.map((item) => ({
    price: must(state.prices, idOf(item.price)),
    name: item.description ?? '',
    quantity: item.quantity ?? 1,
    adjustable: item.adjustable_quantity,
  }))
}

export function rulesOf(notes: SessionNotes) {
  return {
    discount: notes.discountOff?.amount ?? 0,
    taxPercent: notes.taxPercent,
    adjustableQuantity: notes.adjustableQuantity,
    trial: notes.trialDays > 0,
  }
}
