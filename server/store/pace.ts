import { type Clock, Closing, type Pace, type PaceLimit, type Store } from '../ports.ts'
import { type Grant, openPaceBook, type PaceTime } from './pace-book.ts'
import { createPaceQueue, type PaceQueue } from './pace-queue.ts'
import { ceilingOf } from './pace-rate.ts'

/** A store that has not answered by then is passed by: a buyer may be waiting. */
const STORE_MS = 2_000
/** After that it is left alone for so long; asking each time would cost each chunk as much again. */
const LEAVE_MS = 2_000
/** Without the store nobody knows of the others: then each takes a quarter of what was the rate. */
const ALONE = 0.25

const SYSTEM_TIME: PaceTime = {
  mono: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.ceil(ms))
    return () => clearTimeout(timer)
  },
}

/**
 * The pace of every lane, shared by all processes through the store. Calls leave evenly spaced; a
 * lane that nobody uses costs nothing. When the store is away calls go on, slowly.
 */
export function openPace(parts: {
  store: Store
  clock: Clock
  report: (error: unknown) => void
  limitOf: (lane: string) => PaceLimit
  time?: PaceTime
}): Pace & { close(): void } {
  const time = parts.time ?? SYSTEM_TIME
  const book = openPaceBook({ ...parts, time })
  const alone = createLoneShare(parts.limitOf, time)
  const queues = new Map<string, { lanes: readonly string[]; queue: PaceQueue }>()
  let closed = false
  let awayUntil = Number.NEGATIVE_INFINITY

  async function reserve(lanes: readonly string[], count: number, full: boolean): Promise<Grant> {
    if (time.mono() < awayUntil) return alone.take(lanes, count)
    try {
      const grant = await within(STORE_MS, time, book.reserve(lanes, count, full))
      if ('perSecond' in grant) alone.know(lanes, grant.perSecond)
      return grant
    } catch (error) {
      awayUntil = time.mono() + LEAVE_MS
      parts.report(error)
      return alone.take(lanes, count)
    }
  }

  function queueOf(lanes: readonly string[]): PaceQueue {
    const key = lanes.join('|')
    const known = queues.get(key)
    if (known) return known.queue
    const queue = createPaceQueue({ reserve: (count, full) => reserve(lanes, count, full), time })
    queues.set(key, { lanes: [...lanes], queue })
    return queue
  }

  async function lower(lanes: readonly string[], retryAfter: number): Promise<void> {
    if (retryAfter > 0) hush(lanes, retryAfter)
    if (await book.lower(lanes, retryAfter)) hush(lanes, 0)
  }

  function hush(slowed: readonly string[], seconds: number): void {
    for (const { lanes, queue } of queues.values())
      if (lanes.some((lane) => slowed.includes(lane))) queue.hush(seconds)
  }

  return {
    async turn(lanes) {
      if (closed) throw new Closing()
      await queueOf(lanes).turn()
    },
    heard(lanes, { refused, retryAfter = 0 }) {
      if (refused && !closed) void lower(lanes, retryAfter).catch(parts.report)
    },
    close() {
      closed = true
      for (const { queue } of queues.values()) queue.clear(new Closing())
    },
  }
}

/** What one process allows itself while it cannot ask the others. */
function createLoneShare(limitOf: (lane: string) => PaceLimit, time: PaceTime) {
  const known = new Map<string, number>()
  const nextFree = new Map<string, number>()
  const rateOf = (lane: string) => {
    const { perSecond, start } = limitOf(lane)
    return known.get(lane) ?? Math.min(start ?? perSecond, ceilingOf(perSecond))
  }
  return {
    /** The slowest of several lanes says nothing of the others, but it is safe for all. */
    know(lanes: readonly string[], perSecond: number): void {
      for (const lane of lanes) known.set(lane, perSecond)
    },
    take(lanes: readonly string[], count: number): Grant {
      const perSecond = Math.max(1, ALONE * Math.min(...lanes.map(rateOf)))
      const first = Math.max(time.mono(), ...lanes.map((lane) => nextFree.get(lane) ?? 0))
      const slots = Array.from({ length: count }, (_, at) => first + (at * 1_000) / perSecond)
      for (const lane of lanes) nextFree.set(lane, first + (count * 1_000) / perSecond)
      return { slots, perSecond }
    },
  }
}

async function within<T>(ms: number, time: PaceTime, work: Promise<T>): Promise<T> {
  let cancel = () => {}
  const limit = new Promise<never>((_, reject) => {
    cancel = time.after(ms, () => reject(new Error('the store did not give a pace in time')))
  })
  return Promise.race([work, limit]).finally(() => cancel())
}
