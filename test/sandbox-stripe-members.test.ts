import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { createStripeSandbox, type StripeStandIn } from './sandbox/stripe/start.ts'

const opened: StripeStandIn[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const NOW = new Date('2027-01-31T03:00:00Z')
const CLUB = {
  items: [{ name: '豆の会', amount: 1_500 }],
  recurring: { interval: 'month' as const },
}

async function open(options: { now?: () => Date } = {}) {
  const sandbox = await createStripeSandbox({ seed: 'members', now: () => NOW, ...options })
  opened.push(sandbox)
  const { hostname: host, port } = new URL(sandbox.url)
  const to = { host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 } as const
  return { sandbox, stripe: new Stripe(sandbox.secretKey, to) }
}

/** Somebody who joined by the shop's link. */
async function join(
  sandbox: StripeStandIn,
  seed: Partial<typeof CLUB> & { trialDays?: number } = {},
) {
  const link = sandbox.addLink({ ...CLUB, ...seed })
  const id = sandbox.visit(link.url)
  await sandbox.payByCard(id)
  const { customer, subscription } = sandbox.session(id)
  const price = sandbox.subscription(String(subscription)).items.data[0]!.price
  return {
    session: id,
    customer: String(customer),
    subscription: String(subscription),
    price: price.id,
    product: String(price.product),
  }
}

const typesSince = (sandbox: StripeStandIn, count: number) =>
  sandbox
    .events()
    .slice(0, sandbox.events().length - count)
    .map(({ type }) => type)
    .reverse()

const day = (seconds: number | null | undefined) =>
  new Date((seconds ?? 0) * 1000).toISOString().slice(0, 10)

test('a member who pays every month is billed every month, and the 31st stays the 31st', async () => {
  const { sandbox, stripe } = await open()
  const member = await join(sandbox)
  const before = sandbox.events().length
  for (let month = 0; month < 3; month++) await sandbox.advance(member.customer, { months: 1 })

  const { data } = await stripe.invoices.list({ customer: member.customer })
  expect(data.map(({ billing_reason, status }) => [billing_reason, status])).toEqual([
    ['subscription_cycle', 'paid'],
    ['subscription_cycle', 'paid'],
    ['subscription_cycle', 'paid'],
    ['subscription_create', 'paid'],
  ])
  expect(data.map(({ lines }) => day(lines.data[0]?.period.start))).toEqual([
    '2027-04-30',
    '2027-03-31',
    '2027-02-28',
    '2027-01-31',
  ])
  const now = sandbox.subscription(member.subscription)
  expect(now.latest_invoice).toBe(data[0]?.id)
  expect(day(now.items.data[0]?.current_period_end)).toBe('2027-05-31')
  const types = typesSince(sandbox, before)
  expect(types.filter((type) => type === 'invoice.paid')).toHaveLength(3)
  expect(types).toContain('test_helpers.test_clock.ready')
})

test('a card that is refused makes the member late, is tried again, and a new card mends it', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })

  const late = await stripe.subscriptions.retrieve(subscription, {
    expand: ['latest_invoice.payments'],
  })
  const invoice = late.latest_invoice as Stripe.Invoice
  expect(late.status).toBe('past_due')
  expect(invoice).toMatchObject({ status: 'open', attempt_count: 1, amount_remaining: 1_500 })
  expect(day(invoice.next_payment_attempt)).toBe('2027-03-03')
  expect(invoice.payments?.data[0]?.status).toBe('open')
  expect(invoice.status_transitions.paid_at).toBeNull()

  await sandbox.advance(customer, { days: 3 })
  expect((await stripe.invoices.retrieve(invoice.id)).attempt_count).toBe(2)
  sandbox.refuseCard(customer, false)
  await sandbox.advance(customer, { days: 5 })
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid')
})

test.each([
  ['cancel', 'canceled'],
  ['unpaid', 'unpaid'],
  ['past_due', 'past_due'],
] as const)('when every try failed the shop’s choice %s is done', async (then, status) => {
  const { sandbox } = await open()
  const { customer, subscription } = await join(sandbox)
  sandbox.dunning = { retryDays: [2, 3], finally: then }
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1, days: 5 })
  expect(sandbox.subscription(subscription).status).toBe(status)
  if (then === 'cancel') return
  await sandbox.payOpenInvoice(customer)
  expect(sandbox.subscription(subscription).status).toBe('active')
})

