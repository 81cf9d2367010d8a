import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bookmark } from '../server/orders/bookmark.ts'
import { reconcileOrder } from '../server/orders/reconcile-order.ts'
import { startNoren } from '../server/start.ts'
import { sealReference } from '../shared/reference.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { ENGINES, type Engine } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { lookForLost } from './support/look-for-lost.ts'

let house: House
let lost: ReturnType<typeof lookForLost>
let tea: string

async function open(engine: Engine, env: Record<string, string> = {}): Promise<void> {
  house = await openHouse({ engine, env })
  lost = lookForLost(house)
  tea = house.stripe.addLink(TEA).id
}
afterEach(() => house.close())

const always = Number.POSITIVE_INFINITY
async function buyTea(times: number): Promise<void> {
  for (let bought = 0; bought < times; bought++) await lost.buy(tea)
}

const NO_EVENTS = { object: 'list', data: [], has_more: false, url: '/v1/events' }

describe.each(ENGINES)('with the books in %s', (engine) => {
  beforeEach(() => open(engine))

  test('one webhook in twenty is never sent, and every buyer still gets one summary', async () => {
    await lost.catchUp(true)
    house.stripe.hold()
    await buyTea(19)
    const unheard = await lost.buy(tea)
    await house.stripe.release((events) =>
      events.filter(({ data }) => (data.object as { id?: string }).id !== unheard),
    )
    await house.settle()
    expect(lost.heard()).toHaveLength(19)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(20)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(20)
  })

  test('after three weeks away every order is in the books; old ones are told to the staff, none twice', async () => {
    await lost.catchUp(true)
    house.stripe.hold()
    const old: string[] = []
    for (let day = 0; day < 18; day++) {
      old.push(await lost.buy(tea))
      house.forward({ hours: 24 })
    }
    house.forward({ hours: 60 })
    const fresh = [await lost.buy(tea), await lost.buy(tea)]
    house.forward({ hours: 2 })
    await lost.catchUp(true)
    for (const session of [...old, ...fresh]) expect(await lost.statusOf(session)).toBe('paid')
    expect(lost.heard()).toHaveLength(2)
    expect(await lost.countOrders()).toBe(20)
    // Stripe's own retries come in after all.
    await house.stripe.release()
    await house.settle()
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(2)
    const told = house.heard(house.staff)
    expect(new Set(told).size).toBe(told.length)
    expect(await lost.countOrders()).toBe(20)
  })
})

