import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMeter } from '../server/operations/meter.ts'
import type { Tx } from '../server/ports.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { runNoren } from './support/run-noren.ts'

const EMAIL = 'hanako.private@example.com'
const TEA_LINK = 'plink_tea'
const ALWAYS = Number.POSITIVE_INFINITY

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function ask(path: string) {
  const answer = await fetch(`${house.url}${path}`)
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

async function metric(name: string): Promise<number> {
  const line = (await ask('/metrics')).text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1))
}

async function buy(user = house.hanako): Promise<string> {
  const link = house.stripe.link(TEA_LINK) ?? house.stripe.addLink({ ...TEA, id: TEA_LINK })
  const session = await house.order(user, link.id)
  await house.stripe.payByCard(session)
  return session
}

test('the process and its store say that they are well', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, text: '{"ok":true}' })
  expect(await ask('/readyz')).toMatchObject({ status: 200, text: '{"ok":true}' })
})

test('a database that is not at this version is not ready, while the process still is well', async () => {
  await sql`insert into kysely_migration (name, timestamp) values ('999-later', 'x')`.execute(
    house.store.db,
  )
  expect(await ask('/readyz')).toMatchObject({ status: 503, text: '{"ok":false}' })
  await sql`delete from kysely_migration`.execute(house.store.db)
  expect((await ask('/readyz')).status).toBe(503)
  expect((await ask('/healthz')).status).toBe(200)
})

test('a database that is gone is not ready', async () => {
  await house.store.close()
  expect((await ask('/readyz')).status).toBe(503)
  expect((await ask('/healthz')).status).toBe(200)
})

test('what waits, what is dead and what was answered can be counted from outside', async () => {
  house.line.addFault({ on: /message\/push/, times: 1, status: 400 })
  const taro = house.line.addUser({ name: '太郎', friend: false })
  await buy(taro)
  await house.settle()
  await buy()
  expect((await ask('/metrics')).headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await metric('noren_jobs{state="open"}')).toBe(1)
  expect(await metric('noren_deliveries_open{state="waiting"}')).toBe(1)
  expect(await metric('noren_deliveries_open{state="pending"}')).toBe(0)
  const answered = 'noren_http_answers_total{route="/webhooks/stripe",status="200"}'
  expect(await metric(answered)).toBeGreaterThan(1)
  expect(await metric('process_cpu_seconds_total')).toBeGreaterThan(0)
})

test('the counters name no person and no order', async () => {
  const session = await buy()
  const cookie = await house.logIn(house.hanako)
  await house.api(cookie, 'GET', `/api/orders/${session}`)
  await ask(`/orders/${session}?liff.state=secret`)
  await house.settle()
  const { text } = await ask('/metrics')
  expect(text).toContain('route="/api/orders/:id"')
  expect(text).not.toContain(session)
  expect(text).not.toContain(house.hanako.userId)
})

test('the log names no person and no secret, also when everything goes wrong', async () => {
  const idToken = await house.line.idToken(house.hanako.userId, { email: EMAIL })
  const session = await house.api('', 'POST', '/api/session', { idToken })
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const message = `No such customer: ${house.hanako.userId}_shop_1 <${EMAIL}>`
  const trouble = { status: 500, body: { error: { type: 'api_error', message } } }

  house.stripe.addFault({ on: /sessions|payment_links|portal/, times: 8, ...trouble })
  await house.api(cookie, 'POST', '/api/checkout', { offer: TEA_LINK })
  await house.api(cookie, 'POST', '/api/orders/claim', { session: 'cs_test_1' })
  await ask('/')
  house.stripe.clearFaults()
  house.line.addFault({ on: /profile/, times: 2, status: 500, body: { message } })
  house.line.addFault({ on: /push/, times: 2, status: 500, body: { message } })
  house.line.addFault({ on: /push/, times: 1, status: 400, body: { message } })
  const paid = await buy()
  await house.stripe.refund(paid, 100)
  await house.settleFor(60)
  house.line.addFault({ on: /certs/, times: ALWAYS, drop: 'before' })
  await house.api('', 'POST', '/api/session', { idToken: `${idToken}x` })
  await house.line.say(house.hanako.userId, EMAIL)
  await house.pen.close()
  await house.stripe.resend(house.stripe.events()[0]?.id ?? '')

  const log = house.logged.join('')
  expect(log).toContain('LINE answered 500')
  expect(log).toContain('LINE answered 400')
  expect(log).toContain('No such customer')
  expect(log).toContain('a request failed')
  const { stripe, line, referenceSecrets, sessionSecrets } = house.config
  const hidden = [
    house.hanako.userId,
    '花子',
    EMAIL,
    '山田',
    'hanako@example.com',
    idToken,
    cookie.split('=')[1],
    stripe.secretKey,
    ...stripe.webhookSecrets,
    line.channelSecret,
    line.accessToken,
    ...referenceSecrets,
    ...sessionSecrets,
  ]
  for (const each of hidden) expect(log).not.toContain(each)
})

