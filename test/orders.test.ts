import fc from 'fast-check'
import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Order } from '../shared/api.ts'
import { ja } from '../shared/i18n/messages/ja.ts'
import { usualEngine } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'

let house: House
let tea: string

beforeEach(async () => {
  house = await openHouse()
  tea = house.stripe.addLink(TEA).id
})
afterEach(() => house.close())

async function ordersOf(user = house.hanako): Promise<Order[]> {
  const answer = await house.api(await house.logIn(user), 'GET', '/api/orders')
  return answer.body['orders'] as unknown as Order[]
}

function storedOrder(id: string) {
  return house.store.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Everything that stands in the chat, as LINE got it. */
const chatText = (to = house.hanako.userId) => JSON.stringify(house.line.chat(to))

/** The kinds of messages to the buyer about this order, in the order in which LINE accepted them. */
async function told(session: string): Promise<string[]> {
  const rows = await house.store.db
    .selectFrom('deliveries')
    .select(['id', 'kind', 'state'])
    .where('order_id', '=', session)
    .where('state', '=', 'accepted')
    .where('kind', 'not in', ['staff_paid', 'staff_late'])
    .execute()
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]))
  return house.line
    .chat(house.hanako.userId)
    .flatMap(({ retryKey }) => kinds.get(retryKey ?? '') ?? [])
}

/** A letter of Stripe's that says nothing new but makes Noren look again. */
async function ringAgain(session: string, type = 'checkout.session.completed'): Promise<void> {
  const payload = JSON.stringify({
    id: `evt_${crypto.randomUUID()}`,
    object: 'event',
    type,
    livemode: false,
    data: { object: { id: session } },
  })
  const secret = house.stripe.webhookSecret
  const answer = await fetch(`${house.url}/webhooks/stripe`, {
    method: 'POST',
    body: payload,
    headers: {
      'content-type': 'application/json',
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
    },
  })
  expect(answer.status).toBe(200)
}

test('a buyer who pays by card gets one itemised summary in the chat, and the shop one line', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()

  const [summary, ...more] = house.heard(house.hanako.userId)
  expect(more).toEqual([])
  expect(summary).toContain('3,960')
  expect(chatText()).toContain('宇治煎茶 100g')
  expect(chatText()).toContain('抹茶ようかん')
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(house.heard(house.staff)[0]).toContain('花子')
  expect(await ordersOf()).toMatchObject([{ id: session, status: 'paid', amount: 3960 }])
})

test('a konbini order first says where and how to pay, and thanks only when the money is there', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  expect(await told(session)).toEqual(['awaiting_payment'])
  expect(house.heard(house.staff)).toEqual([])
  const [waiting] = await ordersOf()
  expect(waiting).toMatchObject({ status: 'awaiting_payment', paymentMethod: 'konbini' })
  expect(waiting?.konbini?.stores.map(({ store }) => store)).toContain('lawson')

  await house.stripe.settleKonbini(session)
  await house.settle()
  expect(await told(session)).toEqual(['awaiting_payment', 'paid'])
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(await ordersOf()).toMatchObject([{ status: 'paid' }])
})

test('a konbini deadline that passes, four days after the order, is still told to the buyer', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  house.forward({ hours: 96 })
  await house.stripe.lapseKonbini(session)
  await house.settle()
  expect(await told(session)).toEqual(['awaiting_payment', 'failed'])
  expect(house.heard(house.hanako.userId)[1]).toContain('お支払いが完了しなかった')
  expect(chatText()).toContain('コンビニでのお支払いを確認できなかった')
  expect(house.heard(house.staff)).toEqual([])
  expect(await ordersOf()).toMatchObject([{ status: 'failed', paymentMethod: 'konbini' }])
})

test('money that comes after all, once the deadline had passed, is thanked for', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  await ringAgain(session, 'checkout.session.async_payment_failed')
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ status: 'failed' }])
  await house.stripe.settleKonbini(session)
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ status: 'paid' }])
  expect(await told(session)).toEqual(['awaiting_payment', 'failed', 'paid'])
})

