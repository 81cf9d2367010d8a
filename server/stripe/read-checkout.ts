import type Stripe from 'stripe'
import type { Konbini } from '../../shared/api.ts'
import type { CheckoutFacts } from '../ports.ts'

type Intent = Stripe.PaymentIntent
type Charge = Stripe.Charge

const KONBINI_STORES = ['familymart', 'lawson', 'ministop', 'seicomart'] as const

/**
 * Everything an order needs to know about a Checkout Session, as Stripe tells it now: the session,
 * its payment with what was refunded or disputed, and every page of its line items (events never
 * carry them, and a page holds 10). Usually one request; more only for long or disputed orders.
 */
export async function readCheckout(stripe: Stripe, id: string): Promise<CheckoutFacts> {
  const session = await stripe.checkout.sessions.retrieve(id, {
    expand: ['line_items', 'payment_intent.latest_charge.refunds'],
  })
  const items = await readItems(stripe, session)
  const intent = await readIntent(stripe, session)
  const charge = await readCharge(stripe, intent)
  return {
    ...readSession(session),
    items,
    intent: stateOf(intent),
    disputed: await isDisputed(stripe, charge),
    refunds: await readRefunds(stripe, charge),
    paymentMethod: methodOf(session, intent, charge),
    paymentIntent: intent?.id ?? null,
    konbini: readKonbini(intent),
    paidAt: paidAt(session, charge),
  }
}

function readSession(session: Stripe.Checkout.Session) {
  const totals = session.total_details
  return {
    id: session.id,
    livemode: session.livemode,
    link: idOf(session.payment_link),
    reference: session.client_reference_id,
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
    locale: session.locale && session.locale !== 'auto' ? session.locale : null,
    createdAt: isoTime(session.created),
  }
}

/** `status` is nullable at Stripe; money that has arrived says as much. */
function stateOfSession(session: Stripe.Checkout.Session): CheckoutFacts['session'] {
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
  }))
}

async function readIntent(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<Intent | null> {
  const intent = session.payment_intent
  if (typeof intent !== 'string') return intent
  return stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.refunds'] })
}

async function readCharge(stripe: Stripe, intent: Intent | null): Promise<Charge | null> {
  const charge = intent?.latest_charge ?? null
  if (typeof charge !== 'string') return charge
  return stripe.charges.retrieve(charge, { expand: ['refunds'] })
}

/** Only the payment tells "waiting at the konbini" from "lapsed": the session says `unpaid` to both. */
function stateOf(intent: Intent | null): CheckoutFacts['intent'] {
  if (!intent) return 'none'
  if (intent.status === 'succeeded') return 'succeeded'
  return intent.status === 'requires_payment_method' || intent.status === 'canceled'
    ? 'failed'
    : 'waiting'
}

/** `charge.disputed` stays true after the shop has won, so the disputes themselves are asked. */
async function isDisputed(stripe: Stripe, charge: Charge | null): Promise<boolean> {
  if (!charge?.disputed) return false
  const { data } = await stripe.disputes.list({ charge: charge.id, limit: 10 })
  return data.some((dispute) => dispute.status !== 'won' && dispute.status !== 'warning_closed')
}

async function readRefunds(
  stripe: Stripe,
  charge: Charge | null,
): Promise<CheckoutFacts['refunds']> {
  if (!charge?.amount_refunded) return []
  const first = charge.refunds
  const all =
    first && !first.has_more
      ? first.data
      : await stripe.refunds
          .list({ charge: charge.id, limit: 100 })
          .autoPagingToArray({ limit: 500 })
  return all
    .filter((refund) => refund.status !== 'failed' && refund.status !== 'canceled')
    .map(({ id, amount, created }) => ({ id, amount, createdAt: isoTime(created) }))
    .reverse()
}

function methodOf(
  session: Stripe.Checkout.Session,
  intent: Intent | null,
  charge: Charge | null,
): string | null {
  if (charge?.payment_method_details) return charge.payment_method_details.type
  if (intent?.next_action?.konbini_display_details) return 'konbini'
  const possible = session.payment_method_types ?? []
  return possible.length === 1 ? (possible[0] ?? null) : null
}

function readKonbini(intent: Intent | null): Konbini | null {
  const details = intent?.next_action?.konbini_display_details
  if (!details) return null
  return {
    expiresAt: isoTime(details.expires_at),
    voucherUrl: details.hosted_voucher_url ?? null,
    stores: KONBINI_STORES.flatMap((store) => {
      const code = details.stores?.[store]
      if (!code?.payment_code) return []
      const confirmationNumber = code.confirmation_number ?? null
      return [{ store, paymentCode: code.payment_code, confirmationNumber }]
    }),
  }
}

function paidAt(session: Stripe.Checkout.Session, charge: Charge | null): string | null {
  if (session.payment_status === 'unpaid') return null
  return isoTime(charge?.created ?? session.created)
}

function idOf(value: string | { id: string } | null | undefined): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null)
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
