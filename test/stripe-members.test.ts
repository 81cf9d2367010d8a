import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  NeedsPerson,
  Never,
  type PortalSpec,
  type StripeGateway,
  type SubscriptionGlance,
} from '../server/ports.ts'
import { openStripe } from '../server/stripe/gateway.ts'
import { endpointOf } from '../server/stripe/paced-client.ts'
import { readBell } from '../server/stripe/read-bell.ts'
import { cardOf } from '../server/stripe/read-card.ts'
import { createStripeSandbox, type StripeStandIn } from './sandbox/stripe/start.ts'

const NOW = new Date('2027-01-31T03:00:00Z')
const CLUB = {
  items: [{ name: '豆の会', amount: 1_500 }],
  recurring: { interval: 'month' as const },
}

let sandbox: StripeStandIn
let stripe: StripeGateway

beforeEach(async () => {
  sandbox = await createStripeSandbox({ seed: 'gateway', now: () => NOW })
  stripe = gatewayOver(Stripe.createNodeHttpClient())
})
afterEach(() => sandbox.close())

type Client = Parameters<typeof openStripe>[0]['httpClient']

function gatewayOver(client: unknown): StripeGateway {
  const { secretKey, url } = sandbox
  return openStripe({ secretKey, apiBase: new URL(url), httpClient: client as Client })
}

async function join(seed: { trialDays?: number } = {}) {
  const link = sandbox.addLink({ ...CLUB, ...seed })
  const session = sandbox.visit(link.url)
  await sandbox.payByCard(session)
  const { customer, subscription } = sandbox.session(session)
  return { link, session, customer: String(customer), subscription: String(subscription) }
}

async function factsOf(customer: string) {
  const { subscriptions } = await stripe.fetchCustomer(customer)
  return subscriptions[0]
}

/** What was asked since then, without the ids. */
function asked(before: number): string[] {
  return sandbox.requests.slice(before).map((line) => endpointOf(line.split(' ')[1] ?? ''))
}

async function paymentOfInvoice(invoice: string): Promise<string> {
  const { hostname: host, port } = new URL(sandbox.url)
  const sdk = new Stripe(sandbox.secretKey, { host, port, protocol: 'http', telemetry: false })
  const { data } = await sdk.invoicePayments.list({ invoice })
  return String(data[0]?.payment.payment_intent)
}

test.each<[string, object, object]>([
  [
    'a subscription',
    { id: 'sub_1', object: 'subscription', customer: 'cus_1' },
    { objectId: 'sub_1', customer: 'cus_1' },
  ],
  [
    'a customer',
    { id: 'cus_1', object: 'customer', email: 'a@example.com' },
    { objectId: 'cus_1', customer: 'cus_1' },
  ],
  [
    'a thin letter about a customer',
    { id: 'cus_1', type: 'customer', url: '/v1/customers/cus_1' },
    { objectId: 'cus_1', customer: 'cus_1' },
  ],
  [
    'a summary of entitlements',
    { object: 'entitlements.active_entitlement_summary', customer: 'cus_1' },
    { objectId: null, customer: 'cus_1' },
  ],
  [
    'an invoice whose customer was expanded',
    { id: 'in_1', object: 'invoice', customer: { id: 'cus_1', name: '花子' } },
    { objectId: 'in_1', customer: 'cus_1' },
  ],
  [
    'a dispute',
    { id: 'du_1', object: 'dispute', payment_intent: 'pi_1' },
    { objectId: 'du_1', paymentIntent: 'pi_1', customer: null },
  ],
  ['nonsense', { id: 7, customer: ['cus_1'] }, { objectId: null, customer: null }],
])('of %s the letterbox keeps the ids alone', (_what, object, bell) => {
  expect(readBell({ ...object }, false)).toEqual({
    from: 'stripe',
    livemode: false,
    paymentIntent: null,
    ...bell,
  })
})

