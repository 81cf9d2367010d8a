import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { createStripeSandbox, type StripeStandIn } from './sandbox/stripe/start.ts'

let now = new Date('2027-01-31T03:00:00Z')
const opened: StripeStandIn[] = []
afterEach(async () => {
  now = new Date('2027-01-31T03:00:00Z')
  for (const one of opened.splice(0)) await one.close()
})

/** A shop with two plans, and one member of the smaller. */
async function open() {
  const sandbox = await createStripeSandbox({ seed: 'portal', now: () => now })
  opened.push(sandbox)
  const { hostname: host, port } = new URL(sandbox.url)
  const to = { host, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 } as const
  const stripe = new Stripe(sandbox.secretKey, to)
  const recurring = { interval: 'month' } as const
  const link = sandbox.addLink({ items: [{ name: '豆の会', amount: 1_500 }], recurring })
  const session = sandbox.visit(link.url)
  await sandbox.payByCard(session)
  const customer = String(sandbox.session(session).customer)
  const subscription = String(sandbox.session(session).subscription)
  const { price } = sandbox.subscription(subscription).items.data[0]!
  const product = String(price.product)
  const big = sandbox.addPrice(product, { amount: 3_000 })
  return { sandbox, stripe, customer, subscription, product, price: price.id, big }
}

type Shop = Awaited<ReturnType<typeof open>>

const everything = ({ product, price, big }: Shop) =>
  ({
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    customer_update: { enabled: true, allowed_updates: ['email', 'name'] },
    subscription_cancel: {
      enabled: true,
      mode: 'at_period_end',
      cancellation_reason: { enabled: true, options: ['too_expensive', 'other'] },
    },
    subscription_pause: {
      enabled: true,
      duration: { type: 'interval_options', interval_options: [{ interval: 'month' }] },
    },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ['price'],
      products: [{ product, prices: [price, big] }],
      proration_behavior: 'always_invoice',
    },
  }) satisfies Stripe.BillingPortal.ConfigurationCreateParams.Features

async function enter(
  { stripe, customer }: Shop,
  features: Stripe.BillingPortal.ConfigurationCreateParams.Features,
  more: Stripe.BillingPortal.SessionCreateParams = {},
) {
  const { id: configuration } = await stripe.billingPortal.configurations.create({ features })
  return stripe.billingPortal.sessions.create({
    customer,
    configuration,
    locale: 'ja',
    return_url: 'https://shop.example/me',
    ...more,
  })
}

const look = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, html: await answer.text() }
}

async function press(url: string, fields: Record<string, string> = {}) {
  const body = new URLSearchParams(fields)
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  return { status: answer.status, onward: answer.headers.get('location') }
}

test('the portal shows and does no more than its configuration allows', async () => {
  const shop = await open()
  const { url } = await enter(shop, { invoice_history: { enabled: true } })
  const { html } = await look(url)
  for (const text of ['豆の会', '¥1,500', '請求履歴', 'のれん商店 に戻る'])
    expect(html).toContain(text)
  for (const text of ['プランを解約', 'プランを変更', '一時停止する', 'お支払い方法を更新']) {
    expect(html).not.toContain(text)
  }
  for (const task of ['cancel', 'pause', 'plan']) {
    expect((await look(`${url}/${task}/${shop.subscription}`)).status).toBe(403)
    expect((await press(`${url}/${task}/${shop.subscription}`)).status).toBe(403)
  }
  expect((await press(`${url}/card`)).status).toBe(403)
  expect(shop.sandbox.subscription(shop.subscription).cancel_at).toBeNull()
})

