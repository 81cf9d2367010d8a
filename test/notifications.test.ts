import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, setGlobalDispatcher } from 'undici'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLineChannel } from '../server/line/channel.ts'
import { paceLine } from '../server/line/paced.ts'
import { statelessTokens } from '../server/line/token.ts'
import { NeedsPerson } from '../server/ports.ts'
import type { LineUser } from './sandbox/types.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const PUSH = /POST \/v2\/bot\/message\/push/
const TOKEN = /POST \/oauth2\/v3\/token/
const PROFILE = /GET \/v2\/bot\/profile/
const ALWAYS = Number.POSITIVE_INFINITY
const HOUR = 3_600
const DAY = 24 * HOUR

let house: House
let tea: string

beforeEach(async () => {
  // Without a staff group each push is the buyer's.
  house = await openHouse({ shop: { staff: {} } })
  tea = house.stripe.addLink(TEA).id
})
afterEach(() => house.close())

async function buy(user: LineUser = house.hanako): Promise<string> {
  const session = await house.order(user, tea)
  await house.stripe.payByCard(session)
  return session
}

const stranger = () => house.line.addUser({ name: '太郎', friend: false })
const pushes = () => house.line.requests.filter((line) => PUSH.test(line)).length

function deliveries() {
  return house.store.db.selectFrom('deliveries').selectAll().orderBy('created_at').execute()
}

function deadDeliveries() {
  return house.store.db.selectFrom('deliveries').selectAll().where('state', '=', 'dead').execute()
}

/** Each push as it left: its retry key and the bytes of its body. */
function watchPushes(): { key: string; body: string }[] {
  const sent: { key: string; body: string }[] = []
  const channel = 'undici:request:bodyChunkSent'
  const note = (message: unknown) => {
    const { request, chunk } = message as Sent
    if (!request.path.endsWith('/message/push')) return
    const headers = [request.headers].flat().join('\n')
    const key = /x-line-retry-key[\n: ]+([0-9a-f-]{36})/i.exec(headers)?.[1] ?? ''
    sent.push({ key, body: Buffer.from(chunk).toString('utf8') })
  }
  subscribe(channel, note)
  stopWatching = () => unsubscribe(channel, note)
  return sent
}
type Sent = { request: { path: string; headers: string | string[] }; chunk: Uint8Array }
let stopWatching = () => {}
afterEach(() => stopWatching())

test('a buyer who is no friend hears nothing, until adding the shop brings the summary once', async () => {
  const taro = stranger()
  await buy(taro)
  await house.settleFor(DAY)
  expect(pushes()).toBe(0)
  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 0 }])

  await house.line.follow(taro.userId)
  await house.settle()
  expect(house.heard(taro.userId)).toHaveLength(1)
  await house.line.unfollow(taro.userId)
  await house.line.follow(taro.userId)
  await house.settle()
  expect(house.heard(taro.userId)).toHaveLength(1)
})

test('a buyer who adds the shop a week later still hears: the wait was not LINE’s', async () => {
  const taro = stranger()
  await buy(taro)
  await house.settle()
  house.forward({ hours: 7 * 24 })
  await house.line.follow(taro.userId)
  await house.settle()
  expect(house.heard(taro.userId)).toHaveLength(1)
})

