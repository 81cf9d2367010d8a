import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRecorder } from '../server/store/record-events.ts'
import type { NewEvent } from '../server/store/tables.ts'

/** A ledger whose writes end when the test says so. */
let writes: { events: readonly NewEvent[]; done: (anyNew: boolean) => void; fail: () => void }[]
let rings: number
let reported: unknown[]

const openRecorder = () =>
  createRecorder(
    (events) =>
      new Promise((resolve, reject) => {
        writes.push({ events, done: resolve, fail: () => reject(new Error('disk I/O error')) })
      }),
    () => rings++,
    (error) => reported.push(error),
  )

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
  writes = []
  rings = 0
  reported = []
})
afterEach(() => vi.useRealTimers())

const eventOf = (id: string): NewEvent => ({
  id,
  source: 'stripe',
  type: 'checkout.session.completed',
  doorbell: '{}',
  received_at: '2026-01-01T00:00:00.000Z',
  handled_at: null,
  outcome: null,
})
const many = (count: number, prefix = 'evt') =>
  Array.from({ length: count }, (_, at) => eventOf(`${prefix}_${at}`))

/** What became of it so far, in a word. */
function watch(promise: Promise<void>) {
  const seen = { outcome: 'waiting' }
  promise.then(
    () => {
      seen.outcome = 'held'
    },
    (error: { code?: string; message: string }) => {
      seen.outcome = error.code ?? error.message
    },
  )
  return seen
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('whoever has waited five seconds is refused, also when the write is in hand and succeeds later', async () => {
  const record = openRecorder()
  const inHand = watch(record([eventOf('a')]))
  await pass(1)
  const inLine = watch(record([eventOf('b')]))
  await pass(4_900)
  expect([inHand.outcome, inLine.outcome]).toEqual(['waiting', 'waiting'])
  await pass(200)
  expect([inHand.outcome, inLine.outcome]).toEqual(['busy', 'busy'])
  writes[0]?.done(true)
  await pass(1)
  expect(inHand.outcome).toBe('busy')
  expect(rings).toBe(1)
  expect(writes).toHaveLength(1)
})

test('behind a write that takes too long, newcomers are sent away at once, and one line is logged', async () => {
  const record = openRecorder()
  watch(record([eventOf('a')]))
  await pass(1_900)
  const patient = watch(record([eventOf('b')]))
  await pass(200)
  const late = [watch(record([eventOf('c')])), watch(record([eventOf('d')]))]
  await pass(0)
  expect(late.map(({ outcome }) => outcome)).toEqual(['busy', 'busy'])
  expect(patient.outcome).toBe('waiting')
  expect(reported).toHaveLength(1)
})

test('a write that hangs for an hour holds one batch and nothing else, and then all goes on', async () => {
  const record = openRecorder()
  const outcomes = [watch(record([eventOf('hangs')]))]
  await pass(1)
  for (let at = 0; at < 3_600; at++) {
    outcomes.push(watch(record([eventOf(`evt_${at}`)])))
    await pass(1_000)
  }
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['busy']))
  expect(writes).toHaveLength(1)
  writes[0]?.fail()
  await pass(1)
  const next = watch(record([eventOf('next')]))
  await pass(1)
  expect(writes.map(({ events }) => events.map(({ id }) => id))).toEqual([['hangs'], ['next']])
  writes[1]?.done(true)
  await pass(1)
  expect(next.outcome).toBe('held')
})

test('whoever knocks right after a slow write is let in: the line is empty', async () => {
  const record = openRecorder()
  let next = { outcome: 'not here yet' }
  const slow = record([eventOf('slow')]).then(() => {
    next = watch(record([eventOf('next')]))
  })
  await pass(2_100)
  writes[0]?.done(true)
  await slow
  await pass(1)
  writes[1]?.done(true)
  await pass(1)
  expect(next.outcome).toBe('held')
  expect(reported).toEqual([])
})

test('no more than a few thousand events stand in line; one more is sent away without waiting', async () => {
  const record = openRecorder()
  const full = watch(record(many(2 * 256 + 4_096)))
  await pass(1)
  const oneMore = watch(record([eventOf('one_more')]))
  await pass(1)
  expect([full.outcome, oneMore.outcome]).toEqual(['waiting', 'busy'])
})