test('each line of the log is JSON by itself', async () => {
  house.line.addFault({ on: /push/, times: 1, status: 400 })
  await buy()
  await house.settle()
  expect(house.logged.length).toBeGreaterThan(1)
  for (const line of house.logged) expect(JSON.parse(line)).toHaveProperty('msg')
})

test('what vendors rang and what went out is counted, and the count survives a restart', async () => {
  house.line.addFault({ on: /message\/push/, times: 1, status: 400 })
  await buy()
  await house.settle()
  const bought = 'type="checkout.session.completed"'
  expect(await metric(`noren_events_total{outcome="received",${bought}}`)).toBe(1)
  expect(await metric(`noren_events_total{outcome="handled",${bought}}`)).toBe(1)
  const paid = (kind: string, outcome: string) =>
    metric(`noren_deliveries_total{channel="line",kind="${kind}",outcome="${outcome}"}`)
  const outcomes = ['paid', 'staff_paid'].map(async (kind) => [
    await paid(kind, 'accepted'),
    await paid(kind, 'dead'),
  ])
  // One of the two was refused for good; which, is up to who was quicker.
  expect((await Promise.all(outcomes)).flat().filter((count) => count === 1)).toHaveLength(2)
  const { store } = house
  await openMeter({ store, report: () => {} }).close()
  const again = openMeter({ store, report: () => {} })
  again.count('noren_events_total', { type: 'checkout.session.completed', outcome: 'handled' }, 2)
  await again.close()
  expect(await metric(`noren_events_total{outcome="handled",${bought}}`)).toBe(3)
})

