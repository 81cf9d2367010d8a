import Stripe from 'stripe'
import type { CheckoutFacts, StripeGateway } from '../ports.ts'
import { fetchPayer, findPayers, noteCustomer, sessionsOfCustomer } from './customer-notes.ts'
import {
  paymentOf,
  sessionOfFirstPayment,
  sessionOfPayment,
  sessionOfSubscription,
  subscriptionOfPayment,
} from './find-payment.ts'
import { judged } from './judge-error.ts'
import { listEvents, listSessions } from './list-missed.ts'
import { openNames } from './name-products.ts'
import { orNull } from './not-found.ts'
import { checkoutState, expireCheckout, openCheckout } from './open-checkout.ts'
import { openPortal } from './open-portal.ts'
import { openPricingTableSession } from './open-table-session.ts'
import type { pacedClient } from './paced-client.ts'
import { listPortalConfigurations, writePortalConfiguration } from './portal-configurations.ts'
import { fetchSession, readCheckout } from './read-checkout.ts'
import { customerOfObject, fetchCustomer, listSubscriptions } from './read-customer.ts'
import { readOffer } from './read-offer.ts'
import { isDisputed } from './read-payment.ts'

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
  const nameOf = openNames(stripe)
  return judged({
    livemode: /^\w\w_live_/.test(options.secretKey),
    fetchCheckout: (id) => fetchCheckout(stripe, id),
    sessionOfPayment: (paymentIntent) => sessionOfPayment(stripe, paymentIntent),
    sessionOfFirstPayment: (paymentIntent) => sessionOfFirstPayment(stripe, paymentIntent),
    paymentOf: (id) => paymentOf(stripe, id),
    listOffers: (ids) => listOffers(stripe, ids),
    listSessions: (since, after = null) => listSessions(stripe, since, after),
    listEvents: (ask) => listEvents(stripe, ask),
    fetchCustomer: (id) => fetchCustomer(stripe, id, nameOf),
    fetchPayer: (id) => fetchPayer(stripe, id),
    sessionsOfCustomer: (id) => sessionsOfCustomer(stripe, id),
    noteCustomer: (id, note) => noteCustomer(stripe, id, note),
    findPayers: (by) => findPayers(stripe, by),
    listSubscriptions: () => listSubscriptions(stripe),
    customerOfObject: (id) => customerOfObject(stripe, id),
    subscriptionOfPayment: (paymentIntent) => subscriptionOfPayment(stripe, paymentIntent),
    sessionOfSubscription: (id) => sessionOfSubscription(stripe, id),
    isDisputed: (paymentIntent) => isDisputed(stripe, { payment_intent: paymentIntent }),
    openCheckout: (ask) => openCheckout(stripe, ask),
    checkoutState: (id) => checkoutState(stripe, id),
    expireCheckout: (id) => expireCheckout(stripe, id),
    openPricingTableSession: (customer) => openPricingTableSession(stripe, customer),
    listPortalConfigurations: () => listPortalConfigurations(stripe),
    writePortalConfiguration: (spec, place) => writePortalConfiguration(stripe, spec, place),
    openPortal: (ask) => openPortal(stripe, ask),
  })
}

function addressOf(base: URL): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  return {
    host: base.hostname,
    port: base.port || (base.protocol === 'https:' ? 443 : 80),
    protocol: base.protocol === 'https:' ? 'https' : 'http',
  }
}

/** Only the session may be unknown: something of it that is not found yet is a reason to ask again. */
async function fetchCheckout(stripe: Stripe, id: string): Promise<CheckoutFacts | null> {
  const session = await orNull(() => fetchSession(stripe, id))
  return session && readCheckout(stripe, session)
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