test('a letter with thousands of events is written in pieces, and held when the last of them is', async () => {
  const record = openRecorder()
  const large = watch(record(many(1_000)))
  for (const [at, size] of [256, 256, 256, 232].entries()) {
    await pass(1)
    expect(large.outcome).toBe('waiting')
    expect(writes[at]?.events).toHaveLength(size)
    writes[at]?.done(true)
  }
  await pass(1)
  expect(large.outcome).toBe('held')
})

test('a letter of which one piece could not be written is not held', async () => {
  const record = openRecorder()
  const large = watch(record(many(500)))
  await pass(1)
  writes[0]?.done(true)
  await pass(1)
  writes[1]?.fail()
  await pass(1)
  expect(large.outcome).toBe('disk I/O error')
})

test('what waits while one write is in hand goes into the next together', async () => {
  const record = openRecorder()
  const outcomes = [watch(record(many(256, 'first')))]
  await pass(1)
  for (const event of many(200)) outcomes.push(watch(record([event])))
  await pass(1)
  expect(writes).toHaveLength(1)
  writes[0]?.done(true)
  await pass(1)
  expect(writes[1]?.events).toHaveLength(200)
  writes[1]?.done(true)
  await pass(1)
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['held']))
})

test('when as many wait as are in hand, a second write takes them, and never a third', async () => {
  const record = openRecorder()
  watch(record(many(20, 'first')))
  await pass(1)
  for (const event of many(19)) watch(record([event]))
  await pass(1)
  expect(writes).toHaveLength(1)
  watch(record([eventOf('the_twentieth')]))
  await pass(1)
  expect(writes.map(({ events }) => events.length)).toEqual([20, 20])
  for (const event of many(100, 'more')) watch(record([event]))
  await pass(1)
  expect(writes).toHaveLength(2)
})

test('both writes in hand become about as large', async () => {
  const record = openRecorder()
  watch(record(many(20, 'first')))
  await pass(1)
  for (const event of many(100)) watch(record([event]))
  await pass(1)
  expect(writes[1]?.events).toHaveLength(40)
  writes[0]?.done(true)
  await pass(1)
  expect(writes[2]?.events).toHaveLength(60)
})

test('both writes in hand stay about as large when they end in the same moment', async () => {
  const record = openRecorder()
  watch(record(many(20, 'first')))
  await pass(1)
  for (const event of many(160)) watch(record([event]))
  await pass(1)
  writes[0]?.done(true)
  writes[1]?.done(true)
  await pass(1)
  expect(writes.slice(2).map(({ events }) => events.length)).toEqual([60, 60])
})

test('a crowd that comes in one moment gets both hands', async () => {
  const record = openRecorder()
  for (const event of many(1_000)) watch(record([event]))
  await pass(1)
  expect(writes.map(({ events }) => events.length)).toEqual([256, 256])
})

test('of two writes in hand, the one that ends first answers its own and nobody else', async () => {
  const record = openRecorder()
  const first = watch(record(many(20, 'first')))
  await pass(1)
  const second = watch(record(many(20, 'second')))
  await pass(1)
  writes[1]?.done(true)
  await pass(1)
  expect([first.outcome, second.outcome]).toEqual(['waiting', 'held'])
  writes[0]?.fail()
  await pass(1)
  expect(first.outcome).toBe('disk I/O error')
})

test('a second write that is quick makes nobody believe that the first is: newcomers are sent away', async () => {
  const record = openRecorder()
  watch(record(many(20, 'hangs')))
  await pass(1_900)
  watch(record(many(20, 'quick')))
  await pass(1)
  writes[1]?.done(true)
  await pass(200)
  const late = watch(record([eventOf('late')]))
  await pass(1)
  expect(late.outcome).toBe('busy')
})

test('a letter without events is held at once', async () => {
  const empty = watch(openRecorder()([]))
  await pass(0)
  expect([empty.outcome, writes.length]).toEqual(['held', 0])
})