test('what another process did is counted here too', async () => {
  house.stripe.hold()
  await buy()
  expect((await runNoren(house, 'reconcile')).code).toBe(0)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(
    await metric('noren_deliveries_total{channel="line",kind="paid",outcome="accepted"}'),
  ).toBe(1)
  const { text } = await ask('/metrics')
  expect(text).toMatch(/noren_vendor_answers_total{endpoint="[^"]*push[^"]*",status="200"/)
  expect(text).toMatch(/noren_pace_rate{lane="line[^"]*push/)
})

test('an event of a kind that nobody has heard of makes no counter of its own', async () => {
  await house.line.sendWebhook({
    destination: 'U0',
    events: [
      {
        type: 'surprise',
        webhookEventId: '01SURPRISE',
        timestamp: Date.now(),
        mode: 'active',
        deliveryContext: { isRedelivery: false },
      },
    ],
  })
  expect(await metric('noren_events_total{outcome="ignored",type="other"}')).toBe(1)
  expect((await ask('/metrics')).text).not.toContain('surprise')
})

test('how long a vendor takes is told in buckets that hold all quicker answers too', async () => {
  house.meter.answered('line', 'POST /v2/bot/message/push', 200, 80)
  house.meter.answered('line', 'POST /v2/bot/message/push', 'none', 11_000)
  const place = 'endpoint="POST /v2/bot/message/push"'
  const within = (le: string) =>
    metric(`noren_vendor_seconds_bucket{${place},vendor="line",le="${le}"}`)
  expect([await within('0.05'), await within('0.1'), await within('10')]).toEqual([0, 1, 1])
  expect(await within('+Inf')).toBe(2)
  expect(await metric(`noren_vendor_seconds_sum{${place},vendor="line"}`)).toBeCloseTo(11.08)
  expect(await metric(`noren_vendor_seconds_count{${place},vendor="line"}`)).toBe(2)
  const none = `noren_vendor_answers_total{${place},status="none",vendor="line"}`
  expect(await metric(none)).toBe(1)
})

test('counts that could not be written are kept for the next time, and said once', async () => {
  const written: string[] = []
  const reported: unknown[] = []
  let away = true
  const transaction = async <T>(work: (tx: Tx) => Promise<T>) => {
    if (away) throw new Error('the database is away')
    written.push('once')
    return house.store.transaction(work)
  }
  const meter = openMeter({ store: { transaction }, report: (error) => reported.push(error) })
  meter.count('noren_test_total')
  await meter.flush()
  await meter.flush()
  expect(reported).toHaveLength(1)
  away = false
  meter.count('noren_test_total')
  await meter.flush()
  await meter.flush()
  expect(await metric('noren_test_total')).toBe(2)
  // Nothing new, nothing written.
  expect(written).toHaveLength(1)
  await meter.close()
})

test('what stands still is seen from outside: the oldest event, what is dead, who is paused', async () => {
  expect(await metric('noren_oldest_event_seconds')).toBe(0)
  await buy()
  house.forward({ seconds: 120 })
  expect(await metric('noren_oldest_event_seconds')).toBeGreaterThanOrEqual(120)
  expect(await metric('noren_events_unhandled')).toBeGreaterThan(0)
  house.line.addFault({ on: /message\/push/, times: ALWAYS, status: 400 })
  await house.settle()
  expect(await metric('noren_events_unhandled')).toBe(0)
  expect(await metric('noren_dead{what="delivery"}')).toBe(2)
  const pause = { reason: 'quota', since: 'x', until: 'x', failures: 0, words: null } as const
  await house.store.db
    .insertInto('pauses')
    .values({ channel: 'line', ...pause })
    .execute()
  const paused = 'noren_channel_paused{channel="line",reason="quota"}'
  expect(await metric(paused)).toBe(1)
  await house.store.db.deleteFrom('pauses').execute()
  expect(await metric(paused)).toBeNaN()
})

test('while the database is away the rest is still told', async () => {
  await house.store.close()
  expect(await metric('noren_store_up')).toBe(0)
  expect(await metric('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect((await ask('/metrics')).text).not.toContain('noren_deliveries_open{')
})

test('the month’s messages are asked for at LINE at most every ten minutes, and only when somebody looks', async () => {
  const asked = () => house.line.requests.filter((each) => each.includes('/quota')).length
  house.line.quota.limit = 200
  await buy()
  await house.settle()
  expect(asked()).toBe(0)
  expect(await metric('noren_line_quota{of="total"}')).toBe(200)
  expect(await metric('noren_line_quota{of="used"}')).toBe(house.line.quota.used)
  expect(asked()).toBe(2)
  house.forward({ seconds: 599 })
  await ask('/metrics')
  expect(asked()).toBe(2)
  house.line.quota.limit = null
  house.forward({ seconds: 2 })
  expect(await metric('noren_line_quota{of="total"}')).toBeNaN()
  expect(asked()).toBe(4)
})

test('a LINE that does not answer holds up no one who looks at the counters', async () => {
  house.line.addFault({ on: /quota/, times: ALWAYS, hang: true })
  expect((await ask('/metrics')).status).toBe(200)
  expect(await metric('noren_store_up')).toBe(1)
  expect(await metric('noren_line_quota{of="used"}')).toBeNaN()
})

test('what failed is logged with the name of its event or message', async () => {
  house.stripe.addFault({ on: /GET .*sessions\/cs_/, times: 4, status: 500 })
  house.line.addFault({ on: /message\/push/, times: 1, status: 500 })
  await buy()
  await house.settleFor(60)
  const failed = house.logged
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => String(msg).startsWith('a job failed'))
  const events = failed.filter(({ event }) => String(event).startsWith('evt_'))
  const deliveries = failed.filter(({ delivery }) => typeof delivery === 'string')
  expect(events.length).toBeGreaterThan(0)
  expect(deliveries).toHaveLength(1)
  expect(events.length + deliveries.length).toBe(failed.length)
})
