import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, TEA } from './support/house.ts'

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
  await house.store.db.destroy()
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
