import { afterEach, beforeEach, expect, test } from 'vitest'
import { dutiesOf } from '../server/duties.ts'
import { furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { type Became, doDuty } from '../server/operations/do-duties.ts'
import { takeTurn, writeTurn } from '../server/operations/duties.store.ts'
import { reconcileOrder } from '../server/orders/reconcile-order.ts'
import { sealReference } from '../shared/reference.ts'
import { type House, openHouse, TEA } from './support/house.ts'

let house: House
let tea: string
let troubles: unknown[]

beforeEach(async () => {
  await open()
})
afterEach(() => house.close())

async function open(env: Record<string, string> = {}): Promise<void> {
  house = await openHouse({ env })
  tea = house.stripe.addLink(TEA).id
  troubles = []
}

/** The hourly look, as a worker does it; `atStart` as one that has just started. */
async function lookAfter(atStart = false, stop = new AbortController().signal): Promise<Became> {
  const [backfill] = dutiesOf(house)
  const { clock } = house.desk.post
  const report = (error: unknown) => void troubles.push(error)
  if (!backfill) throw new Error('there is no backfill')
  return doDuty({ store: house.store, clock, report }, backfill, { atStart, stop })
}

async function catchUp(atStart = false): Promise<void> {
  expect(await lookAfter(atStart)).toBe('done')
  await house.settle()
}

/** The buyer goes to the till with the shop's own reference; nothing is paid yet. */
function visit(link = tea): string {
  const issuedAt = Math.floor(house.desk.post.clock.now().getTime() / 1_000)
  const secret = house.config.referenceSecrets[0] ?? ''
  const reference = sealReference({ userId: house.hanako.userId, source: 'shop', issuedAt }, secret)
  return house.stripe.visit(`${house.stripe.link(link)?.url}?client_reference_id=${reference}`)
}

async function buy(link = tea): Promise<string> {
  const session = visit(link)
  await house.stripe.payByCard(session)
  return session
}

async function buyMany(count: number): Promise<string[]> {
  const sessions: string[] = []
  for (let at = 0; at < count; at++) sessions.push(await buy())
  return sessions
}

const NO_EVENTS = { object: 'list', data: [], has_more: false, url: '/v1/events' }

const heard = () => house.heard(house.hanako.userId)
const lists = () => house.stripe.requests.filter((line) => /sessions$|events$/.test(line))
const sessionReads = () => house.stripe.requests.filter((line) => /sessions\/cs_\w+$/.test(line))

async function statusOf(session: string): Promise<string | undefined> {
  const { db } = house.store
  const row = await db
    .selectFrom('orders')
    .select('status')
    .where('id', '=', session)
    .executeTakeFirst()
  return row?.status
}

const countOrders = async () =>
  (await house.store.db.selectFrom('orders').select('id').execute()).length

test('one webhook in twenty is never sent, and every buyer still gets one summary', async () => {
  await catchUp(true)
  house.stripe.hold()
  await buyMany(40)
  await house.stripe.release((events) => events.filter((_event, at) => at % 20 !== 7))
  await house.settle()
  expect(heard()).toHaveLength(38)
  house.forward({ hours: 1 })
  await catchUp()
  expect(heard()).toHaveLength(40)
  house.forward({ hours: 1 })
  await catchUp()
  expect(heard()).toHaveLength(40)
})

test('after three weeks away every order is in the books; old ones are told to the staff, none twice', async () => {
  await catchUp(true)
  house.stripe.hold()
  const old: string[] = []
  for (let day = 0; day < 18; day++) {
    old.push(await buy())
    house.forward({ hours: 24 })
  }
  house.forward({ hours: 60 })
  const fresh = [await buy(), await buy()]
  house.forward({ hours: 2 })
  await catchUp(true)
  for (const session of [...old, ...fresh]) expect(await statusOf(session)).toBe('paid')
  expect(heard()).toHaveLength(2)
  expect(await countOrders()).toBe(20)
  // Stripe's own retries come in after all.
  await house.stripe.release()
  await house.settle()
  house.forward({ hours: 1 })
  await catchUp()
  expect(heard()).toHaveLength(2)
  const told = house.heard(house.staff)
  expect(new Set(told).size).toBe(told.length)
  expect(await countOrders()).toBe(20)
})

test('a destination that was switched off for weeks: orders, refunds and konbini money are found all the same', async () => {
  const refunded = await buy()
  const konbini = visit()
  await house.stripe.payByKonbini(konbini)
  await house.settle()
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  house.forward({ hours: 48 })
  await house.stripe.refund(refunded)
  await house.stripe.settleKonbini(konbini)
  const bought = await buy()
  house.forward({ hours: 24 * 14 })
  await catchUp(true)
  expect(await statusOf(refunded)).toBe('refunded')
  expect(await statusOf(konbini)).toBe('paid')
  expect(await statusOf(bought)).toBe('paid')
})

test('a destination that is switched off while the shop is open: a refund is found within a day', async () => {
  const session = await buy()
  await house.settle()
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  await house.stripe.refund(session)
  for (let hour = 0; hour < 26; hour += 2) {
    house.forward({ hours: 2 })
    await catchUp()
  }
  expect(await statusOf(session)).toBe('refunded')
  expect(heard()).toHaveLength(2)
})

test('a page that was open when we last looked, and paid while we were away, is found', async () => {
  const session = visit()
  house.forward({ hours: 23 })
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  await house.stripe.payByCard(session)
  house.forward({ hours: 24 * 20 })
  await catchUp(true)
  expect(await statusOf(session)).toBe('paid')
})

test('konbini money of which no event ever tells is asked for once the deadline is over, once a day', async () => {
  const paid = visit()
  await house.stripe.payByKonbini(paid)
  const lapsed = visit()
  await house.stripe.payByKonbini(lapsed)
  await house.settle()
  expect(heard()).toHaveLength(2)
  house.stripe.switchOffWebhooks()
  await house.stripe.settleKonbini(paid)
  await house.stripe.lapseKonbini(lapsed)
  const always = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: /v1\/events$/, times: always, body: NO_EVENTS, status: 200 })
  for (let hour = 0; hour < 24 * 5; hour += 8) {
    house.forward({ hours: 8 })
    await catchUp()
  }
  expect(await statusOf(paid)).toBe('paid')
  expect(await statusOf(lapsed)).toBe('failed')
})