test('a member is told with plan, price, period and newest invoice', async () => {
  const { customer, subscription } = await join()
  expect(await stripe.fetchCustomer(customer)).toMatchObject({
    id: customer,
    deleted: false,
    features: [],
    clockAt: null,
    subscriptions: [
      {
        id: subscription,
        customer,
        status: 'active',
        currency: 'jpy',
        items: [
          { name: '豆の会', amount: 1_500, quantity: 1, interval: 'month', intervalCount: 1 },
        ],
        startedAt: NOW.toISOString(),
        periodEnd: '2027-02-28T03:00:00.000Z',
        trialEnd: null,
        cancelAt: null,
        endedAt: null,
        pause: null,
        invoice: { unpaid: false, at: NOW.toISOString(), amount: 1_500 },
      },
    ],
  })
})

test('a member costs two reads, and a product’s name one for all who have it', async () => {
  const { customer } = await join()
  await stripe.fetchCustomer(customer)
  const before = sandbox.requests.length
  await stripe.fetchCustomer(customer)
  expect(asked(before).toSorted()).toEqual([
    '/v1/entitlements/active_entitlements',
    '/v1/subscriptions',
  ])
})

test('a trial, a farewell of either kind and a pause of the collection are all seen', async () => {
  const { customer, subscription } = await join({ trialDays: 14 })
  const trialEnd = '2027-02-14T03:00:00.000Z'
  expect(await factsOf(customer)).toMatchObject({
    status: 'trialing',
    trialEnd,
    periodEnd: trialEnd,
  })
  for (const how of ['period_end', 'cancel_at'] as const) {
    await sandbox.cancelSubscription(subscription, how)
    expect((await factsOf(customer))?.cancelAt).toBe(trialEnd)
    await sandbox.keepSubscription(subscription)
    expect((await factsOf(customer))?.cancelAt).toBeNull()
  }
  await sandbox.pauseCollection(subscription, 'void')
  expect((await factsOf(customer))?.pause).toEqual({ how: 'void', until: null })
})

test('a refused card shows as an invoice that is owed, since when, and by the customer’s own clock', async () => {
  const { customer } = await join()
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })
  const { subscriptions, clockAt } = await stripe.fetchCustomer(customer)
  expect(subscriptions[0]).toMatchObject({
    status: 'past_due',
    invoice: { unpaid: true, amount: 1_500, at: expect.stringMatching(/^2027-02-28/) },
  })
  expect(clockAt).toBe(sandbox.timeOf(customer).toISOString())
  await sandbox.payOpenInvoice(customer)
  expect((await factsOf(customer))?.invoice?.unpaid).toBe(false)
})

test('a draft of the next month does not hide what is still owed for the last one', async () => {
  const { customer, subscription } = await join()
  const then = 'unpaid'
  sandbox.dunning = { retryDays: [3], finally: then }
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })
  const owed = (await factsOf(customer))?.invoice?.id
  await sandbox.advance(customer, { months: 1 })
  expect(sandbox.subscription(subscription)).toMatchObject({ status: 'unpaid' })
  expect(sandbox.subscription(subscription).latest_invoice).not.toBe(owed)
  expect((await factsOf(customer))?.invoice).toMatchObject({ id: owed, unpaid: true })
})

test('what a product carries is told as features, by their lookup keys', async () => {
  const { customer, subscription } = await join()
  const product = String(sandbox.subscription(subscription).items.data[0]?.price.product)
  sandbox.setFeatures(product, ['early-access', 'tasting'])
  await sandbox.advance(customer, { months: 1 })
  expect((await stripe.fetchCustomer(customer)).features.toSorted()).toEqual([
    'early-access',
    'tasting',
  ])
})

test('who has ended everything is no deleted customer; a deleted or unknown one is', async () => {
  const { customer, subscription } = await join()
  await sandbox.cancelSubscription(subscription, 'now')
  expect(await stripe.fetchCustomer(customer)).toMatchObject({
    deleted: false,
    subscriptions: [{ status: 'canceled' }],
  })
  await sandbox.deleteCustomer(customer)
  expect((await stripe.fetchCustomer(customer)).deleted).toBe(true)
  expect((await stripe.fetchCustomer('cus_unknown')).deleted).toBe(true)
})

