import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import Stripe from 'stripe'
import { type CheckoutAsked, type CheckoutFacts, KeySpent, Never, OutOfDate } from '../ports.ts'
import { isMissing, isRefusal, orNull } from './not-found.ts'
import { stateOfSession } from './read-checkout.ts'
import { conditionsOf } from './read-offer.ts'
import { sessionLike } from './session-like-link.ts'

type Params = Stripe.Checkout.SessionCreateParams

/**
 * A Checkout Session that sells what the link sells, as the link sells it, to a customer that exists.
 * Three requests. https://docs.stripe.com/api/checkout/sessions/create
 */
export async function openCheckout(
  stripe: Stripe,
  ask: CheckoutAsked,
): Promise<{ id: string; url: string }> {
  const [link, { data: items }] = await Promise.all([
    stripe.paymentLinks.retrieve(ask.link),
    stripe.paymentLinks.listLineItems(ask.link, { limit: 20 }),
  ])
  if (!link.active || link.restrictions?.completed_sessions)
    throw new Never(`link ${link.id} is switched off or counted, which its own page alone minds`)
  if (ask.shown && !isDeepStrictEqual(ask.shown, conditionsOf(link, items)))
    throw new OutOfDate(`link ${link.id} sells something else than the page has shown`)
  const params = {
    ...sessionLike(link, items, { trial: ask.trial }),
    ...whoBuys(link, ask),
    metadata: { ...link.metadata, noren_offer: ask.link, noren_reference: ask.sealed },
    client_reference_id: ask.reference,
    locale: ask.language,
    // The shop has chosen where its buyers come back to, and it may be another page than ours.
    success_url: link.after_completion.redirect?.url ?? ask.returnUrl,
    cancel_url: ask.cancelUrl,
  } satisfies Params
  const { id, url } = await create(stripe, params, `${ask.key}-${fingerprint(params)}`)
  if (!url) throw new Error(`Stripe gave session ${id} no address`)
  return { id, url }
}

/** Stripe refuses a key that comes with other parameters, and the shop may change its link at any time. */
function fingerprint(params: Params): string {
  return createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16)
}

/** A customer who is gone does not come back, unlike most of what Stripe does not find. */
async function create(stripe: Stripe, params: Params, key: string) {
  try {
    return await stripe.checkout.sessions.create(params, { idempotencyKey: key })
  } catch (error) {
    if (isMissing(error, 'customer')) throw new Never(`no such customer: ${params.customer}`)
    // https://docs.stripe.com/api/idempotent_requests: a 500 is kept under the key as any other answer is.
    if (error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500)
      throw new KeySpent(`Stripe fell over a checkout: ${error.message}`, { cause: error })
    throw error
  }
}

/** What the buyer writes on the page can only go to an existing customer if we say that it may. */
function whoBuys(
  link: Stripe.PaymentLink,
  { customer, email }: CheckoutAsked,
): Pick<Params, 'customer' | 'customer_email' | 'customer_update'> {
  if (!customer) return email ? { customer_email: email } : {}
  const ships = link.shipping_address_collection !== null
  const taxed = link.automatic_tax.enabled || link.tax_id_collection.enabled
  if (!ships && !taxed) return { customer }
  const update: Params['customer_update'] = taxed ? { address: 'auto', name: 'auto' } : {}
  return { customer, customer_update: ships ? { ...update, shipping: 'auto' } : update }
}

/** A session that Stripe knows no longer can be paid by nobody, which is all that `expired` says. */
export async function checkoutState(stripe: Stripe, id: string): Promise<CheckoutFacts['session']> {
  const session = await orNull(() => stripe.checkout.sessions.retrieve(id))
  return session ? stateOfSession(session) : 'expired'
}

/** Stripe refuses to end what is not open any more: then it depends on how it ended. */
export async function expireCheckout(stripe: Stripe, id: string): Promise<boolean> {
  try {
    await stripe.checkout.sessions.expire(id)
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    const state = await checkoutState(stripe, id)
    if (state === 'open') throw error
    return state === 'expired'
  }
}
