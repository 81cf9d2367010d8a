import Stripe from 'stripe'
import type { PaymentCard } from '../ports.ts'

/** What a list of subscriptions has to put there whole for the card to be seen. Stripe goes four levels deep. */
const CARD_PATHS = [
  'data.default_payment_method',
  'data.default_source',
  'data.customer.invoice_settings.default_payment_method',
  'data.customer.default_source',
]

/** Who may not see cards: asked once, and then without, until the next start. */
const refused = new WeakSet<Stripe>()

/**
 * Asks for subscriptions together with their cards. A key from before Noren read cards may not, and an account
 * may know no such place: then without, for no membership must stop for a courtesy. `ask` gets what to expand.
 */
export async function askWithCards<T>(
  stripe: Stripe,
  ask: (expand: string[]) => Promise<T>,
): Promise<T> {
  if (refused.has(stripe)) return ask([])
  try {
    return await ask(CARD_PATHS)
  } catch (error) {
    if (!isRefused(error)) throw error
    const without = await ask([])
    refused.add(stripe)
    return without
  }
}

function isRefused(error: unknown): boolean {
  if (error instanceof Stripe.errors.StripePermissionError) return true
  const { StripeInvalidRequestError } = Stripe.errors
  return error instanceof StripeInvalidRequestError && /^expand/.test(error.param ?? '')
}

/**
 * The card that Stripe will charge, in the order in which Stripe looks for one: the subscription's own, then
 * the customer's (https://docs.stripe.com/api/subscriptions/object#subscription_object-default_payment_method).
 * null: it is paid in another way, by an invoice, or nobody may see how.
 */
export function cardOf(subscription: Stripe.Subscription): PaymentCard | null {
  if (subscription.collection_method !== 'charge_automatically') return null
  const { customer } = subscription
  const theirs = typeof customer === 'string' || customer.deleted ? null : customer
  const charged =
    subscription.default_payment_method ??
    subscription.default_source ??
    theirs?.invoice_settings.default_payment_method ??
    theirs?.default_source
  if (!charged || typeof charged === 'string') return null
  if (charged.object === 'card') return inOurWords(charged)
  if (charged.object === 'bank_account' || charged.object === 'account') return null
  return charged.card ? inOurWords(charged.card) : null
}

type CardPart = {
  brand?: string | null
  last4?: string | null
  exp_month?: number | null
  exp_year?: number | null
}

function inOurWords({ brand, last4, exp_month, exp_year }: CardPart): PaymentCard | null {
  if (!last4 || !exp_month || !exp_year) return null
  return {
    brand: (brand ?? 'unknown').toLowerCase().replaceAll(' ', '_'),
    last4,
    month: `${exp_year}-${String(exp_month).padStart(2, '0')}`,
  }
}