test('an order that Stripe itself still waits for is asked for once a day, not each hour', async () => {
  const waiting = visit()
  await house.stripe.payByKonbini(waiting)
  await house.settle()
  await catchUp(true)
  house.forward({ hours: 24 * 6 })
  await catchUp()
  const before = sessionReads().length
  for (let hour = 0; hour < 48; hour += 2) {
    house.forward({ hours: 2 })
    await catchUp()
  }
  const asked = sessionReads().length - before
  expect(asked).toBeGreaterThanOrEqual(2)
  expect(asked).toBeLessThanOrEqual(3)
})

test('an event that was found in Stripe’s list and then arrives by itself changes nothing', async () => {
  await catchUp(true)
  house.stripe.hold()
  await buy()
  house.forward({ hours: 1 })
  await catchUp()
  expect(heard()).toHaveLength(1)
  const reads = sessionReads().length
  await house.stripe.release()
  await house.settle()
  expect(heard()).toHaveLength(1)
  expect(sessionReads().length).toBe(reads)
})

test('a session that we opened ourselves is found; another product’s is not even asked for', async () => {
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  const seal = { userId: house.hanako.userId, source: 'shop', issuedAt: 1 }
  const reference = sealReference(seal, house.config.referenceSecrets[0] ?? '')
  const items = [{ name: '特別注文', amount: 500 }]
  const opened = house.stripe.openSession({ reference, items })
  const other = house.stripe.openSession({ items })
  await house.stripe.payByCard(opened)
  await house.stripe.payByCard(other)
  house.forward({ hours: 1 })
  await catchUp()
  expect(await statusOf(opened)).toBe('paid')
  expect(await statusOf(other)).toBeUndefined()
  expect(sessionReads().some((line) => line.endsWith(other))).toBe(false)
})

