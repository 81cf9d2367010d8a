import { sql } from 'kysely'
import Stripe from 'stripe'
import { request } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, TEA } from './support/house.ts'

const OLD_SECRET = 'whsec_the_one_before_the_rotation'
const OURS = 'plink_ours'

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

/** Replaces the house for tests that need another environment. */
async function moveTo(env: Record<string, string>): Promise<void> {
  await house.close()
  house = await openHouse({ env })
}

type Letter = { secret?: string; ageSeconds?: number; signature?: string; type?: string }

/** Posts these bytes as Stripe would, correctly signed unless told otherwise. */
async function post(body: string, letter: Letter = {}): Promise<number> {
  const answer = await knock(body, letter)
  await answer.body.dump()
  return answer.statusCode
}

function knock(body: string, letter: Letter = {}) {
  const signature =
    letter.signature ??
    Stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: letter.secret ?? house.stripe.webhookSecret,
      timestamp: Math.floor(Date.now() / 1000) - (letter.ageSeconds ?? 0),
    })
  return request(`${house.url}/webhooks/stripe`, {
    method: 'POST',
    body,
    headers: {
      'content-type': letter.type ?? 'application/json; charset=utf-8',
      ...(signature ? { 'stripe-signature': signature } : {}),
    },
  })
}

/** A snapshot event as Stripe writes it; nothing is known of the session it names. */
function letterOf(over: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    livemode: false,
    data: { object: { id: 'cs_test_unknown', object: 'checkout.session' } },
    ...over,
  })
}

function storedEvents() {
  return house.store.db.selectFrom('events').selectAll().execute()
}

function storedOrders() {
  return house.store.db.selectFrom('orders').selectAll().execute()
}

async function buyTea(): Promise<string> {
  const tea = house.stripe.addLink(TEA).id
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  return session
}

const completed = () =>
  house.stripe.events().find((event) => event.type === 'checkout.session.completed')?.id ?? ''

test('a letter without a signature is refused and nothing of it is kept', async () => {
  expect(await post(letterOf(), { signature: '' })).toBe(400)
  expect(await storedEvents()).toEqual([])
})

test.each([
  ['signed with a secret that is not ours', { secret: 'whsec_of_somebody_else' }],
  ['signed ten minutes ago', { ageSeconds: 600 }],
  ['whose signature is no signature', { signature: 't=now,v1=zzzz' }],
  ['whose signature has another scheme only', { signature: 't=1,v0=00' }],
])('a letter %s is refused and nothing of it is kept', async (_, letter) => {
  expect(await post(letterOf(), letter)).toBe(400)
  expect(await storedEvents()).toEqual([])
})

test('a letter that was cut off on its way is refused, although the whole one was signed', async () => {
  const payload = letterOf()
  const signature = Stripe.webhooks.generateTestHeaderString({
    payload,
    secret: house.stripe.webhookSecret,
  })
  expect(await post(payload.slice(0, -20), { signature })).toBe(400)
  expect(await post(payload, { signature })).toBe(200)
  expect(await storedEvents()).toHaveLength(1)
})

test.each([
  ['no JSON', 'Dear shop, somebody paid.'],
  ['empty', ''],
  ['a number', '42'],
  ['a list', '[]'],
  ['null', 'null'],
  ['an event without an id', letterOf({ id: undefined })],
  ['an event whose id is no text', letterOf({ id: { $ne: null } })],
  ['an event without a type', letterOf({ type: 7 })],
  ['an event without data', letterOf({ data: null })],
  ['something else than an event', letterOf({ object: 'charge' })],
  ['an event whose id no database can keep', letterOf({ id: 'evt_\u0000' })],
  ['an event whose type is half a character', letterOf({ type: 'charge.\ud800' })],
])('a signed letter that holds %s is refused and not kept', async (_, body) => {
  expect(await post(body)).toBe(400)
  expect(await storedEvents()).toEqual([])
})