test('a member leaves with a reason, thinks again, takes the bigger plan and rests a month', async () => {
  const shop = await open()
  const { sandbox, subscription } = shop
  const { url } = await enter(shop, everything(shop))
  const at = (task: string) => `${url}/${task}/${subscription}`
  expect((await look(at('cancel'))).html).toContain('価格が高い')
  await press(at('cancel'), { feedback: 'too_expensive', comment: '高い' })
  expect(sandbox.subscription(subscription)).toMatchObject({
    cancel_at_period_end: false,
    cancel_at: Date.UTC(2027, 1, 28, 3) / 1000,
    cancellation_details: { feedback: 'too_expensive', reason: 'cancellation_requested' },
  })
  expect((await look(url)).html).toContain('2027年2月28日 に解約されます')
  await press(at('keep'))
  expect(sandbox.subscription(subscription).cancel_at).toBeNull()

  expect((await look(`${at('plan')}?price=${shop.big}`)).html).toContain('変更内容の確認')
  await press(at('plan'), { price: shop.big })
  expect(sandbox.subscription(subscription).items.data[0]?.price.id).toBe(shop.big)

  await press(at('pause'), { span: '1 month' })
  expect(sandbox.subscription(subscription).status).toBe('paused')
  expect((await look(url)).html).toContain('2027年2月28日 に自動で再開します')
  await sandbox.advance(shop.customer, { months: 1 })
  expect(sandbox.subscription(subscription).status).toBe('active')
})

test('a new card mends what the old one could not pay', async () => {
  const shop = await open()
  const { sandbox, customer, subscription } = shop
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })
  const { url } = await enter(shop, everything(shop), {
    flow_data: {
      type: 'payment_method_update',
      after_completion: { type: 'redirect', redirect: { return_url: 'https://shop.example/ok' } },
    },
  })
  expect((await look(url)).html).toContain('新しいカードを登録')
  const declined = { number: '4000 0000 0000 0002', expiry: '12 / 34', cvc: '123' }
  expect((await press(`${url}/card`, declined)).status).toBe(402)
  expect(sandbox.subscription(subscription).status).toBe('past_due')
  const good = { ...declined, number: '5555 5555 5555 4444' }
  expect((await press(`${url}/card`, good)).onward).toBe('https://shop.example/ok')
  expect(sandbox.subscription(subscription).status).toBe('active')
})

test('an open bill can be paid on its own page', async () => {
  const shop = await open()
  const { sandbox, customer, subscription, stripe } = shop
  sandbox.refuseCard(customer, true)
  await sandbox.advance(customer, { months: 1 })
  const [invoice] = (await stripe.invoices.list({ customer, status: 'open' })).data
  const page = invoice!.hosted_invoice_url!
  expect((await look(page)).html).toContain('¥1,500 を支払う')
  await press(page)
  await press(page)
  expect(sandbox.subscription(subscription).status).toBe('active')
  expect((await look(page)).html).toContain('支払い済み')
})

test('a visit opened for one task begins with it and is refused where the task is switched off', async () => {
  const shop = await open()
  const { sandbox, stripe, customer, subscription, big } = shop
  const flow_data = { type: 'subscription_cancel', subscription_cancel: { subscription } } as const
  const { url, flow } = await enter(shop, everything(shop), { flow_data })
  expect(flow?.subscription_cancel?.subscription).toBe(subscription)
  expect((await look(url)).html).toContain('プランの解約')
  await expect(
    enter(shop, { invoice_history: { enabled: true } }, { flow_data }),
  ).rejects.toMatchObject({ statusCode: 400, param: 'flow_data[type]' })

  const items = [{ id: sandbox.subscription(subscription).items.data[0]!.id, price: big }]
  const confirm = await enter(shop, everything(shop), {
    flow_data: {
      type: 'subscription_update_confirm',
      subscription_update_confirm: { subscription, items },
    },
  })
  expect((await look(confirm.url)).html).toContain('¥3,000')
  await sandbox.cancelSubscription(subscription, 'period_end')
  await expect(stripe.billingPortal.sessions.create({ customer, flow_data })).rejects.toMatchObject(
    { statusCode: 400 },
  )
})

test('an address that nobody opened dies in five minutes, an idle page in an hour', async () => {
  const shop = await open()
  const unused = await enter(shop, everything(shop))
  const used = await enter(shop, everything(shop))
  await look(used.url)
  now = new Date(now.getTime() + 301_000)
  expect((await look(unused.url)).html).toContain('有効期限が切れました')
  expect((await look(used.url)).status).toBe(200)
  now = new Date(now.getTime() + 3_601_000)
  expect((await look(used.url)).status).toBe(410)
})

