import type Stripe from 'stripe'
import type { CheckoutFacts } from '../ports.ts'
import { idOf } from './id-of.ts'
import { isoTime, readPayment } from './read-payment.ts'

/**
 * Everything an order needs to know about a Checkout Session, as Stripe tells it now: the session,
 * its payment with what was refunded or disputed, and every page of its line items (events never
 * carry them, and a page holds 10). Usually one request; one more for a subscription, whose payment
 * hangs on its first invoice, and for long or disputed orders.
 */
export async function readCheckout(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<CheckoutFacts> {
  const items = await readItems(stripe, session)
  return { ...readSession(session), items, ...(await readPayment(stripe, session)) }
}

/** The session with all that Stripe lets us ask for in one request. Throws, also when there is none. */
export function fetchSession(stripe: Stripe, id: string): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.retrieve(id, {
    expand: ['line_items', 'payment_intent.latest_charge.refunds'],
  })
}

function readSession(session: Stripe.Checkout.Session) {
  const totals = session.total_details
  return {
    id: session.id,
    livemode: session.livemode,
    ...originOf(session),
    mode: session.mode as CheckoutFacts['mode'],
    session: stateOfSession(session),
    payment: session.payment_status as CheckoutFacts['payment'],
    currency: session.currency ?? 'jpy',
    amount: session.amount_total ?? 0,
    subtotal: session.amount_subtotal ?? session.amount_total ?? 0,
    discount: totals?.amount_discount ?? 0,
    shipping: totals?.amount_shipping ?? 0,
    tax: totals?.amount_tax ?? 0,
    customer: idOf(session.customer),
    payerMail: session.customer_details?.email ?? null,
    locale: session.locale && session.locale !== 'auto' ? session.locale : null,
    createdAt: isoTime(session.created),
    payerName: session.customer_details?.name || null,
  }
}

/**
 * The offer and the reference. A session that we opened ourselves comes from no link and says both in
 * its metadata, where only a holder of the secret key (or the shop, on a link of its own) can write.
 */
export function originOf(
  session: Stripe.Checkout.Session,
): Pick<CheckoutFacts, 'link' | 'reference'> {
  const { noren_offer: offer, noren_reference: sealed } = session.metadata ?? {}
  const opened = !session.payment_link && sealed ? (offer ?? null) : null
  return {
    link: idOf(session.payment_link) ?? opened,
    reference: sealed ?? session.client_reference_id,
  }
}

/** `status` is nullable at Stripe; money that has arrived says as much. */
export function stateOfSession(session: Stripe.Checkout.Session): CheckoutFacts['session'] {
  const status = session.status as CheckoutFacts['session'] | null
  return status ?? (session.payment_status === 'unpaid' ? 'open' : 'complete')
}

async function readItems(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<CheckoutFacts['items']> {
  const first = session.line_items
  const all =
    first && !first.has_more
      ? first.data
      : await stripe.checkout.sessions
          .listLineItems(session.id, { limit: 100 })
          .autoPagingToArray({ limit: 1_000 })
  return all.map((item) => ({
    name: item.description ?? '',
    quantity: item.quantity ?? 1,
    amount: item.amount_subtotal,
    product: idOf(item.price?.product),
    price: item.price?.id ?? null,
    amountTotal: item.amount_total,
  }))
}
