import { createHmac } from 'node:crypto'

export type Letter = { body: Buffer; headers: Record<string, string> }

/** About as large as Stripe's own checkout.session.completed, pretty-printed: 5.3 KB. */
const FILLER = Object.fromEntries(
  Array.from({ length: 60 }, (_, at) => [
    `field_${at}`,
    `value of field ${at} in the session object`,
  ]),
)

/** Unique, correctly signed events. `type` decides whether they cost a job. */
export function makeLetters(count: number, secret: string, type: string): Letter[] {
  const at = Math.floor(Date.now() / 1_000)
  const run = at.toString(36) + Math.random().toString(36).slice(2, 8)
  return Array.from({ length: count }, (_, index) => {
    const id = `${run}${String(index).padStart(8, '0')}`
    const event = {
      id: `evt_${id}`,
      object: 'event',
      api_version: '2026-10-28.endive',
      created: at,
      livemode: false,
      pending_webhooks: 1,
      type,
      data: { object: { id: `cs_test_${id}`, object: 'checkout.session', ...FILLER } },
    }
    return sign(Buffer.from(JSON.stringify(event, null, 2)), secret, at)
  })
}

/** Signs a body as Stripe does; here by hand, since the generator must cost less than what it measures. */
export function sign(body: Buffer, secret: string, at = Math.floor(Date.now() / 1_000)): Letter {
  const mac = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')
  return {
    body,
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${mac}` },
  }
}
