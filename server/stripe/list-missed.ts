import Stripe from 'stripe'
import type { EventsAsked, MissedEvent, SessionGlance } from '../ports.ts'
import { readBell } from './read-bell.ts'
import { originOf, stateOfSession } from './read-checkout.ts'
import { isoTime } from './read-payment.ts'

/** The most that Stripe puts on one page. */
const PAGE = 100
/** The most types that one question may name. */
const MOST_TYPES = 20

/** Page by page on purpose: whoever reads can write down how far it came, and no list is ever whole in memory. */
export async function* listSessions(
  stripe: Stripe,
  since: Date,
  behind: string | null,
): AsyncIterable<SessionGlance[]> {
  for (let after = behind; ; ) {
    const page = await pageOfSessions(stripe, since, after)
    if (page.data.length > 0) yield page.data.map(glanceAtSession)
    after = page.data.at(-1)?.id ?? null
    if (!page.has_more || !after) return
  }
}

/** A bookmark may come from another account, or test data may have been deleted: then from the beginning. */
async function pageOfSessions(
  stripe: Stripe,
  since: Date,
  after: string | null,
): Promise<Stripe.ApiList<Stripe.Checkout.Session>> {
  const range = { limit: PAGE, created: { gte: unixTime(since) } }
  if (!after) return stripe.checkout.sessions.list(range)
  try {
    return await stripe.checkout.sessions.list({ ...range, starting_after: after })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    if (error.code !== 'resource_missing') throw error
    return stripe.checkout.sessions.list(range)
  }
}

export async function* listEvents(stripe: Stripe, ask: EventsAsked): AsyncIterable<MissedEvent[]> {
  for (let at = 0; at < ask.types.length; at += MOST_TYPES)
    yield* listSomeEvents(stripe, ask, ask.types.slice(at, at + MOST_TYPES))
}

async function* listSomeEvents(stripe: Stripe, ask: EventsAsked, types: string[]) {
  for (let after: string | null = null; ; ) {
    const page: Stripe.ApiList<Stripe.Event> = await stripe.events.list({
      limit: ask.newestOnly ? 1 : PAGE,
      types,
      created: { gte: unixTime(ask.since) },
      ...(ask.undelivered ? { delivery_success: false } : {}),
      ...(after ? { starting_after: after } : {}),
    })
    if (page.data.length > 0) yield page.data.map(missedEvent)
    after = page.data.at(-1)?.id ?? null
    if (!page.has_more || !after || ask.newestOnly) return
  }
}

export function glanceAtSession(session: Stripe.Checkout.Session): SessionGlance {
  return {
    id: session.id,
    livemode: session.livemode,
    ...originOf(session),
    mode: session.mode as SessionGlance['mode'],
    session: stateOfSession(session),
    payment: session.payment_status as SessionGlance['payment'],
    createdAt: isoTime(session.created),
  }
}

/** The same bell that the letterbox would have made of it. */
function missedEvent({ id, type, livemode, data }: Stripe.Event): MissedEvent {
  const object = data.object as unknown as Record<string, unknown>
  const isSession = object['object'] === 'checkout.session'
  return {
    id,
    type,
    doorbell: readBell(object, livemode),
    session: isSession ? glanceAtSession(data.object as Stripe.Checkout.Session) : null,
  }
}

function unixTime(date: Date): number {
  return Math.floor(date.getTime() / 1_000)
}
