import { afterEach, describe, expect, test } from 'vitest'
import { furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { listDeliveries } from '../server/operations/list-rows.ts'
import { createHandler } from '../server/reactions.ts'
import type { LineUser } from './sandbox/types.ts'
import { ENGINES } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const ANY = /\/v2\/bot\//
const PUSH = /POST \/v2\/bot\/message\/push/
const ALWAYS = Number.POSITIVE_INFINITY
const MINUTE = 60
const LONG = 60_000
/** Below those that the kernel hands out: while LINE refuses, no other test's server may move in there. */
const QUIET_PORT = 20_000 + (process.pid % 10_000)

let house: House
afterEach(() => house.close())

async function open(options: Parameters<typeof openHouse>[0] = {}): Promise<string> {
  house = await openHouse(options)
  return house.stripe.addLink(TEA).id
}

/** Somebody new buys by card, through a link that names them. */
async function buy(link: string): Promise<LineUser> {
  const buyer = house.line.addUser({ name: '客', friend: true, language: 'ja' })
  const url = `${house.stripe.link(link)?.url}?client_reference_id=${buyer.userId}`
  await house.stripe.payByCard(house.stripe.visit(url))
  return buyer
}

/** LINE answers 500 to whatever goes to this one; a fault of the stand-in knows no address. */
function chokeOn({ userId }: LineUser): void {
  const { channel } = house.house.delivery
  const { send } = channel
  const choked = { state: 'again', reason: 'LINE answered 500', maybeAccepted: true } as const
  channel.send = (to, ...rest) =>
    to === userId
      ? Promise.resolve({ ...choked, busy: false, retryAfter: null })
      : send(to, ...rest)
}

/** As many new buyers at each step; the worker looks once a step. */
async function steps(link: string, count: number, hours: number, buyersEach: number) {
  const buyers: LineUser[] = []
  for (let step = 0; step < count; step++) {
    for (let each = 0; each < buyersEach; each++) buyers.push(await buy(link))
    await house.settle()
    house.forward({ hours })
  }
  return buyers
}

const deliveries = () => house.store.db.selectFrom('deliveries').selectAll().execute()
const pauses = () => house.store.db.selectFrom('pauses').selectAll().execute()
const pushes = () => house.line.requests.filter((line) => PUSH.test(line)).length
const toStaff = (words: string) => house.heard(house.staff).filter((text) => text.includes(words))
const shouts = (words: string) => house.logged.filter((line) => line.includes(words))

/** Everybody has heard once, or stands on the list; nobody twice, and nobody is forgotten. */
async function expectNobodyForgotten(buyers: LineUser[]): Promise<number> {
  const rows = await deliveries()
  for (const { userId } of buyers) {
    const [row, ...more] = rows.filter(({ account_id }) => account_id === `line:${userId}`)
    expect(more).toEqual([])
    expect(row?.state).toMatch(/^(accepted|dead)$/)
    expect(house.line.chat(userId)).toHaveLength(row?.state === 'accepted' ? 1 : 0)
  }
  expect(rows.filter(({ state }) => state === 'pending' || state === 'waiting')).toEqual([])
  return rows.filter(({ state }) => state === 'dead').length
}

const faulty = (fault: object): [() => Promise<void>, () => Promise<void>] => [
  async () => house.line.addFault({ on: ANY, times: ALWAYS, ...fault }),
  async () => house.line.clearFaults(),
]

test.each([
  ['answers 500', 2, 8, ...faulty({ status: 500 })],
  ['breaks every connection off', 1, 5, ...faulty({ drop: 'before' })],
  [
    'refuses connections',
    1,
    2,
    () => house.line.refuseConnections(true),
    () => house.line.refuseConnections(false),
  ],
] as const)(
  'when LINE %s for 72 hours, everything is delivered or on the list, and staff are told once',
  { timeout: LONG },
  async (_, buyersEach, mostDead, begin, end) => {
    const link = await open({ linePort: QUIET_PORT })
    await begin()
    const first = await buy(link)
    await house.settleFor(MINUTE)
    const buyers = [first, ...(await steps(link, 12, 6, buyersEach))]
    await end()
    await house.settleFor(20 * MINUTE)
    expect(await expectNobodyForgotten(buyers)).toBeLessThanOrEqual(mostDead)
    expect(await pauses()).toEqual([])
    expect(toStaff('LINEにメッセージを送れませんでした')).toHaveLength(1)
    expect(toStaff('処理できなかったお知らせ').length).toBeLessThanOrEqual(1)
    expect(shouts('LINE is out of order')).toHaveLength(1)
    expect(shouts('the pause of LINE is over')).toHaveLength(1)
  },
)

test('while LINE is out of order one message asks for all, so that few keys begin to age', async () => {
  const link = await open({ shop: { staff: {} } })
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 503 })
  await buy(link)
  await house.settleFor(3)
  await buy(link)
  await house.settleFor(10)
  for (let more = 0; more < 10; more++) await buy(link)
  const before = pushes()
  await house.settleFor(10 * MINUTE)
  expect(pushes() - before).toBeLessThanOrEqual(8)
  const begun = (await deliveries()).filter(({ first_attempt_at }) => first_attempt_at)
  expect(begun).toHaveLength(2)
  house.line.clearFaults()
  await house.settleFor(10 * MINUTE)
  expect(house.line.book()).toHaveLength(12)
})

