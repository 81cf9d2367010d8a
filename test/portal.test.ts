import fastify from 'fastify'
import Stripe from 'stripe'
import { request } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerError } from '../server/errors.ts'
import { type House, openHouse, TEA } from './support/house.ts'

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
  house = await openHouse()
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

test('a buyer who has a Stripe customer is given the address of the portal', async () => {
  await subscribe()
  const answer = await house.api(cookie, 'POST', '/api/portal', {})
  expect(answer.status).toBe(200)
  expect(String(answer.body['url'])).toMatch(/^https?:\/\//)
})

test('the portal opens without a body too, since the view is optional', async () => {
  await subscribe()
  expect((await house.api(cookie, 'POST', '/api/portal')).status).toBe(200)
})

test('a buyer without a subscription is told so', async () => {
  expect(await house.api(cookie, 'POST', '/api/portal', {})).toMatchObject({
    status: 404,
    body: { error: { code: 'no_customer' } },
  })
})

test('nobody is shown another person’s portal', async () => {
  await subscribe()
  const taro = await house.logIn(house.line.addUser({ name: '太郎' }))
  expect((await house.api(taro, 'POST', '/api/portal', {})).status).toBe(404)
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