test('a trial is announced three days before it ends and then becomes a paid month', async () => {
  const { sandbox } = await open()
  const { customer, subscription } = await join(sandbox, { trialDays: 14 })
  expect(sandbox.subscription(subscription).status).toBe('trialing')
  const before = sandbox.events().length
  await sandbox.advance(customer, { days: 11 })
  expect(typesSince(sandbox, before)).toContain('customer.subscription.trial_will_end')
  expect(sandbox.subscription(subscription).status).toBe('trialing')
  await sandbox.advance(customer, { days: 3 })
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect(day(sandbox.subscription(subscription).items.data[0]?.current_period_end)).toBe(
    '2027-03-14',
  )
})

test('a member who leaves stays to the end of the month, and may think again before', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  await sandbox.cancelSubscription(subscription, 'period_end')
  const leaving = await stripe.subscriptions.retrieve(subscription)
  expect(leaving).toMatchObject({ cancel_at_period_end: true, status: 'active' })
  expect(day(leaving.cancel_at)).toBe('2027-02-28')
  await sandbox.keepSubscription(subscription)
  expect(sandbox.subscription(subscription)).toMatchObject({
    cancel_at: null,
    cancel_at_period_end: false,
  })
  await sandbox.cancelSubscription(subscription, 'cancel_at')
  expect(sandbox.subscription(subscription).cancel_at_period_end).toBe(false)
  await sandbox.advance(customer, { months: 1 })
  expect(sandbox.subscription(subscription).status).toBe('canceled')
  expect(sandbox.events()[1]?.type).toBe('customer.subscription.deleted')

  const list = (status?: 'all' | 'ended') =>
    stripe.subscriptions.list({ customer, ...(status && { status }) })
  expect((await list()).data).toHaveLength(0)
  expect((await list('all')).data).toHaveLength(1)
  expect((await list('ended')).data).toHaveLength(1)
})

test('a server opens a payment page for a customer it knows, and no second customer is made', async () => {
  const { sandbox, stripe } = await open()
  const { price } = await join(sandbox)
  const customer = await stripe.customers.create({ email: 'taro@example.jp', name: '太郎' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    client_reference_id: 'person_1',
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://shop.example/done?id={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/stay',
    subscription_data: { metadata: { role: 'member' }, description: '豆の会' },
    metadata: { source: 'line' },
  })
  expect(session).toMatchObject({ customer: customer.id, status: 'open', amount_total: 1_500 })
  const page = await (await fetch(session.url!)).text()
  expect(page).toContain('https://shop.example/stay')
  expect(page).toContain('taro@example.jp')

  const paid = await fetch(session.url!, {
    method: 'POST',
    body: '',
    redirect: 'manual',
    headers: FORM,
  })
  expect(paid.headers.get('location')).toBe(`https://shop.example/done?id=${session.id}`)
  const now = await stripe.checkout.sessions.retrieve(session.id)
  const subscription = await stripe.subscriptions.retrieve(String(now.subscription))
  expect(now.customer).toBe(customer.id)
  expect(subscription).toMatchObject({ customer: customer.id, metadata: { role: 'member' } })
  expect((await stripe.customers.list({ email: 'taro@example.jp' })).data).toHaveLength(1)
  const found = await stripe.checkout.sessions.list({ subscription: subscription.id })
  expect(found.data.map(({ id }) => id)).toEqual([session.id])
})

