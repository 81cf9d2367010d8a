import { afterEach, beforeEach, expect, test } from 'vitest'
import { Later, type PaceLimit } from '../server/ports.ts'
import { openStore } from '../server/store/open-store.ts'
import { openPace } from '../server/store/pace.ts'
import { placeFor } from './support/engines.ts'
import { openPacedVendor, type PacedVendor, strictLimit } from './support/paced-vendor.ts'

const READ = 'stripe GET /v1/checkout/sessions/:id'
const PUSH = 'line push'
const LIMITS: Record<string, PaceLimit> = {
  stripe: { perSecond: 100 },
  [PUSH]: { perSecond: 2_000, start: 250 },
}

let town: PacedVendor

beforeEach(async () => {
  town = await openPacedVendor((lane) => LIMITS[lane] ?? { perSecond: 25 })
})
afterEach(() => town.close())

async function rowOf(lane: string) {
  return town.store.db
    .selectFrom('paces')
    .selectAll()
    .where('lane', '=', lane)
    .executeTakeFirstOrThrow()
}

test('two processes share what Stripe allows: never more than 25 reads in any second, and nearly all of them', async () => {
  const stripe = strictLimit(25)
  const [one, two] = [town.openPace(), town.openPace()]
  const first = town.workOff(one, { lanes: [READ], vendors: [stripe] })
  const second = town.workOff(two, { lanes: [READ], vendors: [stripe] })
  await town.time.pass(40)
  expect(stripe).toMatchObject({ worst: 25, refused: 0 })
  expect(stripe.taken).toBeGreaterThanOrEqual(40 * 25 * 0.95)
  expect(Math.min(first.taken, second.taken)).toBeGreaterThan(stripe.taken * 0.45)
})

test('a process that is started again at once does not begin a new allowance', async () => {
  const stripe = strictLimit(25)
  for (let start = 0; start < 8; start++) {
    const pace = town.openPace()
    town.workOff(pace, { lanes: [READ], vendors: [stripe] })
    await town.time.pass(0.7)
    pace.close()
  }
  expect(stripe.worst).toBeLessThanOrEqual(25)
  expect(stripe.refused).toBe(0)
  expect(stripe.taken).toBeGreaterThan(100)
})

test('many endpoints together stay within what Stripe allows in all', async () => {
  const inAll = strictLimit(100)
  const pace = town.openPace()
  for (const path of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const endpoint = strictLimit(25)
    const lanes = ['stripe', `stripe GET /v1/${path}`]
    town.workOff(pace, { lanes, vendors: [inAll, endpoint] })
  }
  await town.time.pass(20)
  expect(inAll.worst).toBeLessThanOrEqual(100)
  expect(inAll.taken).toBeGreaterThan(20 * 100 * 0.95)
})

test.each([1, 2])(
  '%i processes find what LINE really allows: nearly all of it, and hardly a refusal',
  async (processes) => {
    const line = strictLimit(500)
    for (let at = 0; at < processes; at++)
      town.workOff(town.openPace(), { lanes: [PUSH], vendors: [line], inHand: 128 })
    await town.time.pass(30)
    const settled = { taken: line.taken, refused: line.refused }
    await town.time.pass(30)
    const taken = line.taken - settled.taken
    const refused = line.refused - settled.refused
    expect(taken / 30 / 500).toBeGreaterThan(0.95)
    expect(refused / (taken + refused)).toBeLessThan(0.01)
    expect(refused).toBeGreaterThan(0)
  },
)

test('one process that is refused slows all of them down, once for many refusals', async () => {
  const [one, two] = [town.openPace(), town.openPace()]
  await one.turn([READ]).catch(() => {})
  const before = (await rowOf(READ)).rate
  for (const pace of [one, two, one, two]) pace.heard([READ], { refused: true })
  await town.time.pass(0.1)
  expect((await rowOf(READ)).rate).toBeCloseTo(before * 0.97)
  const stripe = strictLimit(25)
  town.workOff(two, { lanes: [READ], vendors: [stripe] })
  await town.time.pass(1)
  expect(stripe.taken).toBeLessThanOrEqual(Math.ceil(before * 0.97))
})