test('a buyer who has blocked the shop gets what was missed after unblocking it', async () => {
  await buy()
  await house.settle()
  await house.line.unfollow(house.hanako.userId)
  await buy()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  await house.line.follow(house.hanako.userId)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('LINE is asked only once whether somebody is a friend', async () => {
  await buy(stranger())
  await house.settle()
  const known = () => house.line.requests.filter((line) => PROFILE.test(line)).length
  expect(known()).toBe(1)
  await buy()
  await house.settle()
  await buy()
  await house.settle()
  expect(known()).toBe(2)
})

test('a buyer whose "follow" never reached us hears all that waited with the next order', async () => {
  const taro = stranger()
  await buy(taro)
  await house.settle()
  house.line.sendWebhooksTo(`${house.url}/nowhere`)
  await house.line.follow(taro.userId)
  await buy(taro)
  await house.settle()
  expect(house.heard(taro.userId)).toEqual([])
  house.forward({ hours: 25 })
  await buy(taro)
  await house.settle()
  expect(house.heard(taro.userId)).toHaveLength(3)
})

test('who is no friend is asked for once a day at most, and waits as well while LINE is silent', async () => {
  const taro = stranger()
  const asked = () => house.line.requests.filter((line) => PROFILE.test(line)).length
  await buy(taro)
  await house.settle()
  for (const [hours, times] of [
    [1, 1],
    [24, 2],
    [1, 2],
  ] as const) {
    house.forward({ hours })
    await buy(taro)
    await house.settle()
    expect(asked()).toBe(times)
  }
  house.line.addFault({ on: PROFILE, times: ALWAYS, status: 500 })
  house.forward({ hours: 25 })
  await buy(taro)
  await house.settle()
  expect(asked()).toBe(3)
  expect((await deliveries()).map(({ state }) => state)).toEqual(Array(5).fill('waiting'))
})

test('an old "unfollow" that arrives late does not silence a friend', async () => {
  await house.line.follow(house.hanako.userId)
  const unfollow = {
    type: 'unfollow',
    mode: 'active',
    timestamp: Date.now() - 60_000,
    source: { type: 'user', userId: house.hanako.userId },
    webhookEventId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    deliveryContext: { isRedelivery: true },
  }
  await house.line.sendWebhook({ destination: 'U', events: [unfollow] })
  await house.settle()
  await buy()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a "follow" that comes while LINE is still saying "unknown" is not forgotten', async () => {
  const taro = stranger()
  const session = await house.order(taro, tea)
  house.line.addFault({ on: PROFILE, times: 1, status: 404, delayMs: 400 })
  await house.stripe.payByCard(session)
  const settling = house.settle()
  await vi.waitUntil(() => house.line.requests.some((line) => PROFILE.test(line)))
  await house.line.follow(taro.userId)
  await settling
  await house.settle()
  expect(house.heard(taro.userId)).toHaveLength(1)
})

test('after an error of LINE’s the very same bytes go out again under the same key', async () => {
  const sent = watchPushes()
  house.line.addFault({ on: PUSH, times: 2, status: 500 })
  await buy()
  await house.settleFor(60)
  expect(sent).toHaveLength(3)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  expect(new Set(sent.map(({ body }) => body)).size).toBe(1)
  const [push] = house.line.chat(house.hanako.userId)
  expect(push?.retryKey).toBe(sent[0]?.key)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('the first retry comes within two seconds', async () => {
  house.line.addFault({ on: PUSH, times: 1, status: 500 })
  await buy()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toEqual([])
  await house.settleFor(2)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test.each([
  ['takes a message and loses the answer', { drop: 'after' as const }],
  ['hangs up before it takes the message', { drop: 'before' as const }],
  ['never answers', { hang: true }],
])('when LINE %s, the buyer still gets exactly one', async (_, fault) => {
  setGlobalDispatcher(new Agent({ headersTimeout: 500 }))
  house.line.addFault({ on: PUSH, times: 1, ...fault })
  await buy()
  await house.settle()
  expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 1 }])
  await house.settleFor(60)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  const [delivery] = await deliveries()
  expect(delivery).toMatchObject({ state: 'accepted', attempts: 2, error: null })
  expect(delivery?.request_id).toMatch(/^[0-9a-f-]{36}$/)
})

test('a message that LINE is too busy for goes out a little later', async () => {
  const body = { message: 'The API rate limit has been exceeded. Try again later.' }
  house.line.addFault({ on: PUSH, times: 3, status: 429, body })
  await buy()
  await house.settleFor(60)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('when the month’s messages are used up, they wait until there are more', async () => {
  house.line.quota.limit = 0
  await buy()
  await house.settleFor(DAY)
  expect(await deliveries()).toMatchObject([{ state: 'pending' }])
  expect(pushes()).toBeLessThan(40)
  house.line.quota.limit = 500
  await house.settleFor(3_700)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a message that LINE will never take is kept with LINE’s words, and not tried again', async () => {
  const body = { message: 'The request body has 1 error(s)', details: [{ message: 'too long' }] }
  house.line.addFault({ on: PUSH, times: 1, status: 400, body })
  await buy()
  await house.settleFor(DAY)
  expect(pushes()).toBe(1)
  const [delivery] = await deliveries()
  expect(delivery?.state).toBe('dead')
  expect(delivery?.error).toContain('The request body has 1 error(s)')
  expect(await deadDeliveries()).toMatchObject([{ id: delivery?.id }])
})

test('a refused access token is tried again, since the shop can mend it', async () => {
  house.line.addFault({ on: PUSH, times: 5, status: 401 })
  await buy()
  await house.settleFor(120)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('after 23 hours without a clear answer nothing is sent, since the buyer might hear twice', async () => {
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 500 })
  await buy()
  await house.settleFor(DAY + 2 * HOUR)
  expect(await deliveries()).toMatchObject([{ state: 'dead' }])
  expect(await deadDeliveries()).toHaveLength(1)
  const before = pushes()
  house.line.clearFaults()
  await house.settleFor(DAY)
  expect(pushes()).toBe(before)
  expect(house.line.book()).toEqual([])
})

test('a token that nobody mends for a week does not hold later news of the order back forever', async () => {
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 401 })
  const session = await buy()
  for (let hour = 0; hour < 7 * 24; hour += 4) {
    await house.settle()
    house.forward({ hours: 4 })
  }
  expect(await deliveries()).toMatchObject([{ state: 'dead', first_attempt_at: null }])
  house.line.clearFaults()
  await house.stripe.refund(session)
  await house.settleFor(60)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.hanako.userId)[0]).toContain('返金')
})

test('while LINE is down, "paid" and "refunded" wait and then come in that order', async () => {
  house.line.addFault({ on: PUSH, times: 6, status: 503 })
  const session = await buy()
  await house.settle()
  await house.stripe.refund(session)
  await house.settleFor(300)
  const [first, second, ...more] = house.heard(house.hanako.userId)
  expect(first).toContain('ありがとうございます')
  expect(second).toContain('返金')
  expect(more).toEqual([])
})

test('"please pay" is not said any more once the money is there', async () => {
  const taro = stranger()
  const session = await house.order(taro, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  await house.stripe.settleKonbini(session)
  await house.settle()
  await house.line.follow(taro.userId)
  await house.settle()
  expect((await deliveries()).map(({ kind, state }) => [kind, state])).toEqual([
    ['awaiting_payment', 'superseded'],
    ['paid', 'accepted'],
  ])
  expect(house.heard(taro.userId)).toHaveLength(1)
})

test('"please pay" that LINE has refused for the month is not said after the money has come', async () => {
  const session = await house.order(house.hanako, tea)
  const body = { message: 'You have reached your monthly limit.' }
  house.line.addFault({ on: PUSH, times: 1, status: 429, body })
  await house.stripe.payByKonbini(session)
  await house.settle()
  await house.stripe.settleKonbini(session)
  await house.settleFor(2 * 3_600)
  const heard = house.heard(house.hanako.userId)
  expect(heard).toHaveLength(1)
  expect(heard[0]).toContain('ありがとうございます')
})

test('"please pay" that is just being looked up does not slip out after "thank you"', async () => {
  const session = await house.order(house.hanako, tea)
  house.line.addFault({ on: PROFILE, times: 1, delayMs: 500 })
  await house.stripe.payByKonbini(session)
  const settling = house.settle()
  await vi.waitUntil(() => house.line.requests.some((line) => PROFILE.test(line)))
  await house.stripe.settleKonbini(session)
  await settling
  await house.settleFor(10)
  const heard = house.heard(house.hanako.userId)
  expect(heard.at(-1)).toContain('ありがとうございます')
  expect(heard.filter((text) => text.includes('ありがとうございます'))).toHaveLength(1)
})

test('"please pay" that may have arrived is finished before "thank you" is said', async () => {
  const session = await house.order(house.hanako, tea)
  house.line.addFault({ on: PUSH, times: 3, status: 500 })
  await house.stripe.payByKonbini(session)
  await house.settle()
  await house.stripe.settleKonbini(session)
  await house.settleFor(60)
  const heard = house.heard(house.hanako.userId)
  expect(heard).toHaveLength(2)
  expect(heard[1]).toContain('ありがとうございます')
})

test('a summary that is older than lateAfter goes to the staff, not to the buyer', async () => {
  await house.close()
  house = await openHouse({ shop: { lateAfter: 24 } })
  tea = house.stripe.addLink(TEA).id
  const fresh = await house.order(house.hanako, tea)
  house.stripe.hold()
  await house.stripe.payByCard(fresh)
  house.forward({ hours: 25 })
  await house.stripe.release()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toEqual([])
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(house.heard(house.staff)[0]).toContain('日数が経っているため')
})

test('an outage that is shorter than lateAfter costs the buyer nothing but time', async () => {
  house.stripe.hold()
  await buy()
  house.forward({ hours: 71 })
  await house.stripe.release()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a buyer who uses the shop in English is written to in English', async () => {
  await house.logIn(house.hanako, 'en')
  await buy()
  await house.settle()
  expect(house.heard(house.hanako.userId)[0]).toMatch(/Noren Tea House/)
  expect(house.heard(house.hanako.userId)[0]).not.toMatch(/[\u3040-\u30ff]/)
})

test('a buyer whose LINE speaks no language of ours is written to in that of the payment page', async () => {
  const ana = house.line.addUser({ name: 'Ana', language: 'pt' })
  const url = `${house.stripe.link(tea)?.url}?client_reference_id=${ana.userId}&locale=th`
  await house.stripe.payByCard(house.stripe.visit(url))
  await house.settle()
  expect(house.heard(ana.userId)[0]).toMatch(/[\u0e00-\u0e7f]/)
})

test.each([
  ['th', /[\u0e00-\u0e7f]/],
  ['zh-TW', /訂單/],
  ['en', /order/i],
  ['pt', /ありがとうございます/],
])(
  'a buyer who never came by is written to in the language of their LINE (%s)',
  async (language, words) => {
    const guest = house.line.addUser({ name: 'Guest', language })
    const url = `${house.stripe.link(tea)?.url}?client_reference_id=${guest.userId}`
    await house.stripe.payByCard(house.stripe.visit(url))
    await house.settle()
    expect(house.heard(guest.userId)[0]).toMatch(words)
  },
)

test('a shop without a staff account is simply not told', async () => {
  await buy()
  await house.settle()
  expect(house.line.book()).toHaveLength(1)
})

test('the shop’s own account may be a person who is no friend of the bot’s in our books', async () => {
  await house.close()
  const staff = `U${'5'.repeat(32)}`
  house = await openHouse({ shop: { staff: { line: staff } } })
  house.line.addUser({ name: '店長', userId: staff })
  tea = house.stripe.addLink(TEA).id
  await buy()
  await house.settle()
  expect(house.heard(staff)).toHaveLength(1)
})

/** The channel as a shop has it that pasted no token: Noren issues its own. */
const channelWithoutToken = () => tokenless().send
function tokenless() {
  const { apiBase, channelSecret } = house.config.line
  const clock = { now: () => new Date() }
  const paced = paceLine(house)
  const tokens = statelessTokens({
    apiBase,
    channelSecret,
    channelId: house.line.channelId,
    clock,
    paced,
  })
  const channel = openLineChannel({ apiBase, tokens, paced })
  const body = JSON.stringify([{ type: 'text', text: 'hello' }])
  return {
    send: () => channel.send(house.hanako.userId, body, crypto.randomUUID()),
    profile: () => channel.profile(house.hanako.userId),
  }
}
const issued = () => house.line.requests.filter((one) => TOKEN.test(one)).length

test('channel tokens are issued, and renewed when LINE refuses one', async () => {
  const send = channelWithoutToken()
  expect(await send()).toMatchObject({ state: 'accepted' })
  house.line.addFault({ on: PUSH, times: 1, status: 401 })
  expect(await send()).toMatchObject({ state: 'refused' })
  expect(await send()).toMatchObject({ state: 'accepted' })
  expect(issued()).toBe(2)
})

test('a crowd of messages shares one new token', async () => {
  const send = channelWithoutToken()
  const outcomes = await Promise.all(Array.from({ length: 20 }, send))
  expect(outcomes.every(({ state }) => state === 'accepted')).toBe(true)
  expect(issued()).toBe(1)
})

test.each([
  ['cannot give', { status: 500 }],
  ['never answers about', { drop: 'before' as const }],
])('when LINE %s a token, the message has not left and is tried again', async (_, fault) => {
  const send = channelWithoutToken()
  house.line.addFault({ on: TOKEN, times: 1, ...fault })
  expect(await send()).toMatchObject({ state: 'again', maybeAccepted: false })
  expect(await send()).toMatchObject({ state: 'accepted' })
})

test('when LINE refuses the channel’s own id, a person must mend it, and nothing is lost meanwhile', async () => {
  const { send, profile } = tokenless()
  const body = { error: 'invalid_client' }
  house.line.addFault({ on: TOKEN, times: 2, status: 400, body })
  expect(await send()).toMatchObject({ state: 'refused' })
  // It says nothing about the buyer, who must not be taken for somebody out of reach.
  await expect(profile()).rejects.toThrow(NeedsPerson)
  expect(await send()).toMatchObject({ state: 'accepted' })
})

test('news that wait behind a paused message do not keep the worker busy', async () => {
  house.line.quota.limit = 0
  const session = await buy()
  await house.stripe.refund(session)
  let rounds = 0
  for (let passed = 0; passed < 3_000; rounds++) {
    await house.settle()
    const due = (await house.store.nextDue())?.getTime() ?? 0
    const seconds = (due - house.house.delivery.clock.now().getTime()) / 1_000
    house.forward({ seconds })
    passed += seconds
  }
  expect(rounds).toBeLessThan(200)
  expect((await deliveries()).map(({ state }) => state)).toEqual(['pending', 'pending'])
})