test('links that are not ours are left alone, with one list for all links', async () => {
  await house.close()
  await open({ PAYMENT_LINKS: 'plink_ours' })
  const ours = house.stripe.addLink({ ...TEA, id: 'plink_ours' }).id
  await catchUp(true)
  house.stripe.hold()
  const mine = await buy(ours)
  const theirs = await buy(tea)
  house.forward({ hours: 1 })
  const before = lists().length
  await catchUp()
  expect(lists().length - before).toBe(3)
  expect(await statusOf(mine)).toBe('paid')
  expect(await statusOf(theirs)).toBeUndefined()
  expect(sessionReads().some((line) => line.endsWith(theirs))).toBe(false)
})

test('a new house does not report yesterday’s sales, but finds whoever came with its reference', async () => {
  house.stripe.switchOffWebhooks()
  const poster = house.stripe.visit(house.stripe.link(tea)?.url ?? '')
  await house.stripe.payByCard(poster)
  const sealed = await buy()
  house.forward({ hours: 3 })
  await catchUp(true)
  expect(await statusOf(poster)).toBeUndefined()
  expect(await statusOf(sealed)).toBe('paid')
  const later = house.stripe.visit(house.stripe.link(tea)?.url ?? '')
  await house.stripe.payByCard(later)
  house.forward({ hours: 1 })
  await catchUp()
  expect(await statusOf(poster)).toBeUndefined()
  expect(await statusOf(later)).toBe('paid')
})

test('an hour with nothing new costs three questions, however many orders there are', async () => {
  await buyMany(30)
  await house.settle()
  await catchUp(true)
  house.forward({ hours: 1 })
  const before = house.stripe.requests.length
  await catchUp()
  expect(house.stripe.requests.slice(before)).toEqual([
    'GET /v1/events',
    'GET /v1/events',
    'GET /v1/checkout/sessions',
  ])
})

test('an order that stands in both of Stripe’s lists is asked for once', async () => {
  await catchUp(true)
  house.stripe.hold()
  await buy()
  house.forward({ hours: 1 })
  await catchUp()
  expect(heard()).toHaveLength(1)
  expect(sessionReads()).toHaveLength(1)
})

test('an order of which a webhook told after we looked is not asked for a second time', async () => {
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  const session = await buy()
  house.forward({ hours: 1 })
  expect(await lookAfter()).toBe('done')
  await reconcileOrder(house.desk, session)
  await house.settle()
  expect(heard()).toHaveLength(1)
  expect(sessionReads()).toHaveLength(1)
})

test('a walk that breaks off on its second page goes on behind the first', async () => {
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  await buyMany(250)
  house.forward({ hours: 24 * 10 })
  const always = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: /checkout\/sessions$/, times: always, skip: 1, drop: 'before' })
  expect(await lookAfter(true)).toBe('failed')
  expect(troubles).toHaveLength(1)
  house.stripe.clearFaults()
  house.forward({ seconds: 10 })
  const before = lists().length
  await catchUp()
  // 250 sessions are three pages; of these the first is not read again.
  expect(
    lists()
      .slice(before)
      .filter((line) => line.endsWith('sessions')),
  ).toHaveLength(2)
  expect(await countOrders()).toBe(250)
})

