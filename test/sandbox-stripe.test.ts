import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { createStripeSandbox, type StripeSandboxOptions } from './sandbox/stripe/start.ts'
import type { Happening, StripeSandbox } from './sandbox/types.ts'

const opened: { close(): Promise<unknown> | unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function openSandbox(options: StripeSandboxOptions = {}): Promise<StripeSandbox> {
  const sandbox = await createStripeSandbox({ seed: 'test', retryBaseMs: 5, ...options })
  opened.push(sandbox)
  return sandbox
}

/** The real SDK, pointed at the sandbox by option alone. */
function sdk(sandbox: StripeSandbox, key = sandbox.secretKey, options: Stripe.StripeConfig = {}) {
  const { hostname, port } = new URL(sandbox.url)
  const to = { host: hostname, port, protocol: 'http', telemetry: false } as const
  return new Stripe(key, { ...to, maxNetworkRetries: 0, ...options })
}

type Letter = { body: string; signature: string }

/** A letterbox that answers with the statuses it is given, then with 200. */
async function openLetterbox(statuses: number[] = []) {
  const letters: Letter[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      letters.push({ body, signature: String(request.headers['stripe-signature']) })
      response.statusCode = statuses.shift() ?? 200
      response.end()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  opened.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`
  const types = () => letters.map((letter) => JSON.parse(letter.body).type as string)
  return { url, letters, types }
}

const COFFEE = { items: [{ name: 'コーヒー豆 200g', amount: 1_800 }] }
const REFERENCE = `U${'a'.repeat(32)}_shop_t0000_${'b'.repeat(32)}`

test('the real SDK lists the offers of the shop with their products', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink(COFFEE)
  sandbox.addLink({ ...COFFEE, active: false })
  const stripe = sdk(sandbox)

  const active = await stripe.paymentLinks.list({ active: true, expand: ['data.line_items'] })
  expect(active.data.map(({ id }) => id)).toEqual([link.id])
  expect(active.data[0]?.line_items?.data[0]?.description).toBe('コーヒー豆 200g')

  const items = await stripe.paymentLinks.listLineItems(link.id, { expand: ['data.price.product'] })
  expect(items.data[0]?.price?.product).toMatchObject({
    object: 'product',
    name: 'コーヒー豆 200g',
  })
  expect(items.data[0]?.price?.unit_amount_decimal?.toString()).toBe('1800')
})

test('a paid session is told by a webhook that the real SDK accepts', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  const link = sandbox.addLink(COFFEE)
  const id = sandbox.visit(`${link.url}?client_reference_id=${REFERENCE}&prefilled_email=a@b.jp`)
  await sandbox.payByCard(id)
  await sandbox.settled()

  const [letter] = letterbox.letters
  const event = sdk(sandbox).webhooks.constructEvent(
    letter!.body,
    letter!.signature,
    sandbox.webhookSecret,
  )
  expect(event).toMatchObject({ type: 'checkout.session.completed', livemode: false })
  expect(event.data.object).toMatchObject({
    id,
    client_reference_id: REFERENCE,
    payment_link: link.id,
    payment_status: 'paid',
    status: 'complete',
    customer: null,
    customer_details: { email: 'a@b.jp' },
  })
  expect(event.data.object).not.toHaveProperty('line_items')
  expect(letterbox.types()).toEqual(['checkout.session.completed'])
})

test('a webhook that was altered on its way is refused by the real SDK', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  await sandbox.payByCard(sandbox.visit(sandbox.addLink(COFFEE).url))
  const [letter] = letterbox.letters
  expect(() =>
    sdk(sandbox).webhooks.constructEvent(
      letter!.body.replace('1800', '1'),
      letter!.signature,
      sandbox.webhookSecret,
    ),
  ).toThrow(Stripe.errors.StripeSignatureVerificationError)
})

test('a reference or an e-mail that Stripe would not take is dropped and the buyer still pays', async () => {
  const sandbox = await openSandbox()
  const { url } = sandbox.addLink(COFFEE)
  for (const bad of ['a/b', 'a b', '', 'x'.repeat(201), 'あ']) {
    const query = new URLSearchParams({ client_reference_id: bad, prefilled_email: 'nonsense' })
    const id = sandbox.visit(`${url}?${query}`)
    expect(sandbox.session(id)).toMatchObject({ client_reference_id: null, customer_details: null })
    await sandbox.payByCard(id)
    expect(sandbox.session(id).payment_status).toBe('paid')
  }
  const longest = 'x'.repeat(200)
  const id = sandbox.visit(`${url}?client_reference_id=${longest}`)
  expect(sandbox.session(id).client_reference_id).toBe(longest)
})

test('25 different goods come in pages of 10, and the SDK turns the pages by itself', async () => {
  const sandbox = await openSandbox()
  const items = Array.from({ length: 25 }, (_, at) => ({ name: `品 ${at}`, amount: 100 + at }))
  const id = sandbox.openSession({ items })
  const stripe = sdk(sandbox)

  const first = await stripe.checkout.sessions.listLineItems(id)
  expect(first.data).toHaveLength(10)
  expect(first.has_more).toBe(true)
  const all = await stripe.checkout.sessions.listLineItems(id).autoPagingToArray({ limit: 100 })
  expect(all.map(({ description }) => description)).toEqual(items.map(({ name }) => name))
  const pages = sandbox.requests.filter((line) => line.endsWith('/line_items'))
  expect(pages).toHaveLength(4)
  const whole = await stripe.checkout.sessions.listLineItems(id, { limit: 100 })
  expect(whole).toMatchObject({ has_more: false, data: { length: 25 } })
  await expect(stripe.checkout.sessions.listLineItems(id, { limit: 101 })).rejects.toMatchObject({
    param: 'limit',
  })
})

test('subtotal, discount, tax and shipping add up to the total, to the last yen', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink({
    items: [
      { name: '茶碗', amount: 3_333, quantity: 2 },
      { name: '箸', amount: 777 },
    ],
    discount: { name: '初回', amount: 1_000 },
    shipping: { name: '宅配便', amount: 800 },
    taxPercent: 10,
  })
  const id = sandbox.visit(link.url)
  const session = await sdk(sandbox).checkout.sessions.retrieve(id, { expand: ['line_items'] })
  const { amount_discount, amount_shipping, amount_tax } = session.total_details!
  expect([session.amount_subtotal, amount_discount, amount_shipping]).toEqual([7_443, 1_000, 800])
  expect(session.amount_total).toBe(7_443 - 1_000 + amount_tax + 800)
  const rows = session.line_items!.data
  expect(rows.reduce((sum, row) => sum + row.amount_discount, 0)).toBe(1_000)
  expect(rows.reduce((sum, row) => sum + row.amount_total, 0) + 800).toBe(session.amount_total)
})

test('a konbini order completes unpaid, shows its codes, and is paid at the till', async () => {
  const sandbox = await openSandbox({ now: () => new Date('2026-11-22T14:59:00Z') })
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  const link = sandbox.addLink({ ...COFFEE, paymentMethods: ['card', 'konbini'] })
  const id = sandbox.visit(link.url)
  await sandbox.payByKonbini(id)
  expect(sandbox.session(id)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })

  const read = () =>
    sdk(sandbox).checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] })
  const waiting = (await read()).payment_intent as Stripe.PaymentIntent
  const details = waiting.next_action!.konbini_display_details!
  expect(waiting.status).toBe('requires_action')
  expect(new Date(details.expires_at * 1000).toISOString()).toBe('2026-11-25T14:59:59.000Z')
  expect(Object.keys(details.stores)).toEqual(['familymart', 'lawson', 'ministop', 'seicomart'])
  expect(details.stores.lawson?.payment_code).toMatch(/^\d{6}$/)
  expect(details.hosted_voucher_url).toContain(waiting.id)

  await sandbox.settleKonbini(id)
  await sandbox.settled()
  const paid = await read()
  expect(paid.payment_status).toBe('paid')
  expect(paid.payment_intent).toMatchObject({
    status: 'succeeded',
    latest_charge: { payment_method_details: { type: 'konbini' } },
  })
  expect(letterbox.types()).toEqual([
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
  ])
})

test('just after midnight in Tokyo the konbini deadline is a day later', async () => {
  const sandbox = await openSandbox({ now: () => new Date('2026-11-22T15:00:00Z') })
  const link = sandbox.addLink({ ...COFFEE, paymentMethods: ['konbini'] })
  const id = sandbox.visit(link.url)
  await sandbox.payByKonbini(id)
  const intent = await sdk(sandbox).paymentIntents.retrieve(
    String(sandbox.session(id).payment_intent),
  )
  const { expires_at } = intent.next_action!.konbini_display_details!
  expect(new Date(expires_at * 1000).toISOString()).toBe('2026-11-26T14:59:59.000Z')
})

test('a konbini order that nobody pays fails, and cannot be paid afterwards', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink({ ...COFFEE, paymentMethods: ['konbini'] })
  const id = sandbox.visit(link.url)
  await sandbox.payByKonbini(id)
  await sandbox.lapseKonbini(id)
  const intent = String(sandbox.session(id).payment_intent)
  expect(await sdk(sandbox).paymentIntents.retrieve(intent)).toMatchObject({
    status: 'requires_payment_method',
    next_action: null,
  })
  expect(sandbox.events()[0]?.type).toBe('checkout.session.async_payment_failed')
  await expect(sandbox.settleKonbini(id)).rejects.toThrow('waits for no konbini')
})

test('konbini is refused for amounts and currencies that Stripe refuses', async () => {
  const sandbox = await openSandbox()
  const konbini = { paymentMethods: ['konbini' as const] }
  const seeds = [
    { items: [{ name: '飴', amount: 119 }], ...konbini },
    { items: [{ name: '壺', amount: 300_001 }], ...konbini },
    { items: [{ name: 'mug', amount: 2_000 }], currency: 'usd', ...konbini },
    COFFEE,
  ]
  for (const seed of seeds) {
    const id = sandbox.visit(sandbox.addLink(seed).url)
    await expect(sandbox.payByKonbini(id)).rejects.toThrow()
    expect(sandbox.session(id).status).toBe('open')
  }
})

test('a subscription makes a customer, a subscription and a paid invoice', async () => {
  const sandbox = await openSandbox({ now: () => new Date('2026-01-31T00:00:00Z') })
  const link = sandbox.addLink({ ...COFFEE, recurring: { interval: 'month' } })
  const id = sandbox.visit(link.url)
  await sandbox.payByCard(id, { email: 'member@example.jp' })
  const session = await sdk(sandbox).checkout.sessions.retrieve(id, {
    expand: ['customer', 'subscription', 'invoice.payments'],
  })
  expect(session).toMatchObject({
    mode: 'subscription',
    payment_intent: null,
    customer: { email: 'member@example.jp' },
    subscription: { status: 'active' },
    invoice: { status: 'paid', amount_paid: 1_800 },
  })
  const [item] = (session.subscription as Stripe.Subscription).items.data
  expect(new Date(item!.current_period_end * 1000).toISOString()).toBe('2026-02-28T00:00:00.000Z')
  const refund = await sandbox.refund(id)
  expect(refund.amount).toBe(1_800)
})

test('a free trial asks for no money yet', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink({ ...COFFEE, recurring: { interval: 'month' }, trialDays: 14 })
  const id = sandbox.visit(link.url)
  await sandbox.payByCard(id)
  const session = await sdk(sandbox).checkout.sessions.retrieve(id, { expand: ['subscription'] })
  expect(session).toMatchObject({
    payment_status: 'no_payment_required',
    amount_total: 0,
    subscription: { status: 'trialing' },
  })
})

test('a link switches itself off when it has sold what it may', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink({ ...COFFEE, limit: 2 })
  await sandbox.payByCard(sandbox.visit(link.url))
  await sandbox.payByCard(sandbox.visit(link.url))
  expect(await sdk(sandbox).paymentLinks.retrieve(link.id)).toMatchObject({
    active: false,
    restrictions: { completed_sessions: { count: 2, limit: 2 } },
  })
  expect(sandbox.events()[0]).toMatchObject({
    type: 'payment_link.updated',
    data: { previous_attributes: { active: true } },
  })
  expect(() => sandbox.visit(link.url)).toThrow('not active')
})

test('refunds in parts are seen on the charge, and more than was paid is refused', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  const stripe = sdk(sandbox)
  const payment_intent = String(sandbox.session(id).payment_intent)
  await stripe.refunds.create({ payment_intent, amount: 300 })
  await sandbox.refund(id, 500)
  const intent = await stripe.paymentIntents.retrieve(payment_intent, {
    expand: ['latest_charge.refunds'],
  })
  const charge = intent.latest_charge as Stripe.Charge
  expect(charge).toMatchObject({ amount_refunded: 800, refunded: false })
  expect(charge.refunds?.data.map(({ amount }) => amount)).toEqual([500, 300])
  await expect(stripe.refunds.create({ payment_intent, amount: 1_001 })).rejects.toThrow(
    'greater than unrefunded amount',
  )
  await stripe.refunds.create({ payment_intent })
  await expect(stripe.refunds.create({ payment_intent })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  })
  const listed = await stripe.refunds.list({ payment_intent })
  expect(listed.data.map(({ amount }) => amount)).toEqual([1_000, 500, 300])
})

test('a dispute leads from the payment back to the order', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  await sandbox.dispute(id)
  const stripe = sdk(sandbox)
  const [dispute] = (await stripe.disputes.list()).data
  const found = await stripe.checkout.sessions.list({
    payment_intent: String(dispute!.payment_intent),
  })
  expect(found.data.map((session) => session.id)).toEqual([id])
  expect(await stripe.charges.retrieve(String(dispute!.charge))).toMatchObject({ disputed: true })
})

test('an open session expires once, by itself or by the API', async () => {
  const sandbox = await openSandbox()
  const { url } = sandbox.addLink(COFFEE)
  const [first, second] = [sandbox.visit(url), sandbox.visit(url)]
  await sandbox.expire(first)
  const stripe = sdk(sandbox)
  expect(await stripe.checkout.sessions.expire(second)).toMatchObject({ status: 'expired' })
  await expect(stripe.checkout.sessions.expire(second)).rejects.toThrow('can be expired')
  await expect(sandbox.payByCard(first)).rejects.toThrow('expired')
})

test('sessions are listed newest first, by link and by time, page by page', async () => {
  let now = Date.parse('2026-11-01T00:00:00Z')
  const sandbox = await openSandbox({ now: () => new Date(now) })
  const [ours, theirs] = [sandbox.addLink(COFFEE), sandbox.addLink(COFFEE)]
  const ids: string[] = []
  for (let at = 0; at < 13; at++) {
    now += 60_000
    ids.unshift(sandbox.visit(ours.url))
    sandbox.visit(theirs.url)
  }
  const stripe = sdk(sandbox)
  const all = await stripe.checkout.sessions
    .list({ payment_link: ours.id, limit: 5 })
    .autoPagingToArray({ limit: 100 })
  expect(all.map(({ id }) => id)).toEqual(ids)
  const gte = sandbox.session(ids[2]!).created
  const recent = await stripe.checkout.sessions.list({ payment_link: ours.id, created: { gte } })
  expect(recent.data.map(({ id }) => id)).toEqual(ids.slice(0, 3))
})

test('live and test objects do not see each other', async () => {
  const sandbox = await openSandbox()
  const live = sandbox.openSession({ ...COFFEE, livemode: true })
  expect(live).toMatch(/^cs_live_/)
  await expect(sdk(sandbox).checkout.sessions.retrieve(live)).rejects.toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  })
  const liveKey = sandbox.secretKey.replace('sk_test_', 'sk_live_')
  expect(await sdk(sandbox, liveKey).checkout.sessions.retrieve(live)).toMatchObject({
    livemode: true,
  })
})

test('a wrong key, an unknown id, an unknown parameter and an unknown address are refused as Stripe refuses them', async () => {
  const sandbox = await openSandbox()
  const stripe = sdk(sandbox)
  await expect(sdk(sandbox, 'sk_test_wrong').products.list()).rejects.toMatchObject({
    type: 'StripeAuthenticationError',
    statusCode: 401,
  })
  await expect(stripe.checkout.sessions.retrieve('cs_test_none')).rejects.toMatchObject({
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    requestId: expect.stringMatching(/^req_/),
  })
  await expect(stripe.products.list({ shippable: true })).rejects.toMatchObject({
    code: 'parameter_unknown',
  })
  const id = sandbox.openSession(COFFEE)
  await expect(
    stripe.checkout.sessions.retrieve(id, { expand: ['nonsense'] }),
  ).rejects.toMatchObject({ param: 'expand' })
  await expect(stripe.balance.retrieve()).rejects.toMatchObject({ statusCode: 404 })
  expect(sandbox.requests.at(-1)).toBe('GET /v1/balance')

  const known = sandbox.requests.length
  expect((await fetch(`${sandbox.url}/favicon.ico`)).status).toBe(404)
  expect(sandbox.requests).toHaveLength(known)
})

test('a POST that is repeated under the same key is done once', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  const stripe = sdk(sandbox)
  const payment_intent = String(sandbox.session(id).payment_intent)
  const once = { idempotencyKey: 'refund-1' }
  const first = await stripe.refunds.create({ payment_intent, amount: 100 }, once)
  const again = await stripe.refunds.create({ payment_intent, amount: 100 }, once)
  expect(again.id).toBe(first.id)
  await expect(stripe.refunds.create({ payment_intent, amount: 200 }, once)).rejects.toBeInstanceOf(
    Stripe.errors.StripeIdempotencyError,
  )
  expect((await stripe.refunds.list({ payment_intent })).data).toHaveLength(1)
})

test('the portal opens for a customer that exists', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.visit(sandbox.addLink({ ...COFFEE, recurring: { interval: 'year' } }).url)
  await sandbox.payByCard(id, { email: 'm@example.jp' })
  const stripe = sdk(sandbox)
  const [customer] = (await stripe.customers.list({ email: 'm@example.jp' })).data
  const portal = await stripe.billingPortal.sessions.create({
    customer: customer!.id,
    return_url: 'https://shop.example/',
  })
  expect(portal.url.startsWith(sandbox.url)).toBe(true)
  await expect(stripe.billingPortal.sessions.create({ customer: 'cus_none' })).rejects.toThrow(
    'No such customer',
  )
})

test('a letterbox that is out of order gets the event again until it takes it', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox([500, 503])
  sandbox.sendWebhooksTo(letterbox.url)
  await sandbox.payByCard(sandbox.visit(sandbox.addLink(COFFEE).url))
  await sandbox.settled()
  expect(letterbox.letters).toHaveLength(3)
  expect(new Set(letterbox.letters.map(({ body }) => body)).size).toBe(1)
})

test('after five tries in vain an event is given up, and can be found as undelivered', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox([500, 500, 500, 500, 500])
  sandbox.sendWebhooksTo(letterbox.url)
  await sandbox.payByCard(sandbox.visit(sandbox.addLink(COFFEE).url))
  await sandbox.settled()
  expect(letterbox.letters).toHaveLength(5)
  const missed = await sdk(sandbox).events.list({
    delivery_success: false,
    types: ['checkout.session.completed'],
  })
  expect(missed.data).toHaveLength(1)
  expect(await sandbox.resend(missed.data[0]!.id, 3)).toEqual([200, 200, 200])
  expect(letterbox.letters).toHaveLength(8)
})

test('with its destinations switched off nothing is sent, and nothing counts as undelivered', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  sandbox.switchOffWebhooks()
  await sandbox.payByCard(sandbox.visit(sandbox.addLink(COFFEE).url))
  await sandbox.settled()
  expect(letterbox.letters).toHaveLength(0)
  const types = ['checkout.session.completed']
  const missed = await sdk(sandbox).events.list({ delivery_success: false, types })
  expect(missed.data).toHaveLength(0)
  expect((await sdk(sandbox).events.list({ types })).data).toHaveLength(1)
})

test('events are kept for 30 days, and asked for by 20 types at the most', async () => {
  let ahead = 0
  const sandbox = await openSandbox({ now: () => new Date(Date.now() + ahead) })
  await sandbox.payByCard(sandbox.visit(sandbox.addLink(COFFEE).url))
  const types = ['checkout.session.completed']
  ahead = 29 * 86_400_000
  expect((await sdk(sandbox).events.list({ types })).data).toHaveLength(1)
  ahead = 31 * 86_400_000
  expect((await sdk(sandbox).events.list({ types })).data).toHaveLength(0)
  const many = Array.from({ length: 21 }, (_, at) => `made.up_${at}`)
  await expect(sdk(sandbox).events.list({ types: many })).rejects.toThrow('up to 20 types')
})

test('held events are sent on release, in the order that is asked for', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  const link = sandbox.addLink({ ...COFFEE, paymentMethods: ['konbini'] })
  sandbox.hold()
  const id = sandbox.visit(link.url)
  await sandbox.payByKonbini(id)
  await sandbox.settleKonbini(id)
  await sandbox.settled()
  expect(letterbox.letters).toHaveLength(0)
  expect(sandbox.session(id).payment_status).toBe('paid')
  await sandbox.release((events) => events.toReversed())
  expect(letterbox.types()).toEqual([
    'checkout.session.async_payment_succeeded',
    'checkout.session.completed',
  ])
  // An event tells what was true when it happened, however late it comes.
  const late = JSON.parse(letterbox.letters[1]!.body)
  expect(late.data.object.payment_status).toBe('unpaid')
  const listed = await sdk(sandbox).events.list({ type: 'checkout.session.completed' })
  expect(listed.data[0]?.data.object).toMatchObject({ id, payment_status: 'unpaid' })
})

test('a renamed product is told by a webhook; links show the new name, older sessions the old one', async () => {
  const sandbox = await openSandbox()
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  const link = sandbox.addLink(COFFEE)
  const before = sandbox.visit(link.url)
  const stripe = sdk(sandbox)
  const name = async (session: string) =>
    (await stripe.checkout.sessions.listLineItems(session)).data[0]?.description
  const [item] = (await stripe.paymentLinks.listLineItems(link.id)).data
  sandbox.renameProduct(String(item!.price!.product), '深煎り 200g')
  expect(await name(before)).toBe('コーヒー豆 200g')
  expect(await name(sandbox.visit(link.url))).toBe('深煎り 200g')
  await stripe.prices.update(item!.price!.id, { active: false })
  await sandbox.settled()
  expect(letterbox.types()).toEqual(['product.updated', 'price.updated'])
})

test('what the shop notes on a link is copied to every session of it', async () => {
  const sandbox = await openSandbox()
  const link = sandbox.addLink(COFFEE)
  await sdk(sandbox).paymentLinks.update(link.id, { metadata: { role: 'member' } })
  expect(sandbox.session(sandbox.visit(link.url)).metadata).toEqual({ role: 'member' })
})

test('the API can be made slow, for one request or for all', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.openSession(COFFEE)
  const stripe = sdk(sandbox)
  const time = async () => {
    const began = performance.now()
    await stripe.checkout.sessions.retrieve(id)
    return performance.now() - began
  }
  sandbox.addFault({ on: /sessions/, times: 1, delayMs: 80 })
  expect(await time()).toBeGreaterThanOrEqual(75)
  sandbox.latencyMs = 80
  expect(await time()).toBeGreaterThanOrEqual(75)
})

test('a thin destination hears only what to fetch, under a secret of its own', async () => {
  const sandbox = await openSandbox()
  const [thin, snapshot] = [await openLetterbox(), await openLetterbox()]
  sandbox.sendWebhooksTo(thin.url, { thin: true, secret: 'whsec_thin' })
  sandbox.sendWebhooksTo(snapshot.url)
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  const [letter] = thin.letters
  const stripe = sdk(sandbox)
  const notification = stripe.parseEventNotification(letter!.body, letter!.signature, 'whsec_thin')
  if (notification.type !== 'v1.checkout.session.completed') throw new Error(notification.type)
  expect(notification.snapshot_event).toBe(JSON.parse(snapshot.letters[0]!.body).id)
  expect(await notification.fetchRelatedObject()).toMatchObject({ id, payment_status: 'paid' })
  expect(await notification.fetchEvent()).toMatchObject({ id: notification.id })
})

test('faults spoil exactly as many requests as they say', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.openSession(COFFEE)
  const stripe = sdk(sandbox)
  const read = () => stripe.checkout.sessions.retrieve(id)
  sandbox.addFault({ on: /GET .*sessions/, times: 1, status: 429, headers: { 'retry-after': '1' } })
  sandbox.addFault({ on: /sessions/, times: 1, drop: 'before' })
  await expect(read()).rejects.toMatchObject({ statusCode: 429 })
  // The SDK itself tries once more after a connection reset, so the dropped call comes back well.
  await expect(read()).resolves.toMatchObject({ id })
  expect(sandbox.requests).toHaveLength(3)
  sandbox.addFault({ on: /sessions/, times: Infinity, hang: true })
  await expect(stripe.checkout.sessions.retrieve(id, {}, { timeout: 50 })).rejects.toThrow()
  sandbox.clearFaults()
  await expect(read()).resolves.toMatchObject({ id })
})

test('a refund whose answer is lost is made once, because the SDK repeats its key', async () => {
  const sandbox = await openSandbox()
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  const payment_intent = String(sandbox.session(id).payment_intent)
  sandbox.addFault({ on: /POST .*refunds/, times: 1, drop: 'after' })
  const stripe = sdk(sandbox, sandbox.secretKey, { maxNetworkRetries: 1 })
  const refund = await stripe.refunds.create({ payment_intent, amount: 100 })
  const { data } = await stripe.refunds.list({ payment_intent })
  expect(data.map((one) => one.id)).toEqual([refund.id])
  expect(sandbox.requests.filter((line) => line.startsWith('POST'))).toHaveLength(2)
})

test('a request that got no answer is told as well', async () => {
  const seen: Happening[] = []
  const sandbox = await openSandbox({ watch: (happening) => seen.push(happening) })
  const headers = { authorization: `Bearer ${sandbox.secretKey}` }
  for (const drop of ['before', 'after'] as const) {
    sandbox.addFault({ on: /products/, times: 1, drop })
    await expect(fetch(`${sandbox.url}/v1/products`, { headers })).rejects.toThrow()
  }
  sandbox.addFault({ on: /products/, times: 1, status: 500 })
  await fetch(`${sandbox.url}/v1/products`, { headers })
  await expect.poll(() => seen.map(({ status }) => status)).toEqual([0, 0, 500])
})

test('the same seed gives the same ids, shaped like those of Stripe', async () => {
  const [one, two] = [await openSandbox({ seed: 7 }), await openSandbox({ seed: 7 })]
  const made = [one, two].map((sandbox) => {
    const link = sandbox.addLink(COFFEE)
    return [link.id, sandbox.visit(link.url), sandbox.secretKey, sandbox.webhookSecret]
  })
  expect(made[0]).toEqual(made[1])
  expect(made[0]![0]).toMatch(/^plink_[A-Za-z0-9]{24}$/)
  expect(made[0]![1]).toMatch(/^cs_test_a1[A-Za-z0-9]{58}$/)
  const other = await openSandbox({ seed: 8 })
  expect(other.secretKey).not.toBe(one.secretKey)
})

test('everything that happens is told to whoever watches', async () => {
  const seen: Happening[] = []
  const sandbox = await openSandbox({ watch: (happening) => seen.push(happening) })
  const letterbox = await openLetterbox()
  sandbox.sendWebhooksTo(letterbox.url)
  const id = sandbox.visit(sandbox.addLink(COFFEE).url)
  await sandbox.payByCard(id)
  await sdk(sandbox).checkout.sessions.retrieve(id)
  await expect.poll(() => seen.length).toBe(4)
  expect(seen.map(({ from, to, status }) => [from, to, status])).toEqual([
    ['buyer', 'stripe', undefined],
    ['buyer', 'stripe', undefined],
    ['stripe', 'noren', 200],
    ['noren', 'stripe', 200],
  ])
  expect(seen[2]?.title).toBe('checkout.session.completed')
  expect(seen[3]?.title).toMatch(/^GET \/v1\/checkout\/sessions\/cs_test_\w{6}…$/)
})