test('an outage in which LINE refuses our token for some hours is one trouble, told once', async () => {
  const link = await open()
  const buyers: LineUser[] = []
  for (const status of [500, 401, 502]) {
    house.line.clearFaults()
    house.line.addFault({ on: PUSH, times: ALWAYS, status })
    buyers.push(...(await steps(link, 4, 1, 2)))
  }
  const [pause] = await pauses()
  expect(pause).toMatchObject({ reason: 'outage' })
  expect(toStaff('LINE')).toEqual([])
  house.line.clearFaults()
  await house.settleFor(20 * MINUTE)
  expect(await expectNobodyForgotten(buyers)).toBe(0)
  expect(toStaff('LINEにメッセージを送れませんでした')).toHaveLength(1)
  // The log tells what it is each time that it is something else.
  expect(shouts('LINE is out of order')).toHaveLength(2)
  expect(shouts('refuses our token')).toHaveLength(1)
  expect(shouts('the pause of LINE is over')).toHaveLength(1)
})

test('a token that was refused for hours and is mended does not leave one message to block the shop', async () => {
  const link = await open({ shop: { staff: {} } })
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 401 })
  const first = await buy(link)
  await house.settleFor(90 * MINUTE)
  house.line.clearFaults()
  chokeOn(first)
  const others = [await buy(link), await buy(link)]
  await house.settleFor(45 * MINUTE)
  for (const { userId } of others) expect(house.line.chat(userId)).toHaveLength(1)
})

test('one message that LINE chokes on does not silence the shop', async () => {
  const link = await open({ shop: { staff: {} } })
  house.line.addFault({ on: PUSH, times: 12, status: 500 })
  await buy(link)
  await house.settleFor(10 * MINUTE)
  expect(pushes()).toBeGreaterThan(8)
  expect(await pauses()).toEqual([])
})

test('when the chosen message fails again and again, another one is asked for its opinion', async () => {
  const link = await open({ shop: { staff: {} } })
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 500 })
  await buy(link)
  await house.settleFor(5)
  await buy(link)
  await house.settleFor(10)
  await buy(link)
  const [pause] = await pauses()
  expect(pause).toMatchObject({ reason: 'outage' })
  await house.settleFor(30 * MINUTE)
  const begun = (await deliveries()).filter(({ first_attempt_at }) => first_attempt_at)
  expect(begun).toHaveLength(3)
})

test('a hiccup of some seconds is over before anybody need read of it', async () => {
  const link = await open()
  house.line.addFault({ on: PUSH, times: 8, status: 500 })
  const buyers = [await buy(link), await buy(link)]
  await house.settleFor(5 * MINUTE)
  expect(await expectNobodyForgotten(buyers)).toBe(0)
  expect(toStaff('LINEにメッセージを送れませんでした')).toEqual([])
})

test('a month used up for weeks: one an hour asks, and staff are told once a month', {
  timeout: LONG,
}, async () => {
  const link = await open()
  house.line.quota.limit = 0
  const months = new Set<string>()
  const buyers: LineUser[] = []
  for (let day = 0; day < 14; day++) {
    const japan = new Date(house.house.delivery.clock.now().getTime() + 9 * 3_600_000)
    months.add(japan.toISOString().slice(0, 7))
    buyers.push(await buy(link))
    await house.settle()
    house.forward({ hours: 24 })
  }
  await house.settle()
  house.line.quota.limit = 1_000
  await house.settleFor(2 * 60 * MINUTE)
  const dead = await expectNobodyForgotten(buyers)
  // Three days' orders are still worth telling; the older ones are the shopkeeper's to decide.
  expect(dead).toBeGreaterThanOrEqual(10)
  expect(dead).toBeLessThanOrEqual(12)
  expect(toStaff('上限に達した')).toHaveLength(months.size)
  expect(shouts('no more messages this month')).toHaveLength(1)
})

