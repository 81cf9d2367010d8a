import type { CheckoutFacts, CustomerFacts, StripeGateway } from '../../server/ports.ts'
import { STRIPE_REACTIONS } from '../../server/reactions.ts'
import { readBell, type StripeBell } from '../../server/stripe/read-bell.ts'
import type { Club } from './club.ts'

/** What Stripe said after one step of a life, as the real SDK heard it. */
export type Moment = {
  checkouts: Map<string, CheckoutFacts | null>
  customers: Map<string, CustomerFacts>
  disputed: Set<string>
}

/** A life that was lived once at Stripe's stand-in, to be told again in any order. */
export type RecordedLife = {
  names: string[]
  moments: Moment[]
  events: { step: number; type: string; doorbell: StripeBell }[]
  /** What never changes: which payment belongs to what */
  sessionOfPayment: Map<string, string | null>
  sessionOfFirstPayment: Map<string, string | null>
  subscriptionOfPayment: Map<string, { subscription: string; customer: string } | null>
  sessionOfSubscription: Map<string, string | null>
  customerOfObject: Map<string, string | null>
  paymentOf: Map<string, string | null>
}

/** Lives the steps one after the other, and writes down what Stripe rang for and said after each. */
export async function recordLife(
  club: Club,
  steps: readonly [name: string, live: () => Promise<unknown>][],
): Promise<RecordedLife> {
  const life: RecordedLife = {
    names: [],
    moments: [],
    events: [],
    sessionOfPayment: new Map(),
    sessionOfFirstPayment: new Map(),
    subscriptionOfPayment: new Map(),
    sessionOfSubscription: new Map(),
    customerOfObject: new Map(),
    paymentOf: new Map(),
  }
  const seen = new Set(club.stripe.events().map(({ id }) => id))
  for (const [step, [name, live]] of steps.entries()) {
    await live()
    await club.settle()
    const news = club.stripe.events().filter(({ id }) => !seen.has(id))
    for (const { id, type, data } of news.toReversed()) {
      seen.add(id)
      // A clock is everybody's, and rings for all who ever lived by one.
      if (!(type in STRIPE_REACTIONS) || type.startsWith('test_helpers')) continue
      life.events.push({ step, type, doorbell: readBell(data.object as never, false) })
    }
    life.names.push(name)
    life.moments.push(await lookAround(club.gateway, life))
  }
  await lookUp(club.gateway, life)
  return life
}

async function lookAround(stripe: StripeGateway, { events }: RecordedLife): Promise<Moment> {
  const moment: Moment = { checkouts: new Map(), customers: new Map(), disputed: new Set() }
  for (const { doorbell } of events) {
    const { objectId, customer, paymentIntent } = doorbell
    if (objectId?.startsWith('cs_') && !moment.checkouts.has(objectId))
      moment.checkouts.set(objectId, await stripe.fetchCheckout(objectId))
    if (customer && !moment.customers.has(customer))
      moment.customers.set(customer, await stripe.fetchCustomer(customer))
    if (paymentIntent && (await stripe.isDisputed(paymentIntent)))
      moment.disputed.add(paymentIntent)
  }
  return moment
}

async function lookUp(stripe: StripeGateway, life: RecordedLife): Promise<void> {
  for (const { doorbell } of life.events) {
    const { objectId, paymentIntent } = doorbell
    if (objectId) {
      life.customerOfObject.set(objectId, await stripe.customerOfObject(objectId))
      life.paymentOf.set(objectId, await stripe.paymentOf(objectId))
    }
    if (!paymentIntent) continue
    const paid = await stripe.subscriptionOfPayment(paymentIntent)
    life.sessionOfPayment.set(paymentIntent, await stripe.sessionOfPayment(paymentIntent))
    life.sessionOfFirstPayment.set(paymentIntent, await stripe.sessionOfFirstPayment(paymentIntent))
    life.subscriptionOfPayment.set(paymentIntent, paid)
    if (paid)
      life.sessionOfSubscription.set(
        paid.subscription,
        await stripe.sessionOfSubscription(paid.subscription),
      )
  }
}