test('all subscribers are listed by hundreds, without those who have left', async () => {
  const { subscription } = await join()
  const price = sandbox.subscription(subscription).items.data[0]?.price.id ?? ''
  sandbox.seedSubscribers(price, 249)
  await sandbox.cancelSubscription(subscription, 'now')
  const before = sandbox.requests.length
  const pages: SubscriptionGlance[][] = []
  for await (const page of stripe.listSubscriptions()) pages.push(page)
  expect(pages.map((page) => page.length)).toEqual([100, 100, 49])
  expect(pages[0]?.[0]).toMatchObject({ status: 'active', items: [{ price }] })
  expect(asked(before)).toHaveLength(3)
})

test('whose a subscription or an invoice is, and nobody’s for what is unknown', async () => {
  const { customer, subscription, session } = await join()
  const invoice = String(sandbox.session(session).invoice)
  for (const id of [customer, subscription, invoice])
    expect(await stripe.customerOfObject(id)).toBe(customer)
  expect(await stripe.customerOfObject('sub_unknown')).toBeNull()
  expect(await stripe.customerOfObject('du_1')).toBeNull()
})

test('the first payment of a subscription belongs to its order; a renewal’s to the subscription alone', async () => {
  const { customer, subscription, session } = await join()
  const first = await paymentOfInvoice(String(sandbox.session(session).invoice))
  await sandbox.advance(customer, { months: 1 })
  const renewal = await paymentOfInvoice(String(sandbox.subscription(subscription).latest_invoice))
  expect(await stripe.sessionOfPayment(first)).toBeNull()
  expect(await stripe.sessionOfFirstPayment(first)).toBe(session)
  expect(await stripe.sessionOfFirstPayment(renewal)).toBeNull()
  for (const payment of [first, renewal])
    expect(await stripe.subscriptionOfPayment(payment)).toEqual({ subscription, customer })
  const once = sandbox.openSession({ items: CLUB.items })
  await sandbox.payByCard(once)
  const bought = String(sandbox.session(once).payment_intent)
  expect(await stripe.sessionOfPayment(bought)).toBe(once)
  expect(await stripe.sessionOfFirstPayment(bought)).toBeNull()
  expect(await stripe.subscriptionOfPayment(bought)).toBeNull()
})

test('an order of a subscription shows how it was paid, refunded and disputed, for one read more', async () => {
  const { session } = await join()
  const invoice = String(sandbox.session(session).invoice)
  const payment = await paymentOfInvoice(invoice)
  const before = sandbox.requests.length
  expect(await stripe.fetchCheckout(session)).toMatchObject({
    mode: 'subscription',
    intent: 'succeeded',
    paymentMethod: 'card',
    paymentIntent: payment,
    refunds: [],
    disputed: false,
  })
  expect(asked(before)).toHaveLength(2)
  await sandbox.refundInvoice(invoice, 500)
  expect((await stripe.fetchCheckout(session))?.refunds).toMatchObject([{ amount: 500 }])
  await sandbox.dispute(session)
  expect((await stripe.fetchCheckout(session))?.disputed).toBe(true)
  expect(await stripe.isDisputed(payment)).toBe(true)
})

test('a free trial is an order that nothing was paid for yet', async () => {
  const { session } = await join({ trialDays: 14 })
  expect(await stripe.fetchCheckout(session)).toMatchObject({ intent: 'none', paymentIntent: null })
})

test('a key that may not read invoices still tells of an order, and of a member nothing wrong', async () => {
  const { session, customer } = await join()
  const body = { error: { type: 'invalid_request_error', message: 'The key lacks a permission.' } }
  const refused = { times: Number.POSITIVE_INFINITY, status: 403, body }
  sandbox.addFault({ on: /invoice_payments|entitlements/, ...refused })
  expect(await stripe.fetchCheckout(session)).toMatchObject({
    payment: 'paid',
    paymentIntent: null,
  })
  expect(await stripe.fetchCustomer(customer)).toMatchObject({
    subscriptions: [{ status: 'active' }],
    features: [],
  })
  sandbox.addFault({ on: /GET .*subscriptions/, ...refused })
  await expect(stripe.fetchCustomer(customer)).rejects.toThrow(NeedsPerson)
})

function ask(link: string, customer: string | null, over: object = {}) {
  return {
    key: 'procedure-1',
    link,
    shown: null,
    customer,
    email: 'hanako@example.com',
    reference: 'Uabc',
    sealed: 'Uabc_shop_1_mac',
    language: 'ja' as const,
    trial: true,
    returnUrl: 'https://liff.line.me/1-a/return?session={CHECKOUT_SESSION_ID}',
    cancelUrl: 'https://liff.line.me/1-a/join',
    ...over,
  }
}

