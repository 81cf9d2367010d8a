import Stripe from 'stripe'
import type { Meter, Pace, PaceLimit, ReadBudget } from '../ports.ts'
import { readRetryAfter } from '../retry-policy.ts'

type Client = ReturnType<typeof Stripe.createNodeHttpClient>
type Response = Awaited<ReturnType<Client['makeRequest']>>

/** The lane that every call shares; each endpoint has one of its own besides. */
const IN_ALL = 'stripe'
/** A limit of its own, however much else is allowed (https://docs.stripe.com/search#rate-limits). */
const SEARCHES = 20

/** The limit of a `stripe …` lane, in calls a second. */
export function stripeLimit(lane: string, rate: { endpoint: number; inAll: number }): PaceLimit {
  if (lane === IN_ALL) return { perSecond: rate.inAll }
  const most = Math.min(rate.endpoint, rate.inAll)
  return { perSecond: lane.endsWith('/search') ? Math.min(most, SEARCHES) : most }
}

/**
 * The SDK's own HTTP client behind the pace. Beneath the SDK, so that each page of a list and each
 * repeat takes a turn of its own, is measured, and is counted where it reads.
 */
export function pacedClient(parts: {
  pace: Pace
  meter: Meter
  reads: Pick<ReadBudget, 'count'>
}): Client {
  const inner = Stripe.createNodeHttpClient()
  const { pace, meter, reads } = parts

  // Must never throw at once: the SDK would leave its caller waiting for ever. An async function cannot.
  async function makeRequest(...request: Parameters<Client['makeRequest']>): Promise<Response> {
    const [, , path, method] = request
    const endpoint = `${method} ${endpointOf(path)}`
    const lane = `${IN_ALL} ${endpoint}`
    await pace.turn([IN_ALL, lane])
    if (method === 'GET') reads.count()
    const began = performance.now()
    const answered = (status: number | 'none') =>
      meter.answered('stripe', endpoint, status, performance.now() - began)
    try {
      const response = await inner.makeRequest(...request)
      answered(response.getStatusCode())
      tell(pace, lane, response)
      return response
    } catch (error) {
      answered('none')
      throw error
    }
  }

  return { getClientName: () => inner.getClientName(), makeRequest }
}

/**
 * `/v1/checkout/sessions/cs_123/line_items?limit=100` is `/v1/checkout/sessions/:id/line_items`: the
 * path without what it names, which is how Stripe counts. Names of collections are small letters only.
 */
export function endpointOf(path: string): string {
  const [version = '', ...rest] = (path.split('?')[0] ?? '').split('/').slice(1)
  return `/${[version, ...rest.map((part) => (/^[a-z_]+$/.test(part) ? part : ':id'))].join('/')}`
}

/**
 * Which lane a 429 is about stands in a header (https://docs.stripe.com/rate-limits). Without it, and
 * where Stripe asks to try again at once, somebody else holds the same object: no question of pace.
 */
function tell(pace: Pace, lane: string, response: Response): void {
  const headers = response.getHeaders()
  const reason = one(headers['stripe-rate-limited-reason'])
  const tooFast = response.getStatusCode() === 429 && one(headers['stripe-should-retry']) !== 'true'
  const refused = tooFast && reason !== 'resource-specific'
  const told = refused
    ? readRetryAfter(one(headers['retry-after']), new Date(one(headers['date']) ?? Number.NaN))
    : undefined
  const slowed = reason?.startsWith('global') ? [IN_ALL] : [lane]
  pace.heard(slowed, told === undefined ? { refused } : { refused, retryAfter: told })
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