test('a refused token is shouted once, costs nobody a message, and is tried until it is mended', async () => {
  const link = await open()
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 401 })
  const buyers = await steps(link, 8, 1, 1)
  house.line.clearFaults()
  await house.settleFor(20 * MINUTE)
  expect(await expectNobodyForgotten(buyers)).toBe(0)
  expect(shouts('refuses our token')).toHaveLength(1)
})

test('a shop without a staff account is told by the log alone', async () => {
  const link = await open({ shop: { staff: {} } })
  house.line.addFault({ on: PUSH, times: 1, status: 400, body: { message: 'no' } })
  await buy(link)
  await house.settleFor(2 * MINUTE)
  expect((await deliveries()).map(({ kind, state }) => [kind, state])).toEqual([['paid', 'dead']])
  expect(shouts('a person must look')).toHaveLength(1)
})

describe.each(ENGINES)('with the books in %s', (engine) => {
  test('what dies on one day is told in one notice; what dies after it, the next morning', async () => {
    const link = await open({ engine })
    house.line.addFault({ on: PUSH, times: ALWAYS, status: 400, body: { message: 'no' } })
    for (let each = 0; each < 4; each++) await buy(link)
    await house.settle()
    house.line.clearFaults()
    await house.settleFor(2 * MINUTE)
    // Four buyers' messages and four to the staff.
    expect(toStaff('処理できなかったお知らせが 8 件')).toHaveLength(1)
    house.line.addFault({ on: PUSH, times: 2, status: 400, body: { message: 'no' } })
    await buy(link)
    await house.settle()
    house.line.clearFaults()
    await house.settleFor(5 * MINUTE)
    const told = () => toStaff('処理できなかったお知らせ')
    const sameDay = told().length
    await house.settleFor(34 * 60 * MINUTE)
    expect(told().length).toBeGreaterThan(1)
    const days = (await deliveries()).flatMap(({ kind, subject }) =>
      kind === 'staff_dead' ? [subject] : [],
    )
    expect(new Set(days).size).toBe(told().length)
    expect(sameDay).toBeLessThanOrEqual(days.length)
    expect(told().at(-1)).toContain('10 件')
  })

  test('thousands of late orders do not flood the shop’s own group', async () => {
    const link = await open({ engine, shop: { lateAfter: 24 } })
    house.stripe.hold()
    for (let each = 0; each < 12; each++) await buy(link)
    house.forward({ hours: 25 })
    await house.stripe.release()
    await house.settleFor(2 * MINUTE)
    expect(toStaff('番号')).toHaveLength(10)
    expect(toStaff('ほかに 2 件')).toHaveLength(1)
    expect(house.line.book()).toHaveLength(11)
    const listed = await listDeliveries(house.store.db, { dead: false, late: true, most: 50 })
    expect(new Set(listed.map(({ order }) => order)).size).toBe(12)
  })

  test('two processes do not double a notice, and one pause holds for both', async () => {
    const link = await open({ engine })
    const other = furnish(
      house.config,
      house.house.delivery.clock,
      openLog('info', { write: (line: string) => house.logged.push(line) }),
    )
    const handle = [createHandler(house.house), createHandler(other.house)] as const
    const both = () => Promise.all([house.store.drain(handle[0]), other.store.drain(handle[1])])
    house.line.addFault({ on: PUSH, times: ALWAYS, status: 500 })
    const buyers: LineUser[] = []
    // Enough at once that each of the two sees for itself that LINE is out of order.
    for (let each = 0; each < 12; each++) buyers.push(await buy(link))
    for (let step = 0; step < 14; step++) {
      buyers.push(await buy(link))
      await both()
      house.forward({ seconds: 60 })
    }
    expect(await pauses()).toHaveLength(1)
    house.line.clearFaults()
    for (let step = 0; step < 12; step++) {
      await both()
      house.forward({ seconds: 60 })
    }
    await other.close()
    expect(await expectNobodyForgotten(buyers)).toBe(0)
    expect(toStaff('LINEにメッセージを送れませんでした')).toHaveLength(1)
    expect(shouts('LINE is out of order')).toHaveLength(1)
  })
})