test('a session that we open for a known customer sells what the link sells, once for the same key', async () => {
  const { customer, link } = await join({ trialDays: 14 })
  link.metadata['campaign'] = 'spring'
  link.phone_number_collection = { enabled: true }
  link.custom_text.submit = { message: '毎月1日に発送します' }
  const opened = await stripe.openCheckout(ask(link.id, customer))
  expect(await stripe.openCheckout(ask(link.id, customer))).toEqual(opened)
  expect(sandbox.session(opened.id)).toMatchObject({
    mode: 'subscription',
    customer,
    amount_total: 0,
    client_reference_id: 'Uabc',
    locale: 'ja',
    metadata: { campaign: 'spring', noren_offer: link.id, noren_reference: 'Uabc_shop_1_mac' },
    phone_number_collection: { enabled: true },
    custom_text: { submit: { message: '毎月1日に発送します' }, after_submit: null },
    cancel_url: 'https://liff.line.me/1-a/join',
  })
  await sandbox.payByCard(opened.id)
  expect(await factsOf(customer)).toMatchObject({ status: 'trialing', customer })
  expect(await stripe.fetchCheckout(opened.id)).toMatchObject({
    link: link.id,
    reference: 'Uabc_shop_1_mac',
    customer,
    items: [{ name: '豆の会' }],
  })
})

test('who has had a trial pays from the first day, on a page of the same plan', async () => {
  const { link, customer } = await join({ trialDays: 14 })
  const opened = await stripe.openCheckout(ask(link.id, customer, { trial: false }))
  expect(sandbox.session(opened.id).amount_total).toBe(1_500)
})

test('a stranger’s session takes the mail that LINE gave, and makes a customer of its own', async () => {
  const { link, customer } = await join()
  const opened = await stripe.openCheckout(ask(link.id, null))
  expect(sandbox.session(opened.id)).toMatchObject({
    customer: null,
    customer_email: 'hanako@example.com',
  })
  await sandbox.payByCard(opened.id)
  expect(sandbox.session(opened.id).customer).not.toBe(customer)
})

test('an address that the page asks for goes to the customer who is known already', async () => {
  const { link, customer } = await join()
  link.shipping_address_collection = { allowed_countries: ['JP'] }
  link.automatic_tax.enabled = true
  const seen: string[] = []
  const watched = gatewayOver(
    Stripe.createFetchHttpClient(async (url, init) => {
      seen.push(String(init?.body))
      return fetch(String(url), init)
    }),
  )
  await watched.openCheckout(ask(link.id, customer))
  const sent = new URLSearchParams(seen.at(-1))
  expect(Object.fromEntries([...sent].filter(([key]) => key.startsWith('customer')))).toEqual({
    customer,
    'customer_update[address]': 'auto',
    'customer_update[name]': 'auto',
    'customer_update[shipping]': 'auto',
  })
  expect(sent.get('shipping_address_collection[allowed_countries][0]')).toBe('JP')
})

test('a page that Stripe refuses to open is refused for good, also for a customer who is gone', async () => {
  const { link, customer } = await join()
  await sandbox.deleteCustomer(customer)
  await expect(stripe.openCheckout(ask(link.id, customer))).rejects.toThrow(Never)
  const nowhere = ask(link.id, null, { returnUrl: '' })
  await expect(stripe.openCheckout(nowhere)).rejects.toThrow(Never)
})

test('a page that nobody has paid can be closed; one that somebody has paid cannot', async () => {
  const { link, customer } = await join()
  const first = (await stripe.openCheckout(ask(link.id, customer))).id
  const second = (await stripe.openCheckout(ask(link.id, customer, { key: 'procedure-2' }))).id
  expect(await stripe.checkoutState(first)).toBe('open')
  expect(await stripe.expireCheckout(first)).toBe(true)
  expect(await stripe.checkoutState(first)).toBe('expired')
  expect(await stripe.expireCheckout(first)).toBe(true)
  await sandbox.payByCard(second)
  expect(await stripe.expireCheckout(second)).toBe(false)
  expect(await stripe.checkoutState(second)).toBe('complete')
  expect(await stripe.checkoutState('cs_unknown')).toBe('expired')
})