test('a payment page is refused in Stripe’s words when it asks for what Stripe does not take', async () => {
  const { sandbox, stripe } = await open()
  const { price } = await join(sandbox)
  const good = {
    mode: 'subscription',
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://shop.example/',
  } satisfies Stripe.Checkout.SessionCreateParams
  const refusal = (more: object) =>
    stripe.checkout.sessions.create({ ...good, ...more }).then(
      () => null,
      (error: Stripe.errors.StripeError) => [error.statusCode, error.param],
    )
  expect(await refusal({ payment_method_types: ['card'] })).toEqual([400, 'payment_method_types'])
  expect(await refusal({ client_reference_id: 'né' })).toEqual([400, 'client_reference_id'])
  expect(await refusal({ line_items: [{ price: 'price_no', quantity: 1 }] })).toEqual([
    404,
    'line_items[0][price]',
  ])
  expect(await refusal({ mode: 'payment' })).toEqual([400, 'mode'])
  expect(await refusal({ customer: 'cus_no' })).toEqual([404, 'customer'])
  expect(await refusal({ subscription_data: { foo: '1' } })).toEqual([
    400,
    'subscription_data[foo]',
  ])
  expect(await refusal({ expires_at: 1 })).toEqual([400, 'expires_at'])
  expect(await refusal({})).toBeNull()
})

test('a payment page that nobody used is closed after its time', async () => {
  let now = NOW
  const { sandbox, stripe } = await open({ now: () => now })
  const { price } = await join(sandbox)
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://shop.example/',
    expires_at: NOW.getTime() / 1000 + 1_800,
  })
  now = new Date(NOW.getTime() + 1_801_000)
  await expect(sandbox.payByCard(session.id)).rejects.toThrow('expired')
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired')
  expect(sandbox.events()[0]?.type).toBe('checkout.session.expired')
})

test('a customer who is deleted leaves a name on a stone, and their subscription has ended', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  const before = sandbox.events().length
  expect(await stripe.customers.del(customer)).toMatchObject({ id: customer, deleted: true })
  expect(typesSince(sandbox, before)).toEqual(['customer.subscription.deleted', 'customer.deleted'])
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true })
  expect((await stripe.customers.list()).data).toHaveLength(0)
  expect((await stripe.subscriptions.list({ customer })).data).toHaveLength(0)
  const all = await stripe.subscriptions.list({
    customer,
    status: 'all',
    expand: ['data.customer'],
  })
  expect(all.data[0]).toMatchObject({ id: subscription, customer: { deleted: true } })
  await expect(stripe.billingPortal.sessions.create({ customer })).rejects.toMatchObject({
    code: 'resource_missing',
  })
})

test('money of a subscription is found by its invoice and not by its session, and can go back', async () => {
  const { sandbox, stripe } = await open()
  const { customer, session } = await join(sandbox)
  await sandbox.advance(customer, { months: 1 })
  const [renewal] = (await stripe.invoices.list({ customer, expand: ['data.payments'] })).data
  const intent = String(renewal!.payments!.data[0]!.payment.payment_intent)
  expect((await stripe.checkout.sessions.list({ payment_intent: intent })).data).toEqual([])
  expect(sandbox.session(session).payment_intent).toBeNull()

  await sandbox.refundInvoice(renewal!.id, 500)
  const { data } = await stripe.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: intent },
    expand: ['data.payment.payment_intent.latest_charge'],
  })
  const charge = (data[0]!.payment.payment_intent as Stripe.PaymentIntent).latest_charge
  expect(charge).toMatchObject({ amount_refunded: 500, refunded: false })
  await expect(
    stripe.invoicePayments.list({
      expand: ['data.payment.payment_intent.latest_charge.refunds'],
    }),
  ).rejects.toThrow('You cannot expand more than 4 levels')

  await sandbox.dispute(session)
  await sandbox.decideDispute(session, 'won')
  const closed = sandbox.events()[0]!
  expect(closed.type).toBe('charge.dispute.closed')
  expect(closed.data.object).toMatchObject({ status: 'won' })
  const first = (closed.data.object as Stripe.Dispute).payment_intent
  const disputes = await stripe.disputes.list({ payment_intent: String(first) })
  expect(disputes.data).toHaveLength(1)
})

