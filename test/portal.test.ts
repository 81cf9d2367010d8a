import fastify from 'fastify'
import Stripe from 'stripe'
import { request } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerError } from '../server/errors.ts'
import { portalFor } from '../server/portal/portal-for.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { addCustomer, addSubscriber, personOf, setRole } from './support/members.ts'

/** What Stripe sends when it is in trouble, and none of which may leave our house. */
const TROUBLE = {
  status: 500,
  headers: {
    'transfer-encoding': 'chunked',
    'x-secret': 'sk_test_leaked',
    'stripe-should-retry': 'false',
    'set-cookie': 'stripe=1',
    'content-language': 'xx',
  },
  body: { error: { type: 'api_error', message: 'acct_1Leaked of hanako@example.com is broken' } },
}
const RECURRING = {
  ...TEA,
  paymentMethods: ['card'] as 'card'[],
  recurring: { interval: 'month' } as const,
}

let house: House
let cookie: string

beforeEach(async () => {
  house = await openHouse({ shop: { roles: [{ id: 'member', title: '会員' }] } })
  cookie = await house.logIn(house.hanako)
})
afterEach(() => house.close())

async function subscribe(): Promise<void> {
  const session = await house.order(house.hanako, house.stripe.addLink(RECURRING).id)
  await house.stripe.payByCard(session)
  await house.settle()
}