test('when LINE allows more again, that is found out', async () => {
  const line = strictLimit(200)
  town.workOff(town.openPace(), { lanes: [PUSH], vendors: [line], inHand: 128 })
  await town.time.pass(30)
  line.limit = 900
  await town.time.pass(60)
  const before = line.taken
  await town.time.pass(10)
  expect((line.taken - before) / 10).toBeGreaterThan(850)
})

test('when LINE allows less than before, that is found out too', async () => {
  const line = strictLimit(1_000)
  for (const pace of [town.openPace(), town.openPace()])
    town.workOff(pace, { lanes: [PUSH], vendors: [line], inHand: 128 })
  await town.time.pass(40)
  const before = line.refused
  line.limit = 300
  await town.time.pass(60)
  expect(line.refused - before).toBeLessThan(4_500)
})

test('a rate that nobody uses is not made faster: it would not have been tried', async () => {
  const stripe = strictLimit(25)
  const pace = town.openPace()
  town.workOff(pace, { lanes: [READ], vendors: [stripe], inHand: 2, latencyMs: 177 })
  await town.time.pass(1)
  pace.heard([READ], { refused: true })
  await town.time.pass(0.1)
  const lowered = (await rowOf(READ)).rate
  await town.time.pass(30)
  expect(stripe.taken).toBeGreaterThan(200)
  expect((await rowOf(READ)).rate).toBe(lowered)
})

test('nor is one that two processes with all hands full cannot reach', async () => {
  const line = strictLimit(2_000)
  for (const pace of [town.openPace(), town.openPace()])
    town.workOff(pace, { lanes: [PUSH], vendors: [line], inHand: 9, latencyMs: 31 })
  await town.time.pass(30)
  expect(line.taken / 30).toBeLessThan(600)
  expect((await rowOf(PUSH)).rate).toBeLessThanOrEqual(1_000)
})

test('a vendor that refuses whatever we do is asked slowly, and never so slowly that it is not noticed when it is well', async () => {
  const line = strictLimit(0)
  town.workOff(town.openPace(), { lanes: [PUSH], vendors: [line], inHand: 400 })
  await town.time.pass(60)
  expect((await rowOf(PUSH)).rate).toBe(100)
  line.limit = 2_000
  await town.time.pass(60)
  expect((await rowOf(PUSH)).rate).toBeGreaterThan(1_800)
})

test('when a vendor asks for silence, nobody calls on that lane until it is over, and others go on', async () => {
  const [one, two] = [town.openPace(), town.openPace()]
  const line = strictLimit(2_000)
  const stripe = strictLimit(25)
  town.workOff(one, { lanes: [PUSH], vendors: [line] })
  town.workOff(two, { lanes: [PUSH], vendors: [line] })
  town.workOff(two, { lanes: [READ], vendors: [stripe] })
  await town.time.pass(2)
  one.heard([PUSH], { refused: true, retryAfter: 5 })
  await town.time.pass(0.4) // what the other process had in hand, and what was on its way
  const [said, read] = [line.taken, stripe.taken]
  await town.time.pass(4.5)
  expect(line.taken).toBe(said)
  expect(stripe.taken).toBeGreaterThan(read + 100)
  await town.time.pass(1)
  expect(line.taken).toBeGreaterThan(said)
})

test('whoever would wait long for a silent vendor goes back to the queue, and hears for how long', async () => {
  const [one, two] = [town.openPace(), town.openPace()]
  await one.turn([PUSH])
  one.heard([PUSH], { refused: true, retryAfter: 90 })
  await town.time.pass(0.1)
  for (const pace of [one, two]) {
    const turn = pace.turn([PUSH]).catch((error: unknown) => error)
    await town.time.pass(0.1)
    const refusal = await turn
    expect(refusal).toBeInstanceOf(Later)
    expect((refusal as Later).seconds).toBeGreaterThan(85)
  }
})

test('a clock that jumps back an hour stops nobody', async () => {
  const stripe = strictLimit(25)
  const pace = town.openPace()
  town.workOff(pace, { lanes: [READ], vendors: [stripe] })
  await town.time.pass(5)
  pace.heard([READ], { refused: true, retryAfter: 2 })
  await town.time.pass(0.1)
  town.time.setClock(-3_600)
  await town.time.pass(5)
  const before = stripe.taken
  await town.time.pass(20)
  expect(stripe.taken - before).toBeGreaterThan(20 * 25 * 0.9)
  expect(stripe.worst).toBeLessThanOrEqual(28)
})