test('a payment page that was left and timed out is kept as expired, and nobody is told', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.expire(session)
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ id: session, status: 'expired' }])
  expect(house.line.book()).toEqual([])
})

test('an order that costs nothing after a discount counts as paid', async () => {
  const link = house.stripe.addLink({ ...TEA, discount: { name: '開店記念', amount: 3960 } })
  const session = await house.order(house.hanako, link.id)
  await house.stripe.payByCard(session)
  await house.settle()
  expect(house.stripe.session(session).payment_status).toBe('no_payment_required')
  expect(await ordersOf()).toMatchObject([{ status: 'paid', amount: 0, discount: 3960 }])
  expect(await told(session)).toEqual(['paid'])
  expect(house.heard(house.staff)).toHaveLength(1)
})

test('money that is given back in two parts is told twice, each time with its own amount', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  await house.stripe.refund(session, 960)
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ status: 'partially_refunded', refunded: 960 }])
  await house.stripe.refund(session)
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ status: 'refunded', refunded: 3960 }])
  expect(await told(session)).toEqual(['paid', 'refunded', 'refunded'])
  const [, part, rest] = house.heard(house.hanako.userId)
  expect(part).toContain('960')
  expect(rest).toContain('3,000')
})

test('a refund that Noren hears of before the purchase ends right, and the thanks come first', async () => {
  const session = await house.order(house.hanako, tea)
  house.stripe.hold()
  await house.stripe.payByCard(session)
  await house.stripe.refund(session)
  await house.stripe.release((events) => events.toReversed())
  await house.settleFor(10)
  expect(await ordersOf()).toMatchObject([{ status: 'refunded' }])
  expect(await told(session)).toEqual(['paid', 'refunded'])
})

test('a disputed payment shows as disputed, and the buyer is not written to about it', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  await house.stripe.dispute(session)
  await house.settle()
  expect(await ordersOf()).toMatchObject([{ status: 'disputed' }])
  expect(await told(session)).toEqual(['paid'])
})

test('an old answer of Stripe that comes late never takes back that an order is paid', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  const address = `${house.config.stripe.apiBase}v1/checkout/sessions/${session}`
  const query = '?expand[]=line_items&expand[]=payment_intent.latest_charge.refunds'
  const authorization = `Bearer ${house.stripe.secretKey}`
  const old = await (await fetch(address + query, { headers: { authorization } })).json()
  expect(old).toMatchObject({ payment_status: 'unpaid' })

  const stale = { on: /GET \/v1\/checkout\/sessions\/cs_/, times: 1, status: 200, body: old }
  house.stripe.addFault({ ...stale, delayMs: 400 })
  await ringAgain(session)
  const slow = house.settle()
  await house.stripe.settleKonbini(session)
  await Promise.all([slow, house.settle()])
  expect(await storedOrder(session)).toMatchObject({ status: 'paid' })

  house.stripe.addFault(stale)
  await ringAgain(session)
  await house.settle()
  expect(await storedOrder(session)).toMatchObject({ status: 'paid' })
  expect(await told(session)).toEqual(['awaiting_payment', 'paid'])
})

test('a Stripe that still calls a finished payment page open is asked again', async () => {
  const session = await house.order(house.hanako, tea)
  const old = { ...house.stripe.session(session), payment_intent: null }
  await house.stripe.payByCard(session)
  const lagging = { on: /GET \/v1\/checkout\/sessions\/cs_/, times: 1, status: 200, body: old }
  house.stripe.addFault({ ...lagging, body: { ...old, status: 'open', payment_status: 'unpaid' } })
  await house.settle()
  expect(house.line.book()).toEqual([])
  await house.settleFor(2)
  expect(await storedOrder(session)).toMatchObject({ status: 'paid' })
  expect(await told(session)).toEqual(['paid'])
})

