import Stripe from 'stripe'
import type { CheckoutFacts, StripeGateway } from '../ports.ts'
import { judged } from './judge-error.ts'
import { listEvents, listSessions } from './list-missed.ts'
import type { pacedClient } from './paced-client.ts'
import { fetchSession, readCheckout } from './read-checkout.ts'
import { readOffer } from './read-offer.ts'

/** Longer than Stripe's slowest usual answer, far shorter than the SDK's 80 s. */
const TIMEOUT_MS = 10_000

/** Stripe, in our words. Every call throws when Stripe did not answer; "not found" is null instead. */
export function openStripe(options: {
  secretKey: string
  apiBase: URL | null
  httpClient: ReturnType<typeof pacedClient>
}): StripeGateway {
  const stripe = new Stripe(options.secretKey, {
    ...(options.apiBase ? addressOf(options.apiBase) : {}),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    httpClient: options.httpClient,
    telemetry: false,
    appInfo: { name: 'Noren' },
  })
  return judged({
    livemode: /^\w\w_live_/.test(options.secretKey),
    fetchCheckout: (id) => fetchCheckout(stripe, id),
    sessionOfPayment: (paymentIntent) => sessionOfPayment(stripe, paymentIntent),
    paymentOf: (id) => paymentOf(stripe, id),
    listOffers: (ids) => listOffers(stripe, ids),
    listSessions: (since, after = null) => listSessions(stripe, since, after),
    listEvents: (ask) => listEvents(stripe, ask),
    openPortal: (customer, returnUrl, language) =>
      openPortal(stripe, { customer, return_url: returnUrl, locale: language }),
  })
}

function addressOf(base: URL): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  return {
    host: base.hostname,
    port: base.port || (base.protocol === 'https:' ? 443 : 80),
    protocol: base.protocol === 'https:' ? 'https' : 'http',
  }
}

async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404)
      return null
    throw error
  }
}

/** Only the session may be unknown: something of it that is not found yet is a reason to ask again. */
async function fetchCheckout(stripe: Stripe, id: string): Promise<CheckoutFacts | null> {
  const session = await orNull(() => fetchSession(stripe, id))
  return session && readCheckout(stripe, session)
}

async function sessionOfPayment(stripe: Stripe, paymentIntent: string): Promise<string | null> {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: paymentIntent, limit: 1 })
  return data[0]?.id ?? null
}

/** Refunds and disputes name their payment; a charge does too. The id's own prefix says which it is. */
async function paymentOf(stripe: Stripe, id: string): Promise<string | null> {
  const read = async () => {
    if (id.startsWith('ch_') || id.startsWith('py_')) return stripe.charges.retrieve(id)
    if (id.startsWith('re_') || id.startsWith('pyr_')) return stripe.refunds.retrieve(id)
    if (id.startsWith('du_') || id.startsWith('dp_')) return stripe.disputes.retrieve(id)
    return null
  }
  const intent = (await read())?.payment_intent
  return typeof intent === 'string' ? intent : (intent?.id ?? null)
}

async function listOffers(stripe: Stripe, ids: readonly string[] | null) {
  const links = ids
    ? (await inOrder(ids, (id) => orNull(() => stripe.paymentLinks.retrieve(id)))).filter(
        (link) => link !== null,
      )
    : await stripe.paymentLinks.list({ active: true, limit: 100 }).autoPagingToArray({ limit: 500 })
  return inOrder(links, (link) => readOffer(stripe, link))
}

/** Four at a time: Stripe allows 25 reads a second on one endpoint, and orders need them more. */
async function inOrder<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let at = 0; at < all.length; at += 4)
    done.push(...(await Promise.all(all.slice(at, at + 4).map(work))))
  return done
}

async function openPortal(
  stripe: Stripe,
  params: Stripe.BillingPortal.SessionCreateParams,
): Promise<string> {
  return (await stripe.billingPortal.sessions.create(params)).url
}