test('nor does it make anybody go faster and faster', async () => {
  const line = strictLimit(1_500)
  for (const pace of [town.openPace(), town.openPace()])
    town.workOff(pace, { lanes: [PUSH], vendors: [line], inHand: 128 })
  await town.time.pass(40)
  town.time.setClock(-3_600)
  await town.time.pass(10)
  const before = line.refused
  await town.time.pass(60)
  expect(line.refused - before).toBeLessThan(100)
})

test('a buyer’s own question waits for a fraction of a second behind a backlog of thousands', async () => {
  const stripe = strictLimit(25)
  for (const pace of [town.openPace(), town.openPace(), town.openPace()])
    town.workOff(pace, { lanes: [READ], vendors: [stripe], inHand: 64 })
  await town.time.pass(10)
  const web = town.openPace()
  const waits: number[] = []
  for (let at = 0; at < 10; at++) {
    const began = town.time.mono()
    void web.turn([READ]).then(() => waits.push(town.time.mono() - began))
    await town.time.pass(1.3)
  }
  expect(waits).toHaveLength(10)
  expect(Math.max(...waits)).toBeLessThan(700)
})

test('when the house closes, whoever waits goes back to the queue at once', async () => {
  const pace = town.openPace()
  const turns = Array.from({ length: 50 }, () => pace.turn([READ]).catch((error: unknown) => error))
  await town.time.pass(0.2)
  pace.close()
  const answers = await Promise.all(turns)
  expect(answers.filter((answer) => answer instanceof Later).length).toBeGreaterThan(40)
  await expect(pace.turn([READ])).rejects.toThrow(Later)
  expect(town.time.waiting()).toBe(0)
})

test('when the store is away calls go on at a quarter, it is said, and afterwards all is as before', async () => {
  const stripe = strictLimit(25)
  town.workOff(town.openPace(), { lanes: [READ], vendors: [stripe] })
  await town.time.pass(5)
  town.breakStore(true)
  await town.time.pass(1)
  const before = stripe.taken
  await town.time.pass(20)
  const alone = (stripe.taken - before) / 20
  expect(alone).toBeGreaterThan(5)
  expect(alone).toBeLessThan(25 / 3)
  expect(town.reported.length).toBeGreaterThan(0)
  expect(town.reported.length).toBeLessThan(20)
  town.breakStore(false)
  await town.time.pass(5)
  const again = stripe.taken
  await town.time.pass(20)
  expect(stripe.taken - again).toBeGreaterThan(20 * 25 * 0.95)
})

test('an idle lane costs nothing, and a busy one about ten writes a second', async () => {
  const line = strictLimit(2_000)
  const pace = town.openPace()
  void pace.turn([READ])
  await town.time.pass(1)
  const idle = town.writes()
  await town.time.pass(60)
  expect(town.writes()).toBe(idle)
  expect(town.time.waiting()).toBe(0)
  town.workOff(pace, { lanes: [PUSH], vendors: [line], inHand: 400 })
  await town.time.pass(10)
  const busy = town.writes()
  await town.time.pass(10)
  expect(line.taken).toBeGreaterThan(15_000)
  expect(town.writes() - busy).toBeLessThan(150)
})

test('on Postgres two processes share one timeline by its clock, whatever their own clocks say', async () => {
  const place = await placeFor('postgres')
  const report = (error: unknown) => expect.unreachable(String(error))
  const houses = [0, 3_600_000].map((ahead) => {
    const clock = { now: () => new Date(Date.now() + ahead) }
    const store = openStore(place.database, { clock, report, gapMs: 0 })
    const pace = openPace({ store, clock, report, limitOf: () => ({ perSecond: 25 }) })
    return { store, pace }
  })
  try {
    const began = performance.now()
    const turns = Array.from({ length: 20 }, () => houses.map(({ pace }) => pace.turn([READ])))
    await Promise.all(turns.flat())
    // Each on its own would be done in half of this; more cannot hurt, on a busy machine it is more.
    expect(performance.now() - began).toBeGreaterThan((40 / 25) * 1_000 * 0.9)
  } finally {
    for (const { store, pace } of houses) {
      pace.close()
      await store.close()
    }
    await place.remove()
  }
})