test('a letter of two megabytes is too large, however well it is signed', async () => {
  expect(await post(letterOf({ padding: 'x'.repeat(2_097_152) }))).toBe(413)
  expect(await storedEvents()).toEqual([])
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json'])(
  'a letter that says it is %s is not opened',
  async (type) => {
    expect(await post(letterOf(), { type })).toBe(415)
    expect(await storedEvents()).toEqual([])
  },
)

test('an event that nobody reacts to is kept as ignored, and costs no job', async () => {
  expect(await post(letterOf({ type: 'treasury.credit_reversal.created' }))).toBe(200)
  expect(await storedEvents()).toMatchObject([{ id: 'evt_1', outcome: 'ignored' }])
  expect(await house.store.nextDue()).toBeNull()
})

// A second message would wait behind the first, so each of these looks for some seconds.
test('the same event a hundred times at once is one order and one message', async () => {
  house.stripe.hold()
  const session = await buyTea()
  const answers = await house.stripe.resend(completed(), 100)
  await house.settleFor(10)
  expect(new Set(answers)).toEqual(new Set([200]))
  expect(await storedOrders()).toMatchObject([{ id: session, status: 'paid' }])
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toHaveLength(1)
})

test('several different events about one payment are one summary', async () => {
  const session = await buyTea()
  const twin = (id: string, type: string) =>
    post(letterOf({ id, type, data: { object: { id: session } } }))
  await twin('evt_again', 'checkout.session.completed')
  await twin('evt_succeeded', 'checkout.session.async_payment_succeeded')
  await house.settleFor(10)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toHaveLength(1)
})

test('"the money is here" that overtakes "the buyer ordered" ends as a paid order', async () => {
  const tea = house.stripe.addLink(TEA).id
  const session = await house.order(house.hanako, tea)
  house.stripe.hold()
  await house.stripe.payByKonbini(session)
  await house.stripe.settleKonbini(session)
  await house.stripe.release((events) => events.toReversed())
  await house.settleFor(10)
  expect(await storedOrders()).toMatchObject([{ id: session, status: 'paid' }])
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('thin notifications alone are enough for an order and its message', async () => {
  await moveTo({ STRIPE_WEBHOOK_SECRET: 'whsec_thin_only_0001' })
  house.stripe.sendWebhooksTo(`${house.url}/webhooks/stripe`, {
    secret: 'whsec_thin_only_0001',
    thin: true,
  })
  const session = await buyTea()
  await house.stripe.refund(session, 1000)
  await house.settleFor(5)
  expect(await storedOrders()).toMatchObject([{ id: session, status: 'partially_refunded' }])
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('while a shop changes over, a thin notification and its snapshot twin are one event', async () => {
  house.stripe.sendWebhooksTo(`${house.url}/webhooks/stripe`, { thin: true })
  await buyTea()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  const events = await storedEvents()
  expect(events.filter(({ type }) => type === 'checkout.session.completed')).toHaveLength(1)
})

test('a thin notification that names no object does not swallow its snapshot twin', async () => {
  house.stripe.hold()
  const session = await buyTea()
  const thin = { object: 'v2.core.event', type: 'v1.checkout.session.completed', data: undefined }
  expect(await post(letterOf({ ...thin, id: 'evt_thin', snapshot_event: 'evt_twin' }))).toBe(200)
  expect(await post(letterOf({ id: 'evt_twin', data: { object: { id: session } } }))).toBe(200)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('during a rotation both signing secrets open letters, and a third does not', async () => {
  const env = { STRIPE_WEBHOOK_SECRET: `whsec_the_new_one_0001, ${OLD_SECRET}` }
  await moveTo(env)
  expect(await post(letterOf({ id: 'evt_new' }), { secret: 'whsec_the_new_one_0001' })).toBe(200)
  expect(await post(letterOf({ id: 'evt_old' }), { secret: OLD_SECRET })).toBe(200)
  expect(await post(letterOf({ id: 'evt_not' }), { secret: house.stripe.webhookSecret })).toBe(400)
  expect((await storedEvents()).map(({ id }) => id)).toEqual(['evt_new', 'evt_old'])
})

test('events of the live mode are none of a test shop’s business', async () => {
  const session = house.stripe.openSession({ items: TEA.items, livemode: true })
  await house.stripe.payByCard(session)
  await house.settle()
  const kept = await storedEvents()
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.every(({ outcome }) => outcome === 'ignored')).toBe(true)
  expect(house.stripe.requests.filter((line) => line.includes(session))).toEqual([])
  expect(await storedOrders()).toEqual([])
})

test('a sale of another product on the same Stripe account says nothing to anybody', async () => {
  const session = house.stripe.openSession({ items: [{ name: '書籍', amount: 1500 }] })
  const bare = house.stripe.openSession({
    items: [{ name: '書籍', amount: 1500 }],
    reference: house.hanako.userId,
  })
  await house.stripe.payByCard(session)
  await house.stripe.payByCard(bare)
  await house.stripe.refund(session)
  await house.settle()
  expect(await storedOrders()).toEqual([])
  expect(house.line.book()).toEqual([])
  expect((await storedEvents()).every(({ handled_at }) => handled_at !== null)).toBe(true)
})

test('a Payment Link that is not in PAYMENT_LINKS is not ours, whatever its reference says', async () => {
  await moveTo({ PAYMENT_LINKS: OURS })
  house.stripe.addLink({ ...TEA, id: OURS })
  const sealed = house.stripe.session(await house.order(house.hanako, OURS)).client_reference_id
  const theirs = house.stripe.addLink({ ...TEA, id: 'plink_theirs' })
  const session = house.stripe.visit(`${theirs.url}?client_reference_id=${sealed}`)
  await house.stripe.payByCard(session)
  await house.settle()
  expect(await storedOrders()).toEqual([])
  expect(house.line.book()).toEqual([])
})

test('a payment without a reference is an order of nobody, of which only the shop hears', async () => {
  const link = house.stripe.addLink(TEA)
  const session = house.stripe.visit(link.url)
  expect(house.stripe.session(session).client_reference_id).toBeNull()
  await house.stripe.payByCard(session)
  await house.settle()
  expect(await storedOrders()).toMatchObject([{ id: session, account_id: null, person_id: null }])
  expect(house.line.book().map(({ to }) => to)).toEqual([house.staff])
})

test.each([
  ['a snapshot', letterOf({ account: 'acct_of_a_seller' })],
  [
    'a thin notification',
    JSON.stringify({
      id: 'evt_thin',
      object: 'v2.core.event',
      type: 'v1.checkout.session.completed',
      livemode: false,
      context: 'acct_of_a_seller',
      related_object: { id: 'cs_test_unknown', type: 'checkout.session', url: '/v1/…' },
    }),
  ],
])('%s of a connected account is kept as ignored', async (_, body) => {
  expect(await post(body)).toBe(200)
  expect(await storedEvents()).toMatchObject([{ outcome: 'ignored' }])
})

test('objects that are missing or strange are no crash', async () => {
  const strange = [
    { id: 'evt_a', data: { object: null } },
    { id: 'evt_b', data: { object: { id: 12 } } },
    { id: 'evt_e', type: 'charge.dispute.created', data: { object: { payment_intent: 'pi_no' } } },
    { id: 'evt_h', data: { object: { id: 'cs_\u0000', payment_intent: '\udfff' } } },
    { id: 'evt_g', type: '__proto__', data: { object: { id: 'x' } } },
  ]
  for (const event of strange) expect(await post(letterOf(event))).toBe(200)
  await house.settle()
  expect((await storedEvents()).map(({ id, handled_at }) => [id, handled_at !== null])).toEqual(
    strange.map(({ id }) => [id, true]),
  )
  expect(house.line.book()).toEqual([])
})

test('what Stripe tells of and never knows is asked for for three days, and then stands on the list', async () => {
  const unknown = [
    { id: 'evt_c', data: { object: { id: '../../v1/customers' } } },
    { id: 'evt_d', type: 'charge.refunded', data: { object: { id: 'ch_unknown' } } },
    { id: 'evt_f', type: 'refund.updated', data: { object: { id: 're_unknown' } } },
  ]
  for (const event of unknown) expect(await post(letterOf(event))).toBe(200)
  await house.settleFor(2 * 86_400)
  expect(await storedEvents()).toMatchObject(unknown.map(({ id }) => ({ id, handled_at: null })))
  await house.settleFor(2 * 86_400)
  expect(await storedEvents()).toMatchObject(unknown.map(({ id }) => ({ id, outcome: 'dead' })))
})

test('when the database cannot write, Stripe hears 500 and its retry brings the order', async () => {
  const { db } = house.store
  await sql`create trigger full_disk before insert on events
    begin select raise(abort, 'database or disk is full'); end`.execute(db)
  const tea = house.stripe.addLink(TEA).id
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  expect(await post(letterOf())).toBe(500)
  expect(await storedEvents()).toEqual([])

  await sql`drop trigger full_disk`.execute(db)
  await house.settle()
  expect(await storedOrders()).toMatchObject([{ id: session, status: 'paid' }])
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('with the database gone, no letter is ever answered 200', async () => {
  house.pen.close()
  expect(await post(letterOf())).toBe(500)
})

test('while the database hangs, Stripe hears at once that it should come back; what waited is kept', async () => {
  const write = house.pen.write
  const disk = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  house.pen.write = (async (events: Parameters<typeof write>[0]) => {
    begun.resolve()
    await disk.promise
    return write(events)
  }) as never
  const crowd = Array.from({ length: 5_000 }, (_, at) => ({
    webhookEventId: `line_${at}`,
    type: 'message',
  }))
  const waited = house.line.sendWebhook({ destination: 'U', events: crowd })
  await begun.promise
  const busy = await knock(letterOf())
  expect(busy.statusCode).toBe(503)
  expect(busy.headers['retry-after']).toBe('5')
  expect(await busy.body.json()).toMatchObject({ error: { code: 'busy' } })
  disk.resolve()
  expect(await waited).toBe(200)
  expect(await post(letterOf({ id: 'evt_later' }))).toBe(200)
  const kept = (await storedEvents()).map(({ id }) => id)
  expect(kept).toHaveLength(5_001)
  expect(kept).not.toContain('evt_1')
})

test('a flood of many kinds at once is all kept, each once', async () => {
  const letters = Array.from({ length: 300 }, (_, at) => letterOf({ id: `evt_${at % 150}` }))
  const answers = await Promise.all(letters.map((body) => post(body)))
  expect(new Set(answers)).toEqual(new Set([200]))
  expect(await storedEvents()).toHaveLength(150)
})