test('twenty letters at once about one order are settled in one go, with few questions', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  await house.stripe.refund(session, 100)
  const before = house.stripe.requests.length
  await Promise.all(Array.from({ length: 20 }, () => ringAgain(session)))
  house.stripe.latencyMs = 50
  await house.settle()
  expect(house.stripe.requests.length - before).toBeLessThan(60)
  expect(await house.store.openJobs()).toBe(0)
  expect(await storedOrder(session)).toMatchObject({ status: 'partially_refunded' })
})

test.each([25, 100])('all %i lines of a long order are kept and shown', async (lines) => {
  const items = Array.from({ length: lines }, (_, at) => ({
    name: `京の和菓子 第${at + 1}番`,
    amount: 100 + at,
  }))
  const link = house.stripe.addLink({ items })
  const session = await house.order(house.hanako, link.id)
  await house.stripe.payByCard(session)
  await house.settle()
  const [order] = await ordersOf()
  expect(order?.itemCount).toBe(lines)
  expect(order?.items.map(({ name }) => name)).toEqual(items.map(({ name }) => name))
  expect(order?.items.reduce((sum, { amount }) => sum + amount, 0)).toBe(order?.amount)
  expect(chatText()).toContain('京の和菓子 第20番')
  expect(chatText()).not.toContain('京の和菓子 第21番')
  expect(chatText()).toContain(`ほか ${lines - 20} 点`)
})

test.each([
  ['twd', 35_000, '350'],
  ['kwd', 1_500, '1.500'],
  ['isk', 50_000, '500'],
  ['usd', 1_999, '19.99'],
  ['jpy', 1_999, '1,999'],
])(
  'an order in %s keeps its amount and says it as people there write it',
  async (currency, amount, written) => {
    const link = house.stripe.addLink({ items: [{ name: 'Tea', amount }], currency })
    const session = await house.order(house.hanako, link.id)
    await house.stripe.payByCard(session)
    await house.settle()
    expect(await ordersOf()).toMatchObject([{ currency, amount, status: 'paid' }])
    for (const to of [house.hanako.userId, house.staff])
      expect(house.heard(to)[0]).toMatch(
        new RegExp(`(?<![\\d,.])${written.replace('.', '\\.')}(?![\\d]|[,.]\\d)`),
      )
  },
)

test('discount, shipping and tax stand in the order as Stripe charged them', async () => {
  const link = house.stripe.addLink({
    ...TEA,
    shipping: { name: '全国一律', amount: 600 },
    discount: { name: '春', amount: 460 },
    taxPercent: 8,
  })
  const session = await house.order(house.hanako, link.id)
  await house.stripe.payByCard(session)
  await house.settle()
  const { amount_total: amount } = house.stripe.session(session)
  const [order] = await ordersOf()
  expect(order).toMatchObject({ amount, subtotal: 3960, discount: 460, shipping: 600, tax: 280 })
})