test('while Stripe is down the look fails, says so, and comes back sooner than in an hour', async () => {
  await catchUp(true)
  house.stripe.hold()
  await buy()
  house.forward({ hours: 1 })
  house.stripe.addFault({ on: /v1\//, times: Number.POSITIVE_INFINITY, status: 503 })
  expect(await lookAfter()).toBe('failed')
  expect(troubles).toHaveLength(1)
  expect(await lookAfter()).toBe('not due')
  house.forward({ seconds: 10 })
  expect(await lookAfter()).toBe('failed')
  house.stripe.clearFaults()
  house.forward({ seconds: 30 })
  await catchUp()
  expect(heard()).toHaveLength(1)
})

test('a key that may not read events still finds the orders, and a person is told', async () => {
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  const session = await buy()
  house.forward({ hours: 1 })
  const message = 'The provided key does not have the required permissions (rak_event_read).'
  const body = { error: { type: 'invalid_request_error', message } }
  const always = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: /v1\/events$/, times: always, status: 403, body })
  expect(await lookAfter()).toBe('put off')
  expect(String(troubles)).toContain('rak_event_read')
  await house.settle()
  expect(await statusOf(session)).toBe('paid')
})

test('when the month’s reads are nearly used up the hourly look steps back, and a start’s does not', async () => {
  await catchUp(true)
  house.stripe.switchOffWebhooks()
  const session = await buy()
  house.forward({ hours: 1 })
  house.reads.mayReadIdly = async () => false
  const before = house.stripe.requests.length
  expect(await lookAfter()).toBe('put off')
  expect(house.stripe.requests).toHaveLength(before)
  expect(troubles).toEqual([])
  await catchUp(true)
  expect(await statusOf(session)).toBe('paid')
})

test('a start looks at once, unless somebody has looked less than a minute ago', async () => {
  await catchUp(true)
  house.forward({ seconds: 30 })
  expect(await lookAfter(true)).toBe('not due')
  house.forward({ seconds: 31 })
  expect(await lookAfter(false)).toBe('not due')
  expect(await lookAfter(true)).toBe('done')
})

test('of two workers one looks, and the other does not wait for it', async () => {
  const other = furnish(house.config, house.desk.post.clock, openLog('silent'))
  const [backfill] = dutiesOf(other)
  const { clock } = house.desk.post
  const parts = { store: other.store, clock, report: (error: unknown) => void troubles.push(error) }
  const stop = new AbortController().signal
  const became = await Promise.all([
    lookAfter(true),
    backfill && doDuty(parts, backfill, { atStart: true, stop }),
  ])
  await other.close()
  expect(became.toSorted()).toEqual(['done', 'held'])
  expect(troubles).toEqual([])
})

test('whoever dies with the turn in hand loses it after 20 seconds, and can write nothing after that', async () => {
  const { store } = house
  const now = () => house.desk.post.clock.now()
  const dead = await takeTurn(store, 'backfill', now())
  if (!dead) throw new Error('nobody had it')
  expect(await lookAfter(true)).toBe('held')
  house.forward({ seconds: 19 })
  expect(await writeTurn(store, 'backfill', dead.by, now(), { is: 'running' })).toBe(true)
  house.forward({ seconds: 19 })
  expect(await lookAfter(true)).toBe('held')
  house.forward({ seconds: 2 })
  expect(await lookAfter(true)).toBe('done')
  const late = { is: 'running', bookmark: 'an old one' } as const
  expect(await writeTurn(store, 'backfill', dead.by, now(), late)).toBe(false)
})

test('a stop does not wait for a silent Stripe, and leaves the turn to the next process', async () => {
  house.stripe.addFault({ on: /v1\//, times: Number.POSITIVE_INFINITY, hang: true })
  const stopping = new AbortController()
  const became = lookAfter(true, stopping.signal)
  const asked = () => house.stripe.requests.length > 0
  while (!asked()) await new Promise((resolve) => setImmediate(resolve))
  stopping.abort()
  expect(await became).toBe('left')
  expect(troubles).toEqual([])
  house.stripe.clearFaults()
  expect(await lookAfter()).toBe('done')
})