describe('with the books in a file', () => {
  beforeEach(() => open('sqlite'))

  test('an order that Stripe itself still waits for is asked for once a day, not each hour', async () => {
    const waiting = lost.visit(tea)
    await house.stripe.payByKonbini(waiting)
    await house.settle()
    await lost.catchUp(true)
    house.forward({ hours: 24 * 6 })
    await lost.catchUp()
    const before = lost.sessionReads().length
    for (let hour = 0; hour < 48; hour += 4) {
      house.forward({ hours: 4 })
      await lost.catchUp()
    }
    const asked = lost.sessionReads().length - before
    expect(asked).toBeGreaterThanOrEqual(2)
    expect(asked).toBeLessThanOrEqual(3)
  })

  test('a walk that breaks off on its second page goes on behind the first', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    await buyTea(101)
    house.forward({ hours: 24 * 10 })
    house.stripe.addFault({ on: /checkout\/sessions$/, times: always, skip: 1, drop: 'before' })
    expect(await lost.look(true)).toBe('failed')
    expect(lost.troubles).toHaveLength(1)
    house.stripe.clearFaults()
    house.forward({ seconds: 10 })
    const before = lost.lists().length
    await lost.catchUp()
    // 101 sessions are two pages, and the first is not read again.
    const pages = lost.lists().slice(before)
    expect(pages.filter((line) => line.endsWith('sessions'))).toHaveLength(1)
    expect(await lost.countOrders()).toBe(101)
  })

  test('a destination that was switched off for weeks: orders, refunds and konbini money are found all the same', async () => {
    const refunded = await lost.buy(tea)
    const konbini = lost.visit(tea)
    await house.stripe.payByKonbini(konbini)
    await house.settle()
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    house.forward({ hours: 48 })
    await house.stripe.refund(refunded)
    await house.stripe.settleKonbini(konbini)
    const bought = await lost.buy(tea)
    house.forward({ hours: 24 * 14 })
    await lost.catchUp(true)
    expect(await lost.statusOf(refunded)).toBe('refunded')
    expect(await lost.statusOf(konbini)).toBe('paid')
    expect(await lost.statusOf(bought)).toBe('paid')
  })

  test('a destination that is switched off while the shop is open: a refund is found within a day', async () => {
    const session = await lost.buy(tea)
    await house.settle()
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    await house.stripe.refund(session)
    for (let hour = 0; hour < 26; hour += 2) {
      house.forward({ hours: 2 })
      await lost.catchUp()
    }
    expect(await lost.statusOf(session)).toBe('refunded')
    expect(lost.heard()).toHaveLength(2)
  })

  test('a house of an earlier version, away for weeks, begins where it last heard of Stripe', async () => {
    const session = await lost.buy(tea)
    await house.settle()
    house.stripe.switchOffWebhooks()
    house.forward({ hours: 24 })
    await house.stripe.refund(session)
    house.forward({ hours: 24 * 20 })
    await lost.catchUp(true)
    expect(await lost.statusOf(session)).toBe('refunded')
  })

  test('a page that was open when we last looked, and paid while we were away, is found', async () => {
    const session = lost.visit(tea)
    house.forward({ hours: 23 })
    await lost.catchUp(true)
    house.stripe.addFault({ on: /v1\/events$/, times: always, body: NO_EVENTS, status: 200 })
    house.stripe.switchOffWebhooks()
    await house.stripe.payByCard(session)
    house.forward({ hours: 24 * 20 })
    await lost.catchUp(true)
    expect(await lost.statusOf(session)).toBe('paid')
  })

  test('konbini money of which no event ever tells is asked for once the deadline is over, once a day', async () => {
    const paid = lost.visit(tea)
    await house.stripe.payByKonbini(paid)
    const lapsed = lost.visit(tea)
    await house.stripe.payByKonbini(lapsed)
    await house.settle()
    expect(lost.heard()).toHaveLength(2)
    house.stripe.switchOffWebhooks()
    await house.stripe.settleKonbini(paid)
    await house.stripe.lapseKonbini(lapsed)
    house.stripe.addFault({ on: /v1\/events$/, times: always, body: NO_EVENTS, status: 200 })
    for (let hour = 0; hour < 24 * 5; hour += 8) {
      house.forward({ hours: 8 })
      await lost.catchUp()
    }
    expect(await lost.statusOf(paid)).toBe('paid')
    expect(await lost.statusOf(lapsed)).toBe('failed')
  })

  test('an event that was found in Stripe’s list and then arrives by itself changes nothing', async () => {
    await lost.catchUp(true)
    house.stripe.hold()
    await lost.buy(tea)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(1)
    const reads = lost.sessionReads().length
    await house.stripe.release()
    await house.settle()
    expect(lost.heard()).toHaveLength(1)
    expect(lost.sessionReads().length).toBe(reads)
  })

  test('a session that we opened ourselves is found; another product’s is not even asked for', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    const seal = { userId: house.hanako.userId, source: 'shop', issuedAt: 1 }
    const reference = sealReference(seal, house.config.referenceSecrets[0] ?? '')
    const items = [{ name: '特別注文', amount: 500 }]
    const opened = house.stripe.openSession({ reference, items })
    const other = house.stripe.openSession({ items })
    await house.stripe.payByCard(opened)
    await house.stripe.payByCard(other)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(await lost.statusOf(opened)).toBe('paid')
    expect(await lost.statusOf(other)).toBeUndefined()
    expect(lost.sessionReads().some((line) => line.endsWith(other))).toBe(false)
  })

  test('invoices of another product’s customers are left alone, those of ours are found', async () => {
    const monthly = {
      ...TEA,
      paymentMethods: ['card' as const],
      recurring: { interval: 'month' as const },
    }
    const subscribe = async (session: string) => {
      await house.stripe.payByCard(session)
      await house.settle()
      return String(house.stripe.session(session).subscription)
    }
    const ours = await subscribe(lost.visit(house.stripe.addLink(monthly).id))
    const other = house.stripe.addLink({ ...monthly, id: 'plink_other' })
    const theirs = await subscribe(house.stripe.visit(other.url))
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    for (const id of [ours, theirs]) await house.stripe.cancelSubscription(id, 'now')
    house.forward({ hours: 25 })
    await lost.catchUp()
    const found = await house.store.db
      .selectFrom('events')
      .select('doorbell')
      .where('type', '=', 'customer.subscription.deleted')
      .execute()
    expect(found).toEqual([{ doorbell: expect.stringContaining(ours) }])
  })

  test('links that are not ours are left alone, with one list for all links', async () => {
    await house.close()
    await open('sqlite', { PAYMENT_LINKS: 'plink_ours' })
    const ours = house.stripe.addLink({ ...TEA, id: 'plink_ours' }).id
    await lost.catchUp(true)
    house.stripe.hold()
    const mine = await lost.buy(ours)
    const theirs = await lost.buy(tea)
    house.forward({ hours: 1 })
    const before = lost.lists().length
    await lost.catchUp()
    expect(lost.lists().length - before).toBe(4)
    expect(await lost.statusOf(mine)).toBe('paid')
    expect(await lost.statusOf(theirs)).toBeUndefined()
    expect(lost.sessionReads().some((line) => line.endsWith(theirs))).toBe(false)
  })

  test('a new house does not report yesterday’s sales, but finds whoever came with its reference', async () => {
    house.stripe.switchOffWebhooks()
    const poster = house.stripe.visit(house.stripe.link(tea)?.url ?? '')
    await house.stripe.payByCard(poster)
    const sealed = await lost.buy(tea)
    house.forward({ hours: 3 })
    await lost.catchUp(true)
    expect(await lost.statusOf(poster)).toBeUndefined()
    expect(await lost.statusOf(sealed)).toBe('paid')
    const later = house.stripe.visit(house.stripe.link(tea)?.url ?? '')
    await house.stripe.payByCard(later)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(await lost.statusOf(poster)).toBeUndefined()
    expect(await lost.statusOf(later)).toBe('paid')
  })

  test('an hour with nothing new costs four questions, however many orders there are', async () => {
    await buyTea(30)
    await house.settle()
    // Stripe takes twenty types of events in a question, and we ask for more.
    const questions = [...Array(3).fill('GET /v1/events'), 'GET /v1/checkout/sessions']
    for (const atStart of [true, false]) {
      const before = house.stripe.requests.length
      await lost.catchUp(atStart)
      expect(house.stripe.requests.slice(before)).toEqual(questions)
      house.forward({ hours: 1 })
    }
  })

  test('an order that stands in both of Stripe’s lists is asked for once', async () => {
    await lost.catchUp(true)
    house.stripe.hold()
    await lost.buy(tea)
    house.forward({ hours: 1 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(1)
    expect(lost.sessionReads()).toHaveLength(1)
  })

  test('an order of which a webhook told after we looked is not asked for a second time', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    const session = await lost.buy(tea)
    house.forward({ hours: 1 })
    expect(await lost.look()).toBe('done')
    await reconcileOrder(house.desk, session)
    await house.settle()
    expect(lost.heard()).toHaveLength(1)
    expect(lost.sessionReads()).toHaveLength(1)
  })

  test('a bookmark at a session that Stripe does not know any more costs nothing but a page', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    const session = await lost.buy(tea)
    house.forward({ hours: 1 })
    const { db } = house.store
    const { bookmark } = await db.selectFrom('duties').select('bookmark').executeTakeFirstOrThrow()
    const kept = JSON.parse(bookmark ?? '{}') as Bookmark
    const walk = { began: kept.sessions, after: 'cs_test_gone' }
    await db
      .updateTable('duties')
      .set({ bookmark: JSON.stringify({ ...kept, walk }) })
      .execute()
    await lost.catchUp(true)
    expect(await lost.statusOf(session)).toBe('paid')
  })

  test('while Stripe is down the look fails, says so, and comes back sooner than in an hour', async () => {
    await lost.catchUp(true)
    house.stripe.hold()
    await lost.buy(tea)
    house.forward({ hours: 1 })
    house.stripe.addFault({ on: /v1\//, times: always, status: 503 })
    expect(await lost.look()).toBe('failed')
    expect(lost.troubles).toHaveLength(1)
    expect(await lost.look()).toBe('not due')
    house.forward({ seconds: 10 })
    expect(await lost.look()).toBe('failed')
    house.stripe.clearFaults()
    house.forward({ seconds: 30 })
    await lost.catchUp()
    expect(lost.heard()).toHaveLength(1)
  })

  test('a key that may not read events still finds the orders, and a person is told', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    const session = await lost.buy(tea)
    house.forward({ hours: 1 })
    const message = 'The provided key does not have the required permissions (rak_event_read).'
    const body = { error: { type: 'invalid_request_error', message } }
    house.stripe.addFault({ on: /v1\/events$/, times: always, status: 403, body })
    expect(await lost.look()).toBe('put off')
    expect(String(lost.troubles)).toContain('rak_event_read')
    await house.settle()
    expect(await lost.statusOf(session)).toBe('paid')
    // All that can be seen was looked at: until the key is mended, once an hour is as good.
    house.forward({ seconds: 50 * 60 })
    expect(await lost.look()).toBe('not due')
    house.forward({ seconds: 10 * 60 })
    expect(await lost.look()).toBe('put off')
  })

  test('when the month’s reads are nearly used up the hourly look steps back, and a start’s does not', async () => {
    await lost.catchUp(true)
    house.stripe.switchOffWebhooks()
    const session = await lost.buy(tea)
    house.forward({ hours: 1 })
    house.reads.mayReadIdly = async () => false
    const before = house.stripe.requests.length
    expect(await lost.look()).toBe('put off')
    expect(house.stripe.requests).toHaveLength(before)
    expect(lost.troubles).toEqual([])
    await lost.catchUp(true)
    expect(await lost.statusOf(session)).toBe('paid')
  })

  test('a worker that starts finds at once what was sold while nobody was there', async () => {
    house.stripe.hold()
    await lost.buy(tea)
    const place = { database: house.databaseUrl, publicUrl: 'http://localhost:3000' }
    const env = { ...sandboxEnv(house, place), PROCESS: 'worker' }
    const worker = await startNoren({ env, logLevel: 'silent' })
    await vi.waitUntil(() => lost.heard().length === 1, { timeout: 10_000 })
    await worker.close()
    const { db } = house.store
    const duty = await db.selectFrom('duties').selectAll().executeTakeFirstOrThrow()
    expect(duty).toMatchObject({ name: 'backfill', held_until: null, failures: 0 })
  })
})
