import { setTimeout as wait } from 'node:timers/promises'
import type Stripe from 'stripe'
import { createSender, type Destination, isAccepted, type SendWebhook } from './send-webhook.ts'
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
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'payment_method.',
  'customer.subscription.',
  'invoice.',
  'entitlements.',
  'test_helpers.test_clock.',
  'payment_link.',
  'product.',
  'price.',
] as const

export type Webhooks = {
  add(destination: Destination): void
  switchOff(): void
  /** Resolves when each destination gave its first answer, or could not be reached; at once while held. */
  firstAnswer(stored: StoredEvent): Promise<void>
  hold(): void
  release(reorder?: (events: Stripe.Event[]) => Stripe.Event[]): Promise<void>
  /** One attempt to each destination that takes this type, `times` times at once. */
  resend(stored: StoredEvent, times: number): Promise<number[]>
  settled(): Promise<void>
  close(): Promise<void>
}

/**
 * Stands between Stripe and the shop: sends a letter (to this address or another) as often as it
 * likes, late or never, and answers the status that Stripe shall see.
 */
export type Carry = (
  stored: StoredEvent,
  send: (url?: string) => Promise<number>,
) => Promise<number>

/** `first`: each destination answered once. `done`: each took it, or was given up. */
type Delivery = { first: Promise<void>; done: Promise<void> }

/** Stripe retries for days; five tries within about 1.5 s tell the same story. */
const TRIES = 5

/** Sends every new event to its destinations, signed as Stripe signs, again and again until a 2xx. */
export function createWebhooks(
  state: State,
  options: { retryBaseMs?: number; carry?: Carry } = {},
): Webhooks {
  const closing = new AbortController()
  const sender = createSender(state, closing.signal)
  const { carry } = options
  const send: SendWebhook = carry
    ? (stored, to) => carry(stored, (url) => sender.send(stored, url ? { ...to, url } : to))
    : sender.send
  const persist = persistently(send, options.retryBaseMs ?? 100, closing.signal)
  const destinations: Destination[] = []
  const underWay = createTracker()
  const firstAnswers = new WeakMap<StoredEvent, Promise<void>>()
  let held: StoredEvent[] | null = null

  const whoTakes = (stored: StoredEvent) =>
    destinations.filter((to) => to.types.some((start) => stored.event.type.startsWith(start)))

  function deliver(stored: StoredEvent): Delivery {
    const ways = whoTakes(stored).map((to) => persist(stored, to))
    const first = Promise.all(ways.map((way) => way.first)).then(() => {})
    firstAnswers.set(stored, first)
    return { first, done: underWay.add(Promise.all(ways.map((way) => way.done)).then(() => {})) }
  }

  state.onEvent = (stored) => {
    // Where nobody is to be told, nothing is undelivered: so it is while a destination is switched off.
    stored.delivered = whoTakes(stored).length === 0
    if (held) held.push(stored)
    else deliver(stored)
  }

  return {
    add: (destination) => void destinations.push(destination),
    switchOff: () => void destinations.splice(0),
    firstAnswer: (stored) => firstAnswers.get(stored) ?? Promise.resolve(),
    hold: () => {
      held ??= []
    },
    async release(reorder = (events) => events) {
      const order = reorder((held ?? []).map((stored) => stored.event))
      held = null
      const done: Promise<void>[] = []
      for (const event of order) {
        const delivery = deliver(state.eventById.get(event.id)!)
        await delivery.first
        done.push(delivery.done)
      }
      await Promise.all(done)
    },
    resend(stored, times) {
      const once = () => whoTakes(stored).map((to) => sender.send(stored, to))
      return underWay.add(Promise.all(Array.from({ length: times }, once).flat()))
    },
    settled: underWay.empty,
    async close() {
      closing.abort()
      await underWay.empty()
      await sender.close()
    },
  }
}

/** The sender with patience: after a first failure it tries again, each pause twice as long. */
function persistently(send: SendWebhook, baseMs: number, signal: AbortSignal) {
  return (
    stored: StoredEvent,
    to: Destination,
  ): { first: Promise<number>; done: Promise<void> } => {
    const first = send(stored, to)
    const retry = async () => {
      let status = await first
      for (let tried = 1; tried < TRIES && !isAccepted(status); tried++) {
        await wait(baseMs * 2 ** (tried - 1), undefined, { signal }).catch(() => {})
        if (signal.aborted) return
        status = await send(stored, to)
      }
    }
    return { first, done: retry() }
  }
}

/** Knows what has begun and not ended, also what begins while somebody waits. */
function createTracker() {
  const promises = new Set<Promise<unknown>>()
  return {
    add<T>(promise: Promise<T>): Promise<T> {
      promises.add(promise)
      const forget = () => promises.delete(promise)
      promise.then(forget, forget)
      return promise
    },
    async empty(): Promise<void> {
      while (promises.size > 0) await Promise.allSettled(promises)
    },
  }
}
