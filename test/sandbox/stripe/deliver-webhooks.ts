import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'
import { Agent, request } from 'undici'
import type { State, StoredEvent } from './state.ts'

/**
 * What a shop switches on for its destination (docs/going-live.md). Stripe sends only the types that
 * were chosen; everything else still happens and stands in the event list.
 */
export const CHOSEN_TYPES = [
  'checkout.session.',
  'charge.refunded',
  'charge.dispute.',
  'refund.',
  'customer.subscription.',
  'invoice.',
  'payment_link.',
  'product.',
  'price.',
] as const

export type Destination = {
  url: string
  secret: string
  thin: boolean
  /** Beginnings of event types; `''` is every type */
  types: readonly string[]
}

export type Webhooks = {
  add(destination: Destination): void
  /** Resolves when each destination gave its first answer, or could not be reached; at once while held. */
  firstAnswer(stored: StoredEvent): Promise<void>
  hold(): void
  release(reorder?: (events: Stripe.Event[]) => Stripe.Event[]): Promise<void>
  /** One attempt to each destination that takes this type, `times` times at once. */
  resend(stored: StoredEvent, times: number): Promise<number[]>
  settled(): Promise<void>
  close(): Promise<void>
}

/** Stripe retries for days; five tries within about 1.5 s tell the same story. */
const TRIES = 5
/** Stripe publishes no number; Checkout itself waits 10 s for an answer. */
const ANSWER_WITHIN = 10_000
const STATUS_UNREACHABLE = 0

/** Sends every new event to its destinations, signed as Stripe signs, again and again until a 2xx. */
export function createWebhooks(state: State, options: { retryBaseMs?: number } = {}): Webhooks {
  const base = options.retryBaseMs ?? 100
  const agent = new Agent({ connections: 64, headersTimeout: ANSWER_WITHIN })
  const signer = new Stripe('sk_test_signer', { telemetry: false }).webhooks
  const closing = new AbortController()
  const destinations: Destination[] = []
  const underWay = new Set<Promise<unknown>>()
  const firstAnswers = new WeakMap<StoredEvent, Promise<void>>()
  let held: StoredEvent[] | null = null

  async function attempt(stored: StoredEvent, to: Destination): Promise<number> {
    const payload = to.thin ? stored.thin.payload : stored.payload
    const began = performance.now()
    const status = await post(agent, to, payload, signer, closing.signal)
    if (isAccepted(status)) stored.delivered = true
    report(state, stored, to, status, performance.now() - began)
    return status
  }

  async function retryUntilAccepted(stored: StoredEvent, to: Destination): Promise<void> {
    for (let tried = 1; tried < TRIES; tried++) {
      await wait(base * 2 ** (tried - 1), undefined, { signal: closing.signal })
      if (isAccepted(await attempt(stored, to))) return
    }
  }

  /** Starts a delivery; the promise is its first answer, while retries go on behind it. */
  function deliver(stored: StoredEvent): { first: Promise<void>; done: Promise<void> } {
    const ways = destinations
      .filter((to) => takes(to, stored))
      .map((to) => {
        const first = attempt(stored, to)
        const done = first.then((status) =>
          isAccepted(status) ? undefined : retryUntilAccepted(stored, to),
        )
        return { first, done: done.catch(ignoreClosing) }
      })
    const done = track(Promise.all(ways.map((way) => way.done)).then(() => {}))
    const first = Promise.all(ways.map((way) => way.first)).then(() => {})
    firstAnswers.set(stored, first)
    return { first, done }
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    underWay.add(promise)
    const forget = () => underWay.delete(promise)
    promise.then(forget, forget)
    return promise
  }

  state.onEvent = (stored) => {
    if (held) held.push(stored)
    else deliver(stored)
  }

  return {
    add: (destination) => void destinations.push(destination),
    firstAnswer: (stored) => firstAnswers.get(stored) ?? Promise.resolve(),
    hold: () => {
      held ??= []
    },
    async release(reorder = (events) => events) {
      const waiting = held ?? []
      held = null
      const order = reorder(waiting.map((stored) => stored.event))
      const done: Promise<void>[] = []
      for (const event of order) {
        const delivery = deliver(state.eventById.get(event.id)!)
        await delivery.first
        done.push(delivery.done)
      }
      await Promise.all(done)
    },
    resend(stored, times) {
      const ways = destinations.filter((to) => takes(to, stored))
      const attempts = Array.from({ length: times }, () => ways.map((to) => attempt(stored, to)))
      return track(Promise.all(attempts.flat()))
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
      await agent.destroy()
    },
  }
}

function takes(to: Destination, stored: StoredEvent): boolean {
  return to.types.some((beginning) => stored.event.type.startsWith(beginning))
}

function isAccepted(status: number): boolean {
  return status >= 200 && status < 300
}

/** Signs anew for each attempt, as Stripe does, so that a late retry is not refused for its age. */
async function post(
  agent: Agent,
  to: Destination,
  payload: string,
  signer: Stripe['webhooks'],
  signal: AbortSignal,
): Promise<number> {
  try {
    const answer = await request(to.url, {
      dispatcher: agent,
      method: 'POST',
      signal,
      body: payload,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signer.generateTestHeaderString({ payload, secret: to.secret }),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
    })
    await answer.body.dump()
    return answer.statusCode
  } catch {
    return STATUS_UNREACHABLE
  }
}

function ignoreClosing(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error
}

function report(
  state: State,
  stored: StoredEvent,
  to: Destination,
  status: number,
  milliseconds: number,
): void {
  state.watch({
    at: state.now().getTime(),
    from: 'stripe',
    to: 'noren',
    title: to.thin ? `v1.${stored.event.type}` : stored.event.type,
    status,
    milliseconds: Math.round(milliseconds),
    detail: to.thin ? JSON.parse(stored.thin.payload) : stored.event,
  })
}