test('a member who takes the bigger plan pays the difference by the day and is entitled to more', async () => {
  const { sandbox, stripe } = await open()
  const link = sandbox.addLink(CLUB)
  const product = String((await stripe.paymentLinks.listLineItems(link.id)).data[0]!.price!.product)
  sandbox.setFeatures(product, ['beans'])
  const big = sandbox.addLink({ ...CLUB, items: [{ name: '大きい会', amount: 3_000 }] })
  const bigPrice = (await stripe.paymentLinks.listLineItems(big.id)).data[0]!.price!
  sandbox.setFeatures(String(bigPrice.product), ['beans', 'tasting'])
  const session = sandbox.visit(link.url)
  await sandbox.payByCard(session)
  const customer = String(sandbox.session(session).customer)
  const subscription = String(sandbox.session(session).subscription)
  const keys = async () =>
    (await stripe.entitlements.activeEntitlements.list({ customer })).data
      .map(({ lookup_key }) => lookup_key)
      .sort()
  expect(await keys()).toEqual(['beans'])

  await sandbox.advance(customer, { days: 14 })
  const before = sandbox.events().length
  await sandbox.changePrice(subscription, bigPrice.id)
  expect(await keys()).toEqual(['beans', 'tasting'])
  const summary = sandbox
    .events()
    .slice(0, sandbox.events().length - before)
    .find(({ type }) => type === 'entitlements.active_entitlement_summary.updated')
  expect(summary?.data.object).toMatchObject({ customer, entitlements: { has_more: false } })
  expect(summary?.data.object).not.toHaveProperty('id')
  const [invoice] = (await stripe.invoices.list({ customer, limit: 1 })).data
  expect(invoice).toMatchObject({ billing_reason: 'subscription_update', total: 750 })
  await sandbox.cancelSubscription(subscription, 'now')
  expect(await keys()).toEqual([])
})

test('a pause stops the bills until the member goes on', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  const paused = await stripe.subscriptions.pause(subscription, {
    bill_for: { unused_time_from: { type: 'none' } },
  })
  expect(paused.status).toBe('paused')
  expect(paused.status_details?.paused.subscription.type).toBe('pause_requested')
  await sandbox.advance(customer, { months: 2 })
  expect((await stripe.invoices.list({ customer })).data).toHaveLength(1)
  expect((await stripe.subscriptions.resume(subscription)).status).toBe('active')
  expect((await stripe.invoices.list({ customer })).data).toHaveLength(2)
  const types = sandbox.events().map(({ type }) => type)
  expect(types).toContain('customer.subscription.paused')
  expect(types).toContain('customer.subscription.resumed')
})

test('when the shop stops collecting the subscription stays active and its bill is voided', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription } = await join(sandbox)
  await stripe.subscriptions.update(subscription, { pause_collection: { behavior: 'void' } })
  await sandbox.advance(customer, { months: 1 })
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect((await stripe.invoices.list({ customer })).data[0]?.status).toBe('void')
  await sandbox.pauseCollection(subscription, null)
  expect(sandbox.subscription(subscription).pause_collection).toBeNull()
})

test('who lives by a test clock is not in the plain lists', async () => {
  const { sandbox, stripe } = await open()
  const { customer, subscription, price } = await join(sandbox)
  const at = NOW.getTime() / 1000
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at, customer })
  expect((await stripe.subscriptions.list()).data).toHaveLength(0)
  expect((await stripe.customers.list()).data).toHaveLength(0)
  expect((await stripe.subscriptions.list({ test_clock: clock.id, price })).data[0]?.id).toBe(
    subscription,
  )
  const moved = await stripe.testHelpers.testClocks.advance(clock.id, {
    frozen_time: at + 28 * 86_400,
  })
  expect(moved.status).toBe('advancing')
  expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe('ready')
  expect((await stripe.invoices.list({ customer })).data).toHaveLength(2)
  expect(sandbox.timeOf(customer).getTime()).toBe(NOW.getTime() + 28 * 86_400_000)
  await expect(
    stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at + 200 * 86_400 }),
  ).rejects.toMatchObject({ statusCode: 400 })
  await stripe.testHelpers.testClocks.del(clock.id)
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true })
})

test('ten thousand subscribers are there in a moment, and their pages come fast', async () => {
  const { sandbox, stripe } = await open()
  const { price } = await join(sandbox)
  const events = sandbox.events().length
  const began = performance.now()
  const pairs = sandbox.seedSubscribers(price, 10_000)
  expect(performance.now() - began).toBeLessThan(8_000)
  expect(sandbox.events()).toHaveLength(events)
  const listed = performance.now()
  const after = pairs[100]![1]
  const page = await stripe.subscriptions.list({ limit: 100, starting_after: after, price })
  expect(performance.now() - listed).toBeLessThan(2_000)
  expect(page.data).toHaveLength(100)
  expect(page.data[0]?.id).toBe(pairs[99]![1])
  expect(page.data[0]?.customer).toBe(pairs[99]![0])
})