test('a portal view that was written is read back as it was meant, and as another after an edit', async () => {
  const { subscription } = await join()
  const { price } = sandbox.subscription(subscription).items.data[0]!
  const product = String(price.product)
  const yearly = sandbox.addPrice(product, { amount: 15_000, interval: 'year' })
  const spec: PortalSpec = {
    view: 'member',
    headline: '会員',
    invoices: true,
    card: true,
    details: ['name', 'email'],
    cancel: 'period_end',
    pause: [1, 3],
    plans: [{ product, prices: [price.id, yearly] }],
    returnUrl: 'https://liff.line.me/1-a/membership',
  }
  const id = await stripe.writePortalConfiguration(spec, { key: 'a' })
  expect(await stripe.listPortalConfigurations()).toEqual([
    { id, view: 'member', active: true, spec },
  ])
  const less = { ...spec, headline: null, details: [], cancel: null, pause: null, plans: null }
  expect(await stripe.writePortalConfiguration(less, { id })).toBe(id)
  expect(await stripe.listPortalConfigurations()).toMatchObject([{ id, spec: less }])
  expect(await stripe.writePortalConfiguration(spec, { key: 'a' })).toBe(id)
})

test('the card that Stripe will charge is the subscription’s own, else the customer’s, in one question', async () => {
  const { customer, subscription } = await join()
  const cardNow = async () => (await factsOf(customer))?.card
  expect(await cardNow()).toEqual({ brand: 'visa', last4: '4242', month: '2034-12' })
  await sandbox.setCard(customer, { brand: 'jcb', expMonth: 3, expYear: 2027 }, { on: 'customer' })
  const before = sandbox.requests.length
  expect(await cardNow()).toEqual({ brand: 'jcb', last4: '4242', month: '2027-03' })
  expect(asked(before)).toEqual(['/v1/subscriptions', '/v1/entitlements/active_entitlements'])
  for await (const [glance] of stripe.listSubscriptions())
    expect(glance?.card).toMatchObject({ brand: 'jcb', month: '2027-03' })
  await sandbox.setCard(customer, 'link')
  expect(await cardNow()).toBeNull()
  const whole = sandbox.subscription(subscription)
  const older = { object: 'card', brand: 'American Express', last4: '0005' } as Stripe.Card
  const sources = { ...older, exp_month: 1, exp_year: 2028 }
  const seen = { ...whole, default_payment_method: null, default_source: sources }
  expect(cardOf(seen)).toEqual({ brand: 'american_express', last4: '0005', month: '2028-01' })
  // Whoever gets a bill by mail pays it as they like.
  expect(cardOf({ ...seen, collection_method: 'send_invoice' })).toBeNull()
})

test.each([
  [403, 'a key that may not read cards', { message: 'not the required permissions' }],
  [400, 'an account that knows no such place', { message: 'cannot', param: 'expand[3]' }],
])(
  '(%i) %s reads memberships all the same, and asks for the cards once',
  async (status, _who, says) => {
    const { customer } = await join()
    const body = { error: { type: 'invalid_request_error', ...says } }
    sandbox.addFault({ on: /^GET \/v1\/subscriptions/, times: 1, status, body })
    expect(await factsOf(customer)).toMatchObject({ status: 'active', card: null })
    const before = sandbox.requests.length
    expect(await factsOf(customer)).toMatchObject({ card: null })
    expect(asked(before)).toHaveLength(2)
  },
)

test('a thin letter about a card leads to its customer', async () => {
  const { customer, subscription } = await join()
  const method = String(sandbox.subscription(subscription).default_payment_method)
  expect(await stripe.customerOfObject(method)).toBe(customer)
  expect(await stripe.customerOfObject('pm_unknown')).toBeNull()
  // Nor does it stop the queue where the key may not see cards: nothing but a courtesy hangs on it.
  const body = { error: { type: 'invalid_request_error', message: 'not the required permissions' } }
  sandbox.addFault({ on: /GET \/v1\/payment_methods/, times: 1, status: 403, body })
  expect(await stripe.customerOfObject(method)).toBeNull()
})