test('a configuration is checked as Stripe checks it, and its plans are shown only when asked for', async () => {
  const shop = await open()
  const { stripe, sandbox } = shop
  const { configurations } = stripe.billingPortal
  const made = await configurations.create({
    features: everything(shop),
    metadata: { noren: 'member' },
    name: '会員',
  })
  expect(made.features.subscription_update.products).toBeUndefined()
  const shown = await configurations.retrieve(made.id, {
    expand: ['features.subscription_update.products'],
  })
  expect(shown.features.subscription_update.products?.[0]?.prices).toEqual([shop.price, shop.big])
  expect((await configurations.list({ is_default: true })).data).toHaveLength(1)
  const changed = await configurations.update(made.id, {
    active: false,
    features: { invoice_history: { enabled: false } },
  })
  expect(changed).toMatchObject({
    active: false,
    name: '会員',
    metadata: { noren: 'member' },
    features: { invoice_history: { enabled: false }, payment_method_update: { enabled: true } },
  })
  const refusal = (features: object) =>
    configurations.create({ features }).then(
      () => null,
      (error: Stripe.errors.StripeError) => [error.statusCode, error.param],
    )
  expect(await refusal({})).toEqual([400, 'features'])
  expect(await refusal({ teleport: { enabled: true } })).toEqual([400, 'features[teleport]'])
  expect(await refusal({ subscription_update: { enabled: true } })).toEqual([
    400,
    'features[subscription_update][default_allowed_updates]',
  ])
  const products = Array.from({ length: 11 }, () => ({
    product: shop.product,
    prices: [shop.price],
  }))
  const update = { enabled: true, default_allowed_updates: ['price'], products }
  expect(await refusal({ subscription_update: update })).toEqual([
    400,
    'features[subscription_update][products]',
  ])

  sandbox.editPortalConfiguration(made.id, ({ features }) => {
    features.subscription_pause.enabled = false
    features.subscription_cancel.mode = 'immediately'
  })
  const other = await configurations.create({ features: { invoice_history: { enabled: true } } })
  expect(other.features.subscription_cancel.mode).toBe('at_period_end')
  sandbox.deletePortalConfiguration(other.id)

  const { customer } = shop
  const enterBy = (configuration: string) =>
    stripe.billingPortal.sessions.create({ customer, configuration })
  await expect(enterBy(made.id)).rejects.toMatchObject({ statusCode: 400 })
  sandbox.deletePortalConfiguration(made.id)
  const gone = { statusCode: 404, code: 'resource_missing', param: 'configuration' }
  await expect(enterBy(made.id)).rejects.toMatchObject(gone)
  await expect(enterBy('bpc_never')).rejects.toMatchObject(gone)
  const ids = (await configurations.list()).data.map(({ id }) => id)
  expect(ids).toEqual(sandbox.portalConfigurations().map(({ id }) => id))
  expect(ids).toHaveLength(1)
  expect((await stripe.billingPortal.sessions.create({ customer })).configuration).toBe(ids[0])
  sandbox.deletePortalConfiguration(ids[0]!)
  await expect(stripe.billingPortal.sessions.create({ customer })).rejects.toThrow('until you save')
})

test.each([
  ['continue_trial', 'trialing', 0],
  ['end_trial', 'active', 3_000],
] as const)('another plan during a free trial: %s', async (behavior, status, charged) => {
  const shop = await open()
  const { sandbox, stripe, customer, price, big } = shop
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://shop.example/',
    subscription_data: { trial_period_days: 14 },
  })
  await sandbox.payByCard(session.id)
  const subscription = String(sandbox.session(session.id).subscription)
  const features = everything(shop)
  const { url } = await enter(shop, {
    ...features,
    subscription_update: { ...features.subscription_update, trial_update_behavior: behavior },
  })
  await press(`${url}/plan/${subscription}`, { price: big })
  expect(sandbox.subscription(subscription).status).toBe(status)
  const { data } = await stripe.invoices.list({ subscription, limit: 1 })
  expect(data[0]?.amount_paid).toBe(charged)
})
