import Stripe from 'stripe'
import type { CustomerFacts, SubscriptionGlance } from '../ports.ts'
import { idOf } from './id-of.ts'
import { isMissing, orNull } from './not-found.ts'
import { askWithCards, cardOf } from './read-card.ts'
import { isoTime } from './read-payment.ts'
import { type NameProduct, pauseOf, readSubscription, termOf } from './read-subscription.ts'

const PAGE = 100
/** Nobody has so many subscriptions; a customer that many people share might. */
const MOST_SUBSCRIPTIONS = 1_000
const LIVING = new Set(['active', 'trialing', 'past_due', 'unpaid', 'paused'])

/**
 * A customer's subscriptions as Stripe tells them now, ended ones too. Two requests for a member, two
 * for who is none any more, and one for each product whose name is not known yet and for each
 * subscription that is past due.
 */
export async function fetchCustomer(
  stripe: Stripe,
  id: string,
  nameOf: NameProduct,
): Promise<CustomerFacts> {
  const found = await subscriptionsOf(stripe, id)
  const living = (found ?? []).filter(({ status }) => LIVING.has(status))
  if (!found || living.length === 0) return fetchFormer(stripe, id, found ?? [], nameOf)
  const clock = living.map(({ test_clock }) => idOf(test_clock)).find((clock) => clock !== null)
  const [subscriptions, features, clockAt] = await Promise.all([
    readAll(stripe, found, nameOf),
    featuresOf(stripe, id),
    clock ? timeOfClock(stripe, clock) : null,
  ])
  return { id, deleted: false, mail: mailOf(living), subscriptions, features, clockAt }
}

/**
 * Nothing lives: only the customer itself tells whether it was deleted. A list says the same of a
 * deleted one as of one who has ended everything. Nor can anybody without a subscription have features.
 */
async function fetchFormer(
  stripe: Stripe,
  id: string,
  found: Stripe.Subscription[],
  nameOf: NameProduct,
): Promise<CustomerFacts> {
  const [customer, subscriptions] = await Promise.all([
    orNull(() => stripe.customers.retrieve(id)),
    readAll(stripe, found, nameOf),
  ])
  const deleted = !customer || customer.deleted === true
  const mail = (!deleted && customer.email) || null
  return { id, deleted, mail, subscriptions, features: [], clockAt: null }
}

/**
 * Comes with the cards; where our key may not see those, the newest invoice was sent there: to ask the
 * customer itself would be a read more for each look.
 */
function mailOf(living: Stripe.Subscription[]): string | null {
  const [theirs] = living.map(({ customer }) => customer)
  if (theirs && typeof theirs !== 'string' && !theirs.deleted && theirs.email) return theirs.email
  const invoices = living.flatMap(({ latest_invoice: invoice }) =>
    invoice && typeof invoice !== 'string' ? [invoice] : [],
  )
  const newest = invoices.toSorted((one, other) => other.created - one.created)
  return newest.find(({ customer_email }) => customer_email)?.customer_email ?? null
}

/** null: Stripe knows no such customer. */
async function subscriptionsOf(
  stripe: Stripe,
  customer: string,
): Promise<Stripe.Subscription[] | null> {
  try {
    return await askWithCards(stripe, (paths) =>
      stripe.subscriptions
        .list({ customer, status: 'all', limit: PAGE, expand: ['data.latest_invoice', ...paths] })
        .autoPagingToArray({ limit: MOST_SUBSCRIPTIONS }),
    )
  } catch (error) {
    if (isMissing(error, 'customer')) return null
    throw error
  }
}

function readAll(stripe: Stripe, all: Stripe.Subscription[], nameOf: NameProduct) {
  return Promise.all(all.map((each) => readSubscription(stripe, each, nameOf)))
}

/** A key that may not read them belongs to a shop that does not use them; nobody's role hangs on it. */
async function featuresOf(stripe: Stripe, customer: string): Promise<string[]> {
  try {
    const all = await stripe.entitlements.activeEntitlements
      .list({ customer, limit: PAGE })
      .autoPagingToArray({ limit: 1_000 })
    return all.map(({ lookup_key }) => lookup_key)
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return []
    throw error
  }
}

/** null: the clock was deleted a moment ago, and takes its customer along. */
async function timeOfClock(stripe: Stripe, id: string): Promise<string | null> {
  const clock = await orNull(() => stripe.testHelpers.testClocks.retrieve(id))
  return clock && isoTime(clock.frozen_time)
}

/** Without a status Stripe lists all that have not been cancelled; none of those on a test clock. */
export async function* listSubscriptions(stripe: Stripe): AsyncIterable<SubscriptionGlance[]> {
  for (let after: string | null = null; ; ) {
    const behind = after ? { starting_after: after } : {}
    const page: Stripe.ApiList<Stripe.Subscription> = await askWithCards(stripe, (expand) =>
      stripe.subscriptions.list({ limit: PAGE, expand, ...behind }),
    )
    if (page.data.length > 0) yield page.data.map(glanceAt)
    after = page.data.at(-1)?.id ?? null
    if (!page.has_more || !after) return
  }
}

function glanceAt(subscription: Stripe.Subscription): SubscriptionGlance {
  const { id, customer, status, items } = subscription
  return {
    id,
    customer: idOf(customer) ?? '',
    status,
    ...termOf(subscription, items.data),
    pause: pauseOf(subscription),
    card: cardOf(subscription),
    items: items.data.map(({ price }) => ({ price: price.id, product: idOf(price.product) ?? '' })),
  }
}

/** The id's own prefix says what it is. null: unknown to Stripe, or of nobody. */
export async function customerOfObject(stripe: Stripe, id: string): Promise<string | null> {
  if (id.startsWith('cus_')) return id
  if (id.startsWith('sub_'))
    return idOf((await orNull(() => stripe.subscriptions.retrieve(id)))?.customer)
  if (id.startsWith('in_'))
    return idOf((await orNull(() => stripe.invoices.retrieve(id)))?.customer)
  if (id.startsWith('pm_')) return idOf((await orNull(() => ofCard(stripe, id)))?.customer)
  return null
}

/** null: a key from before Noren looked at cards may not; a letter about one must not wait for a person. */
async function ofCard(stripe: Stripe, id: string): Promise<Stripe.PaymentMethod | null> {
  try {
    return await stripe.paymentMethods.retrieve(id)
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return null
    throw error
  }
}