test('a part of an order that Stripe cannot find for a moment delays the order and does not lose it', async () => {
  const items = Array.from({ length: 12 }, (_, at) => ({ name: `茶葉 ${at}`, amount: 100 }))
  const link = house.stripe.addLink({ items }).id
  const error = { type: 'invalid_request_error', message: 'No such thing.' }
  house.stripe.addFault({
    on: /sessions\/\w+\/line_items$/,
    times: 1,
    status: 404,
    body: { error },
  })
  const session = await house.order(house.hanako, link)
  await house.stripe.payByCard(session)
  await house.settleFor(60)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

/** Stripe told of it a moment ago, and it cannot be read everywhere yet. */
function cannotFind(on: RegExp): void {
  const error = { type: 'invalid_request_error', code: 'resource_missing', message: 'No such.' }
  house.stripe.addFault({ on, times: 3, status: 404, body: { error } })
}

test('a payment page that Stripe told of and cannot find for a moment is asked for again', async () => {
  const session = await house.order(house.hanako, tea)
  cannotFind(/GET \/v1\/checkout\/sessions\/cs_/)
  await house.stripe.payByCard(session)
  await house.settleFor(60)
  expect(await told(session)).toEqual(['paid'])
  cannotFind(/GET \/v1\/checkout\/sessions\/cs_/)
  await house.stripe.refund(session, 500)
  await house.settleFor(60)
  expect(await told(session)).toEqual(['paid', 'refunded'])
})

test('Stripe being away for a while delays an order and loses nothing', async () => {
  const session = await house.order(house.hanako, tea)
  house.stripe.addFault({ on: /GET \/v1\/checkout\/sessions/, times: 4, status: 503 })
  await house.stripe.payByCard(session)
  await house.settle()
  expect(house.line.book()).toEqual([])
  await house.settleFor(60)
  expect(await ordersOf()).toMatchObject([{ status: 'paid' }])
  expect(await told(session)).toEqual(['paid'])
})

test('newer orders stand above older ones, and an order has an address of its own', async () => {
  const first = await house.order(house.hanako, tea)
  await house.stripe.payByCard(first)
  house.forward({ seconds: 60 })
  const second = await house.order(house.hanako, tea)
  await house.stripe.payByCard(second)
  await house.settle()
  expect((await ordersOf()).map(({ id }) => id)).toEqual([second, first])
  const cookie = await house.logIn(house.hanako)
  const one = await house.api(cookie, 'GET', `/api/orders/${first}`)
  expect(one).toMatchObject({ status: 200, body: { order: { id: first, status: 'paid' } } })
})

test('in whatever order and how often Stripe’s letters come, an order ends the same', async () => {
  const plan = fc.record({
    konbini: fc.boolean(),
    refunds: fc.integer({ min: 0, max: 2 }),
    order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    again: fc.array(fc.nat(), { maxLength: 6 }),
    /** After how many of the letters Noren's worker gets to run */
    pauses: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
  })
  const cookie = await house.logIn(house.hanako)
  const open = async () => {
    const answer = await house.api(cookie, 'POST', '/api/checkout', { offer: tea })
    return house.stripe.visit(String(answer.body['url']))
  }
  await fc.assert(
    fc.asyncProperty(plan, async ({ konbini, refunds, order, again, pauses }) => {
      const session = await open()
      house.stripe.hold()
      if (konbini) {
        await house.stripe.payByKonbini(session)
        await house.stripe.settleKonbini(session)
      } else await house.stripe.payByCard(session)
      for (let at = 0; at < refunds; at++)
        await house.stripe.refund(session, at === 1 ? undefined : 960)
      let letters: string[] = []
      await house.stripe.release((events) => {
        letters = events.map(({ id }) => id)
        return []
      })
      const shuffled = letters
        .map((id, at) => ({ id, key: order[at % order.length] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ id }) => id)
      const twice = again.map((at) => letters[at % letters.length] ?? '')
      for (const [at, id] of [...shuffled, ...twice].entries()) {
        await house.stripe.resend(id)
        if (pauses.includes(at)) await house.settle()
      }
      await house.settleFor(30)
      const ends = ['paid', 'partially_refunded', 'refunded']
      expect(await storedOrder(session)).toMatchObject({ status: ends[refunds] })
      expect(await told(session)).toEqual(['paid', ...Array(refunds).fill('refunded')])
    }),
    { numRuns: usualEngine() === 'sqlite' ? 25 : 8 },
  )
})

test('two part refunds that are found out together are told as a part and the rest', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  house.stripe.hold()
  await house.stripe.refund(session, 1000)
  house.forward({ seconds: 5 })
  await house.stripe.refund(session)
  await house.stripe.release()
  await house.settleFor(5)

  const [, ...refunds] = house.heard(house.hanako.userId)
  expect(refunds).toHaveLength(2)
  const words = refunds.toSorted()
  const told = ja.refunded
  const number = (await ordersOf())[0]?.number ?? ''
  const shop = 'のれん茶房'
  expect(words).toEqual(
    [told.altPart(shop, '¥1,000', number), told.altWhole(shop, '¥2,960', number)].toSorted(),
  )
})
