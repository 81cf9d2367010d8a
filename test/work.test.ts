import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWork, type Work } from '../server/work.ts'

/** The worker's loop alone: what is due, and what becomes of it, is told by the test. */
const clock = { now: () => new Date() }
let drained = 0
let work: Work

beforeEach(() => {
  vi.useFakeTimers()
  drained = 0
})
afterEach(async () => {
  await work.stop()
  vi.useRealTimers()
})

function openWork(
  drain: () => Promise<number>,
  nextDue: () => Promise<Date | null> = async () => clock.now(),
): unknown[] {
  const reported: unknown[] = []
  const store = {
    nextDue,
    drain: () => {
      drained++
      return drain()
    },
  }
  const report = (error: unknown) => void reported.push(error)
  work = startWork({ store, handle: async () => {}, clock, report })
  return reported
}

test('a disk that takes no writes is looked at once a second and not a hundred times, however much is due', async () => {
  const full = new Error('database or disk is full')
  const reported = openWork(() => Promise.reject(full))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(drained).toBeGreaterThan(8)
  expect(drained).toBeLessThan(13)
  expect(reported).toHaveLength(drained)
})

test('a bell is heard at once also while the disk takes no writes', async () => {
  openWork(() => Promise.reject(new Error('database or disk is full')))
  await vi.advanceTimersByTimeAsync(100)
  expect(drained).toBe(1)
  work.ring()
  await vi.advanceTimersByTimeAsync(100)
  expect(drained).toBe(2)
})

test('what is due a little later is taken up then, and not at the next second', async () => {
  const soon = new Date(Date.now() + 300)
  openWork(
    async () => 0,
    async () => (clock.now() < soon ? soon : null),
  )
  await vi.advanceTimersByTimeAsync(299)
  expect(drained).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(drained).toBe(2)
})