/** undici's own client: unlike fetch it refuses an answer whose headers contradict each other. */
async function ask(path: string, body: unknown) {
  const answer = await request(`${house.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
}

/** A price that somebody can subscribe to. */
async function price(): Promise<string> {
  const [offer] = await house.gateway.listOffers([house.stripe.addLink(RECURRING).id])
  return offer?.prices?.[0]?.price ?? ''
}

/** Two plans on the shelf that make a member. */
async function offerPlans(): Promise<void> {
  for (const name of ['豆の会', '葉の会'])
    house.stripe.addLink({ ...RECURRING, items: [{ name, amount: 1_500 }] })
  const offers = await house.gateway.listOffers(null)
  const product = offers.flatMap(({ prices }) => prices?.map((each) => each.product) ?? [])
  house.config.shop.roles = [{ id: 'member', title: '会員', grants: [{ product }] }]
  await house.api(cookie, 'GET', '/api/offers')
}

/** Status, and the view that opened or why none did. */
async function open(body: object = {}, as = cookie): Promise<[number, string]> {
  const answer = await house.api(as, 'POST', '/api/portal', body)
  if (answer.status !== 200)
    return [answer.status, (answer.body['error'] as unknown as { code: string }).code]
  const id = house.stripe.portalSessions()[0]?.configuration
  const opened = house.stripe.portalConfigurations().find((each) => each.id === id)
  return [200, opened?.metadata?.['noren_view'] ?? '']
}

test('a buyer who has a Stripe customer is given the address of the portal, in their language', async () => {
  await subscribe()
  const answer = await house.api(cookie, 'POST', '/api/portal', {})
  expect(answer.status).toBe(200)
  const [visit] = house.stripe.portalSessions()
  expect(answer.body['url']).toBe(visit?.url)
  expect(visit).toMatchObject({
    locale: 'ja',
    return_url: `${house.config.publicUrl}/membership`,
    flow: null,
  })
})

test('the portal opens without a body too, since the view is optional', async () => {
  await subscribe()
  expect((await house.api(cookie, 'POST', '/api/portal')).status).toBe(200)
})

test('a buyer without a subscription is told so', async () => {
  expect(await open()).toEqual([404, 'no_customer'])
})

test('nobody is shown another person’s portal, not even by its customer’s name', async () => {
  const { customer } = await addSubscriber(house, house.hanako, await price())
  const taro = await house.logIn(house.line.addUser({ name: '太郎' }))
  expect(await open({}, taro)).toEqual([404, 'no_customer'])
  expect(await open({ customer }, taro)).toEqual([404, 'no_customer'])
  expect(await open({ customer })).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()).toHaveLength(1)
})

test('a customer that was deleted at Stripe opens nothing any more', async () => {
  const { customer } = await addSubscriber(house, house.hanako, await price())
  await house.store.db.updateTable('customers').set({ deleted: 1 }).execute()
  expect(await open()).toEqual([404, 'no_customer'])
  expect(await open({ customer })).toEqual([404, 'no_customer'])
})

test('a customer for whom Stripe was never asked is looked at before the portal opens', async () => {
  await offerPlans()
  const [[customer = '', subscription = ''] = []] = house.stripe.seedSubscribers(await price(), 1)
  await addCustomer(house, house.hanako, customer)
  await house.store.db.updateTable('customers').set({ checked_at: null }).execute()
  expect(await open({ view: 'cancel' })).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()[0]?.flow).toMatchObject({
    subscription_cancel: { subscription },
  })
})

test('who may subscribe for all we know, for Stripe does not let us look, can cancel', async () => {
  const [[customer = ''] = []] = house.stripe.seedSubscribers(await price(), 1)
  await addCustomer(house, house.hanako, customer)
  await house.store.db.updateTable('customers').set({ checked_at: null }).execute()
  const body = { error: { type: 'invalid_request_error', message: 'not the permissions' } }
  const times = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: /^GET \/v1\/(customers|subscriptions)/, times, status: 403, body })
  expect(await open()).toEqual([200, 'member'])
})

test('a shop that says nothing of roles and views opens the portal that it has saved at Stripe', async () => {
  house.config.shop.roles = []
  await subscribe()
  expect((await house.api(cookie, 'POST', '/api/portal', {})).status).toBe(200)
  const [saved] = house.stripe.portalConfigurations().filter((each) => each.is_default)
  expect(house.stripe.portalSessions()[0]?.configuration).toBe(saved?.id)
  // Nothing is saved there: ours serves.
  house.stripe.deletePortalConfiguration(saved?.id ?? '')
  expect(await open()).toEqual([200, 'member'])
})

/** The portal that the shop has set up in Stripe's dashboard; its id. */
function saveWithoutCancelling(): string {
  const [saved] = house.stripe.portalConfigurations().filter((each) => each.is_default)
  if (!saved?.features) throw new Error('no portal is saved')
  saved.features.subscription_cancel.enabled = false
  return saved.id
}

test('whom the shop’s own portal lets not cancel cancels in ours, as the page has promised', async () => {
  house.config.shop.roles = []
  await subscribe()
  const saved = saveWithoutCancelling()
  const { body } = await house.api(cookie, 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ portal: { tasks: ['card', 'cancel'] } })
  expect(await open({ view: 'cancel' })).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()[0]?.flow).toHaveProperty('subscription_cancel')
  // A card may be changed in either; there the shop's own serves.
  expect(await open({ view: 'card' })).toEqual([200, ''])
  expect(house.stripe.portalSessions()[0]?.configuration).toBe(saved)
})

async function subscribeTwice(): Promise<void> {
  const { id: _, ...twin } = await house.store.db
    .selectFrom('subscriptions')
    .selectAll()
    .executeTakeFirstOrThrow()
  await house.store.db
    .insertInto('subscriptions')
    .values({ ...twin, id: 'sub_twin' })
    .execute()
}

test.each([400, 403])(
  'who may cancel nowhere, as Stripe makes no portal of ours (%i), is shown the shop’s own',
  async (status) => {
    house.config.shop.roles = []
    await subscribe()
    const saved = saveWithoutCancelling()
    const body = { error: { type: 'invalid_request_error', message: 'not the permissions' } }
    const on = /billing_portal\/configurations/
    house.stripe.addFault({ on, times: Number.POSITIVE_INFINITY, status, body })
    expect(await open({ view: 'cancel' })).toEqual([200, ''])
    const opened = { configuration: saved, flow: null }
    expect(house.stripe.portalSessions()[0]).toMatchObject(opened)
    await subscribeTwice()
    expect(await open({ view: 'cancel' })).toEqual([200, ''])
    expect(house.stripe.portalSessions()[0]).toMatchObject(opened)
  },
)

test('who subscribes twice, and may not cancel in the shop’s own portal, is not sent there to do it', async () => {
  house.config.shop.roles = []
  await subscribe()
  saveWithoutCancelling()
  await subscribeTwice()
  expect(await open({ view: 'cancel' })).toEqual([200, 'member'])
  expect(await open({ view: 'card' })).toEqual([200, ''])
})

test('what staff chose for a person goes before the portal that the shop has saved, too', async () => {
  house.config.shop.roles = []
  await subscribe()
  await house.store.db.updateTable('memberships').set({ portal_view: 'guest' }).execute()
  await setRole(house, house.hanako, 'guest', 'guest')
  expect(await open()).toEqual([200, 'guest'])
})

test('who subscribes to nothing, and of whom Stripe was never asked, is offered no card to change', async () => {
  const [[customer = '', subscription = ''] = []] = house.stripe.seedSubscribers(await price(), 1)
  await house.stripe.cancelSubscription(subscription, 'now')
  await addCustomer(house, house.hanako, customer)
  await house.store.db.updateTable('customers').set({ checked_at: null }).execute()
  const { body } = await house.api(cookie, 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ portal: { open: true, tasks: [] } })
  expect(await open()).toEqual([200, 'guest'])
})

test.each([[[]], [[{ id: 'member', title: '会員' }]]])(
  'a key that may not look is not asked again by each page (roles: %j)',
  async (roles) => {
    house.config.shop.roles = roles
    const [[customer = ''] = []] = house.stripe.seedSubscribers(await price(), 1)
    await addCustomer(house, house.hanako, customer)
    await house.store.db.updateTable('customers').set({ checked_at: null }).execute()
    const body = { error: { type: 'invalid_request_error', message: 'not the permissions' } }
    const on = /^GET \/v1\/(customers|subscriptions)/
    house.stripe.addFault({ on, times: Number.POSITIVE_INFINITY, status: 403, body })
    const page = async () => (await house.api(cookie, 'GET', '/api/membership')).status
    const asked = () => house.stripe.requests.filter((each) => on.test(each)).length
    expect(await page()).toBe(200)
    const before = asked()
    for (let at = 0; at < 5; at++) expect(await page()).toBe(200)
    expect(asked()).toBe(before)
    house.stripe.clearFaults()
    house.forward({ seconds: 601 })
    expect(await page()).toBe(200)
    expect(asked()).toBeGreaterThan(before)
  },
)

test('who has subscribed unheard is offered what they may do, from the first look at the page', async () => {
  const [[customer = ''] = []] = house.stripe.seedSubscribers(await price(), 1)
  await addCustomer(house, house.hanako, customer)
  await house.store.db.updateTable('customers').set({ checked_at: null }).execute()
  const { body } = await house.api(cookie, 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ portal: { tasks: ['card', 'cancel'] } })
})

test('of several customers the one with a living subscription is opened', async () => {
  await addCustomer(house, house.hanako, 'cus_old', '2027-01-01T00:00:00.000Z')
  const { customer } = await addSubscriber(house, house.hanako, await price(), {
    linkedAt: '2026-01-01T00:00:00.000Z',
  })
  await addCustomer(house, house.hanako, 'cus_new', '2027-02-01T00:00:00.000Z')
  expect(await open()).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()[0]?.customer).toBe(customer)
})

test('where several live, or several and none lives, the person must pick', async () => {
  const first = await addSubscriber(house, house.hanako, await price())
  const second = await addSubscriber(house, house.hanako, await price())
  expect(await open()).toEqual([409, 'several_customers'])
  expect(await open({ customer: second.customer, view: 'cancel' })).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()[0]).toMatchObject({
    customer: second.customer,
    flow: { subscription_cancel: { subscription: second.subscription } },
  })
  await house.store.db.updateTable('subscriptions').set({ status: 'canceled' }).execute()
  expect(await open()).toEqual([409, 'several_customers'])
  expect(await open({ customer: first.customer })).toEqual([200, 'member'])
})

test.each([
  ['card', { type: 'payment_method_update' }],
  ['cancel', { type: 'subscription_cancel', subscription_cancel: { subscription: 'sub' } }],
  ['plan', { type: 'subscription_update', subscription_update: { subscription: 'sub' } }],
])('%s leads straight to its task and straight back', async (view, flow) => {
  await offerPlans()
  const { subscription } = await addSubscriber(house, house.hanako, await price())
  expect(await open({ view })).toEqual([200, 'member'])
  const expected = JSON.parse(JSON.stringify(flow).replace('"sub"', JSON.stringify(subscription)))
  expect(house.stripe.portalSessions()[0]?.flow).toMatchObject({
    ...expected,
    after_completion: {
      type: 'redirect',
      redirect: { return_url: `${house.config.publicUrl}/membership` },
    },
  })
})

test('a task that the view does not allow is refused, and so is a view of another role', async () => {
  await addSubscriber(house, house.hanako, await price())
  expect(await open({ view: 'pause' })).toEqual([403, 'view_not_allowed'])
  expect(await open({ view: 'guest' })).toEqual([403, 'view_not_allowed'])
  expect(await open({ view: 'nowhere' })).toEqual([404, 'unknown_view'])
  expect(house.stripe.portalSessions()).toEqual([])
})

test('who owes money gets the card first, and a plan only once it is paid', async () => {
  await offerPlans()
  await addSubscriber(house, house.hanako, await price(), { row: { status: 'past_due' } })
  expect(await open()).toEqual([200, 'past_due'])
  expect(await open({ view: 'card' })).toEqual([200, 'past_due'])
  expect(await open({ view: 'plan' })).toEqual([403, 'view_not_allowed'])
  await house.store.db.updateTable('subscriptions').set({ status: 'active' }).execute()
  expect(await open({ view: 'plan' })).toEqual([200, 'member'])
})

test('what staff chose for a person goes before their role', async () => {
  house.config.shop.portal = { history: {} }
  await addSubscriber(house, house.hanako, await price())
  await setRole(house, house.hanako, 'member', 'history')
  expect(await open()).toEqual([200, 'history'])
  expect(await open({ view: 'cancel' })).toEqual([403, 'view_not_allowed'])
})

test('a second cancellation, and one of what is gone, open the portal itself, which explains it', async () => {
  const { subscription } = await addSubscriber(house, house.hanako, await price())
  await house.stripe.cancelSubscription(subscription, 'period_end')
  expect(await open({ view: 'cancel' })).toEqual([200, 'member'])
  expect(house.stripe.portalSessions()[0]?.flow).toBeNull()
  await house.store.db.updateTable('subscriptions').set({ id: 'sub_gone' }).execute()
  expect(await open({ view: 'cancel' })).toEqual([200, 'member'])
})

test('the membership page is told what the portal would do, without a question to Stripe', async () => {
  await offerPlans()
  const portal = async () =>
    portalFor(house.store.db, house.config.shop, await personOf(house, house.hanako))
  expect(await portal()).toEqual({ open: false, tasks: [], customers: [] })
  const { customer } = await addSubscriber(house, house.hanako, await price())
  const before = house.stripe.requests.length
  expect(await portal()).toEqual({
    open: true,
    tasks: ['card', 'cancel', 'plan'],
    customers: [{ id: customer, since: expect.any(String), names: ['豆の会'] }],
  })
  const at = '2027-03-01T00:00:00.000Z'
  await house.store.db.updateTable('subscriptions').set({ cancel_at: at }).execute()
  expect((await portal()).tasks).toEqual(['card'])
  await house.store.db.updateTable('subscriptions').set({ status: 'canceled' }).execute()
  await setRole(house, house.hanako, 'guest')
  expect(await portal()).toMatchObject({ open: true, tasks: [], customers: [{ id: customer }] })
  expect(house.stripe.requests).toHaveLength(before)
  await addSubscriber(house, house.hanako, await price())
  await addSubscriber(house, house.hanako, await price())
  expect((await portal()).customers).toHaveLength(2)
})

test.each<[string, unknown, RegExp]>([
  ['/api/checkout', { offer: 'plink_1' }, /payment_links/],
  ['/api/orders/claim', { session: 'cs_test_1' }, /checkout\/sessions/],
  ['/api/portal', {}, /billing_portal/],
])('%s lends nothing of Stripe’s trouble to its own answer', async (path, body, on) => {
  if (path === '/api/portal') await subscribe()
  await house.store.db.deleteFrom('catalogue').execute()
  house.stripe.addFault({ on, times: Number.POSITIVE_INFINITY, ...TROUBLE })
  const { status, headers, text } = await ask(path, body)
  expect(status).toBe(503)
  expect(JSON.parse(text)).toEqual({
    error: { code: 'stripe_unavailable', message: expect.stringMatching(/^Stripe .+\.$/) },
  })
  for (const name of Object.keys(TROUBLE.headers)) expect(headers).not.toHaveProperty([name])
  expect(headers['request-id']).toBeUndefined()
  expect(headers['content-length']).toBe(String(Buffer.byteLength(text)))
})

test('a Stripe error that reaches the door by mistake says nothing of Stripe either', async () => {
  house.stripe.addFault({ on: /customers/, times: Number.POSITIVE_INFINITY, ...TROUBLE })
  const { hostname: host, port } = new URL(house.stripe.url)
  const stripe = new Stripe(house.stripe.secretKey, { host, port, protocol: 'http' })
  const door = fastify()
  door.setErrorHandler(answerError)
  door.get('/', () => stripe.customers.retrieve('cus_1'))
  const url = await door.listen({ port: 0, host: '127.0.0.1' })
  const answer = await request(url).finally(() => door.close())
  expect(answer.statusCode).toBe(500)
  expect(await answer.body.json()).toMatchObject({ error: { code: 'internal' } })
  for (const name of Object.keys(TROUBLE.headers)) expect(answer.headers).not.toHaveProperty([name])
})
