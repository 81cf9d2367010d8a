import Stripe from 'stripe'
import type { Konbini } from '../../shared/api.ts'
import type { CheckoutFacts } from '../ports.ts'
import { idOf } from './id-of.ts'

type Intent = Stripe.PaymentIntent
type Charge = Stripe.Charge
type PaymentFacts = Pick<
  CheckoutFacts,
  'intent' | 'disputed' | 'refunds' | 'paymentMethod' | 'paymentIntent' | 'konbini' | 'paidAt'
>

const KONBINI_STORES = ['familymart', 'lawson', 'ministop', 'seicomart'] as const

/** How a session was or is to be paid, and what was refunded or disputed of it since. */
export async function readPayment(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<PaymentFacts> {
  const intent = await readIntent(stripe, session)
  const charge = await readCharge(stripe, intent)
  return {
    intent: stateOf(intent),
    disputed: await isChargeDisputed(stripe, charge),
    refunds: await readRefunds(stripe, charge),
    paymentMethod: methodOf(session, intent, charge),
    paymentIntent: intent?.id ?? null,
    konbini: readKonbini(intent),
    paidAt: paidAt(session, charge),
  }
}

async function readIntent(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<Intent | null> {
  const intent = session.payment_intent ?? (await firstPayment(stripe, idOf(session.invoice)))
  if (intent === null || typeof intent !== 'string') return intent
  return stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.refunds'] })
}

/**
 * A subscription's session names no payment: it hangs on the first invoice, and a free trial's has none.
 * Asked for by itself, as a key from before there were members may not read invoices: then such an
 * order is told as it always was.
 */
async function firstPayment(
  stripe: Stripe,
  invoice: string | null,
): Promise<string | Intent | null> {
  if (!invoice) return null
  try {
    const { data } = await stripe.invoicePayments.list({
      invoice,
      limit: 10,
      // As deep as Stripe goes: the refunds would be one level more.
      expand: ['data.payment.payment_intent.latest_charge'],
    })
    const paid = data.find(({ status }) => status === 'paid')
    const counts = paid ?? data.find(({ is_default }) => is_default) ?? data[0]
    return counts?.payment.payment_intent ?? null
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return null
    throw error
  }
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
async function isChargeDisputed(stripe: Stripe, charge: Charge | null): Promise<boolean> {
  if (!charge?.disputed) return false
  return isDisputed(stripe, { charge: charge.id })
}

/** Is money being taken back, or is it gone already? A dispute that the shop has won is none. */
export async function isDisputed(
  stripe: Stripe,
  about: { charge: string } | { payment_intent: string },
): Promise<boolean> {
  const { data } = await stripe.disputes.list({ ...about, limit: 10 })
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

/** Stripe counts seconds. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
