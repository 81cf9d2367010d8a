import type { PacesTable } from './tables.ts'

/**
 * How fast a lane goes, found by trying: a little faster each quiet second, slower when the vendor
 * refuses. All numbers in calls a second and milliseconds.
 */
type Found = Pick<PacesTable, 'rate' | 'peak' | 'lowered_at' | 'raised_at' | 'full_since'>

/**
 * Share of a vendor's limit that we go up to. A call that leaves up to 25 ms late (LATE_MS) shares a
 * sliding second with 2.5 % more than the rate: 0.97 × 1.025 stays below the limit, counted anywhere.
 */
const HEADROOM = 0.97
/**
 * Never below this share of the limit: a vendor that refuses more than that has trouble of its own,
 * and no rate of ours would mend it.
 */
const SLOWEST = 0.05
/** One overrun is refused many times; a vendor's second must pass before the next refusal is news. */
const EPISODE_MS = 1_200
/**
 * Refused again so soon, the rate is off; far off, unless it had only been lowered by a near miss. (At
 * 0.88 no refusal but a search's ever counted as far, and a limit that fell was found out four times as late.)
 */
const SOON_MS = 5_000
const NEAR = 0.96
const STEP_MS = 1_000

/** The fastest a lane with this limit may go. */
export function ceilingOf(perSecond: number): number {
  return perSecond * HEADROOM
}

/** The slowest it is ever made. */
export function floorOf(perSecond: number): number {
  return perSecond * SLOWEST
}

/** The rate after a refusal; null when this overrun was heard of before. `far`: it was no near miss. */
export function lowered(
  found: Found,
  now: number,
  floor: number,
): { rate: number; far: boolean } | null {
  const since = now - found.lowered_at
  if (since >= 0 && since < EPISODE_MS) return null
  // A search doubles: the rate before was good for a second.
  const searching = found.peak === 0 && ago(found.raised_at, now) < 3 * STEP_MS
  const factor = searching ? 0.5 : stepDown(found, since)
  return { rate: Math.max(floor, found.rate * factor), far: factor < 0.9 }
}

/** The sooner it is refused again, and the further below what was refused before, the larger the step. */
function stepDown({ rate, peak }: Found, since: number): number {
  if (since < 0 || since >= SOON_MS) return 0.97
  const near = rate > peak * NEAR
  if (since > SOON_MS / 2) return near ? 0.97 : 0.87
  return near ? 0.93 : 0.8
}

/**
 * The rate after another second without a refusal in which the lane was full, or null. It doubles
 * until the vendor first says no. Then it comes back to just below that quickly, tries the edge
 * slowly, and ever faster when nothing happens there: the vendor may allow more than it did.
 */
export function raised(found: Found, now: number, ceiling: number): number | null {
  const { rate, peak } = found
  const quiet = ago(found.lowered_at, now)
  const full = Math.min(ago(found.raised_at, now), ago(found.full_since, now))
  if (rate >= ceiling || Math.min(quiet, full) < STEP_MS) return null
  if (peak === 0) return Math.min(ceiling, rate * 2)
  const edge = peak * 0.985
  const hurry = quiet > 30_000 ? 0.25 : quiet > 15_000 ? 0.05 : 0.004
  return Math.min(ceiling, rate + Math.max(rate * hurry, (edge - rate) / 3))
}

/** A time that lies ahead comes from a clock that was put back since: it says nothing. */
function ago(at: number, now: number): number {
  return at > now ? Number.POSITIVE_INFINITY : now - at
}