test('the time machine rests until the shop has heard of what fell due, unless letters are held', async () => {
  const { sandbox } = await open()
  const member = await join(sandbox)
  const heard: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      heard.push(JSON.parse(body))
      response.end()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  sandbox.sendWebhooksTo(`http://127.0.0.1:${port}/`, { thin: true })
  sandbox.setFeatures(member.product, ['beans'])
  await sandbox.advance(member.customer, { months: 1 })
  const types = heard.map(({ type }) => type)
  expect(types.slice(0, 2)).toEqual([
    'v1.test_helpers.test_clock.created',
    'v1.test_helpers.test_clock.advancing',
  ])
  expect(types.at(-1)).toBe('v1.test_helpers.test_clock.ready')
  expect(types).toContain('v1.invoice.paid')
  const summary = heard.find(({ type }) => String(type).includes('entitlement_summary'))
  expect(summary).toBeDefined()
  expect(summary).not.toHaveProperty('related_object')

  const before = heard.length
  sandbox.hold()
  await sandbox.advance(member.customer, { months: 1 })
  expect(heard).toHaveLength(before)
  await sandbox.release()
  expect(heard.length).toBeGreaterThan(before)
  server.closeAllConnections()
  server.close()
})

test('the same request sent twice opens one payment page, and a changed address is found', async () => {
  const { sandbox, stripe } = await open()
  const { price, customer } = await join(sandbox)
  const ask = () =>
    stripe.checkout.sessions.create(
      {
        mode: 'subscription',
        customer,
        line_items: [{ price, quantity: 1 }],
        success_url: 'https://shop.example/',
        subscription_data: { trial_period_days: 7 },
      },
      { idempotencyKey: 'join-1' },
    )
  const [first, second] = [await ask(), await ask()]
  expect(second.id).toBe(first.id)
  expect(first.amount_total).toBe(0)
  await sandbox.payByCard(first.id)
  expect(sandbox.subscriptionsOf(customer).map(({ status }) => status)).toEqual([
    'trialing',
    'active',
  ])
  const { email } = (await stripe.customers.retrieve(customer)) as Stripe.Customer
  await stripe.customers.update(customer, { email: 'new@example.jp', metadata: { line: 'U1' } })
  const found = async (wanted: string) =>
    (await stripe.customers.list({ email: wanted })).data.map(({ id }) => id)
  expect(await found('new@example.jp')).toEqual([customer])
  expect(await found(email!)).toEqual([])
})

test.each([
  ['pause', 'paused'],
  ['cancel', 'canceled'],
  ['create_invoice', 'past_due'],
] as const)('a trial without a card ends as the server asked: %s', async (wish, status) => {
  const { sandbox, stripe } = await open()
  const { price } = await join(sandbox)
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer_email: 'taro@example.jp',
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://shop.example/',
    payment_method_collection: 'if_required',
    subscription_data: {
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: wish } },
    },
  })
  await sandbox.payByCard(session.id, { email: 'other@example.jp' })
  const { customer, subscription } = sandbox.session(session.id)
  expect(sandbox.session(session.id).customer_details?.email).toBe('taro@example.jp')
  await sandbox.advance(String(customer), { days: 7 })
  expect(sandbox.subscription(String(subscription)).status).toBe(status)
})

test('a disputed renewal that the shop loses stays lost', async () => {
  const { sandbox } = await open()
  const { customer, subscription } = await join(sandbox)
  await sandbox.advance(customer, { months: 1 })
  await sandbox.dispute(subscription)
  await sandbox.decideDispute(subscription, 'lost')
  const [closed, before] = sandbox.events()
  expect(closed?.data.object).toMatchObject({ object: 'dispute', status: 'lost' })
  expect(before?.type).toBe('charge.dispute.created')
})

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
