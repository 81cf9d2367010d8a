import { HTTPFetchError } from '@line/bot-sdk'
import type { Meter, Pace, PaceLimit } from '../ports.ts'
import { readRetryAfter } from '../retry-policy.ts'

/**
 * LINE allows 2,000 calls a second on each endpoint (https://developers.line.biz/en/reference/messaging-api/#rate-limits).
 * The search begins at an eighth of it, since LINE asks not to be tested under load, and doubles each second.
 */
const LINE_LIMIT: PaceLimit = { perSecond: 2_000, start: 250 }

/**
 * Endpoints with a limit of their own. Rich menus may be made and deleted 100 times an hour: that is
 * no pace, and out of reach while menus that LINE holds are used again; past it, its 429 holds us back.
 */
const OWN_LIMITS: Readonly<Record<string, PaceLimit>> = { 'line richmenu list': { perSecond: 10 } }

/** The limit of a `line …` lane, in calls a second. */
export function lineLimit(lane: string): PaceLimit {
  return OWN_LIMITS[lane] ?? LINE_LIMIT
}

/** Makes one call to an endpoint at its pace, measured. Throws Later while nothing may leave, otherwise as the call does. */
export type Paced = <T>(endpoint: string, call: () => Promise<T>) => Promise<T>

/** Every call to LINE's bot API goes through this: it takes its turn, and what LINE answered is told. */
export function paceLine({ pace, meter }: { pace: Pace; meter: Meter }): Paced {
  return async (endpoint, call) => {
    const lanes = [`line ${endpoint}`]
    await pace.turn(lanes)
    const began = performance.now()
    const answered = (status: number | 'none') =>
      meter.answered('line', endpoint, status, performance.now() - began)
    try {
      const result = await call()
      answered(200)
      pace.heard(lanes, { refused: false })
      return result
    } catch (error) {
      const refusal = error instanceof HTTPFetchError ? error : null
      answered(refusal?.status ?? 'none')
      if (refusal) pace.heard(lanes, heardOf(refusal))
      throw error
    }
  }
}

/** A 429 has several meanings, told apart by its words alone: a month that is used up is no question of pace. */
function heardOf({ status, body, headers }: HTTPFetchError) {
  const refused = status === 429 && !/monthly limit/i.test(body)
  const retryAfter = refused
    ? readRetryAfter(headers.get('retry-after'), sentAt(headers))
    : undefined
  return retryAfter === undefined ? { refused } : { refused, retryAfter }
}

/** By LINE's own clock, since ours may be off. */
function sentAt(headers: Headers): Date {
  return new Date(headers.get('date') ?? Number.NaN)
}
