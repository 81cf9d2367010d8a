import { sql } from 'kysely'
import type { Clock, PaceLimit, Store, Tx } from '../ports.ts'
import { ceilingOf, floorOf, lowered, raised } from './pace-rate.ts'
import type { PacesTable } from './tables.ts'

/**
 * Further ahead than any honest queue of slots: the clock was put back, and the lane must not stand
 * still for as long as that.
 */
const MOST_AHEAD_MS = 10_000
/** No vendor is believed that wants silence for longer: somebody would have to find out by hand. */
const MOST_QUIET_SECONDS = 3_600

/**
 * Whoever waits for slots asks 40 ms before the last ones are over. A lane whose next slot is nearer than
 * half of that, or that nobody used for as long, is not full: a faster rate would go unused.
 */
const GAP_MS = 20

/** Slots that are ours, in ms of `mono`, in order; or how long the vendor wants silence. */
export type Grant = { slots: number[]; perSecond: number } | { quietSeconds: number }

export type PaceTime = {
  /** Milliseconds that only ever grow, whatever is done to the clock */
  mono(): number
  /** Calls `run` once, so many ms later; the answer takes that back */
  after(ms: number, run: () => void): () => void
}

export type PaceBook = {
  /**
   * Takes the next `count` slots of all these lanes; `full` says that those before were all used, so
   * that a faster rate would be. Throws when the store does not answer.
   */
  reserve(lanes: readonly string[], count: number, full: boolean): Promise<Grant>
  /** Writes a refusal down. True: the rate was far off, so slots in hand are too close together. */
  lower(lanes: readonly string[], retryAfter: number): Promise<boolean>
}

type Taken = PacesTable & { now: number }

/**
 * One row a lane, one timeline for all processes: whoever wants to call takes the next slots of it,
 * evenly spaced, and the row says how far apart. Two processes can so never take the whole each.
 */
export function openPaceBook(parts: {
  store: Store
  clock: Clock
  time: PaceTime
  limitOf: (lane: string) => PaceLimit
}): PaceBook {
  const { store, time } = parts
  const ceiling = (lane: string) => ceilingOf(parts.limitOf(lane).perSecond)
  /** One clock for all: SQLite's processes share a machine; Postgres' may not, so its own is asked. */
  const now = () =>
    store.engine === 'sqlite'
      ? sql<number>`cast(${parts.clock.now().getTime()} as double precision)`
      : sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as double precision)`

  async function take(tx: Tx, lane: string, count: number): Promise<Taken | undefined> {
    const most = ceiling(lane)
    const at = now()
    const { rows } = await sql<Taken>`
      update paces set full_since =
        case when next_free_at < ${at} - ${GAP_MS} then ${at} else full_since end, next_free_at =
        case when next_free_at > ${at} and next_free_at <= ${at} + ${MOST_AHEAD_MS}
          then next_free_at else ${at} end
        + cast(${count * 1_000} as double precision)
          / case when rate < ${most} then rate else ${most} end
      where lane = ${lane}
      returning lane, rate, peak, next_free_at, lowered_at, raised_at, full_since,
        quiet_until, ${at} as now
    `.execute(tx)
    return rows[0]
  }

  async function takeOrOpen(tx: Tx, lane: string, count: number): Promise<Taken> {
    const taken = await take(tx, lane, count)
    if (taken) return taken
    await open(tx, lane, parts.limitOf(lane))
    return (await take(tx, lane, count)) as Taken
  }

  async function reserve(lanes: readonly string[], count: number, full: boolean): Promise<Grant> {
    return store.transaction(async (tx) => {
      const slots: number[] = Array.from({ length: count }, () => 0)
      let perSecond = Number.POSITIVE_INFINITY
      let quiet = 0
      // Always in the same order: two processes that took two rows crosswise would wait for each other.
      for (const lane of lanes.toSorted()) {
        const taken = await takeOrOpen(tx, lane, count)
        const offset = time.mono() - taken.now
        const rate = Math.min(taken.rate, ceiling(lane))
        const first = taken.next_free_at - (count * 1_000) / rate
        for (let at = 0; at < count; at++)
          slots[at] = Math.max(slots[at] ?? 0, offset + first + (at * 1_000) / rate)
        perSecond = Math.min(perSecond, rate)
        if (taken.lowered_at <= taken.now) quiet = Math.max(quiet, taken.quiet_until - taken.now)
        if (full && first > taken.now + GAP_MS) await raise(tx, taken, ceiling(lane))
      }
      return quiet > 0 ? { quietSeconds: quiet / 1_000 } : { slots, perSecond }
    })
  }

  async function lower(lanes: readonly string[], retryAfter: number): Promise<boolean> {
    return store.transaction(async (tx) => {
      let far = false
      for (const lane of lanes.toSorted()) far = (await lowerOne(tx, lane, retryAfter)) || far
      return far
    })
  }

  async function lowerOne(tx: Tx, lane: string, retryAfter: number): Promise<boolean> {
    const { rows } = await sql<Taken>`
      select *, ${now()} as now from paces where lane = ${lane}`.execute(tx)
    const [seen] = rows
    if (!seen) return false
    const rate = Math.min(seen.rate, ceiling(lane))
    const floor = floorOf(parts.limitOf(lane).perSecond)
    const change = lowered({ ...seen, rate }, seen.now, floor)
    if (change)
      await tx
        .updateTable('paces')
        .set({ rate: change.rate, peak: rate, lowered_at: seen.now })
        .where('lane', '=', lane)
        // Whoever else heard the same refusal a moment ago has lowered it already.
        .where('lowered_at', '=', seen.lowered_at)
        .execute()
    const quiet_until = seen.now + Math.min(retryAfter, MOST_QUIET_SECONDS) * 1_000
    if (retryAfter > 0)
      await tx.updateTable('paces').set({ quiet_until }).where('lane', '=', lane).execute()
    return change?.far ?? false
  }

  return { reserve, lower }
}

/** Whoever comes second finds the lane open. */
async function open(tx: Tx, lane: string, limit: PaceLimit): Promise<void> {
  const most = ceilingOf(limit.perSecond)
  const rate = Math.min(limit.start ?? most, most)
  const never = {
    peak: 0,
    next_free_at: 0,
    lowered_at: 0,
    raised_at: 0,
    full_since: 0,
    quiet_until: 0,
  }
  await tx
    .insertInto('paces')
    .values({ lane, rate, ...never })
    .onConflict((conflict) => conflict.column('lane').doNothing())
    .execute()
}

/** Only a lane that is full is worth more: a rate that nobody used has not been tried. */
async function raise(tx: Tx, taken: Taken, ceiling: number): Promise<void> {
  const rate = raised(taken, taken.now, ceiling)
  if (rate === null) return
  await tx
    .updateTable('paces')
    .set({ rate, raised_at: taken.now })
    .where('lane', '=', taken.lane)
    .where('raised_at', '=', taken.raised_at)
    .where('lowered_at', '=', taken.lowered_at)
    .execute()
}
