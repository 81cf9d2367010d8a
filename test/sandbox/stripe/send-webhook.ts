import Stripe from 'stripe'
import { Agent, request } from 'undici'
import { type State, type StoredEvent, seconds } from './state.ts'

export type Destination = {
  url: string
  secret: string
  thin: boolean
  /** Beginnings of event types; `''` is every type */
  types: readonly string[]
}

/** Sends one event to one destination, once. Answers the HTTP status; 0 when nobody answered. */
export type SendWebhook = (stored: StoredEvent, to: Destination) => Promise<number>

/** Stripe publishes no number; Checkout itself waits 10 s for an answer. */
const ANSWER_WITHIN = 10_000
const NOBODY_ANSWERED = 0

/** Signs anew for each attempt, as Stripe does, so that a late retry is not refused for its age. */
export function createSender(state: State, signal: AbortSignal) {
  const agent = new Agent({ connections: 64, headersTimeout: ANSWER_WITHIN })
  const signer = new Stripe('sk_test_signer', { telemetry: false }).webhooks

  async function post(payload: string, to: Destination): Promise<number> {
    const letter = { payload, secret: to.secret, timestamp: seconds(state) }
    try {
      const answer = await request(to.url, {
        dispatcher: agent,
        method: 'POST',
        signal,
        body: payload,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signer.generateTestHeaderString(letter),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
      })
      await answer.body.dump()
      return answer.statusCode
    } catch {
      return NOBODY_ANSWERED
    }
  }

  const send: SendWebhook = async (stored, to) => {
    const began = performance.now()
    const status = await post(to.thin ? stored.thin.payload : stored.payload, to)
    if (isAccepted(status)) stored.delivered = true
    report(state, stored, to, status, performance.now() - began)
    return status
  }
  return { send, close: () => agent.destroy() }
}

export function isAccepted(status: number): boolean {
  return status >= 200 && status < 300
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
