import { Client } from 'undici'
import type { Letter } from './make-events.ts'

export type Sent = {
  perSecond: number
  p50: number
  p99: number
  /** Not answered 200 */
  failed: number
  /** How often each status was the answer */
  statuses: Record<number, number>
  ms: number
}

/** Sends every letter once over `connections` keep-alive connections, each as fast as it is answered. */
export async function sendLetters(
  url: string,
  letters: readonly Letter[],
  connections: number,
  path = '/webhooks/stripe',
): Promise<Sent> {
  const times: number[] = []
  let next = 0
  const statuses: Record<number, number> = {}
  const began = performance.now()
  const clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }))
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        const letter = letters[next++]
        if (!letter) return
        const from = performance.now()
        const { statusCode, body } = await client.request({ method: 'POST', path, ...letter })
        await body.dump()
        times.push(performance.now() - from)
        statuses[statusCode] = (statuses[statusCode] ?? 0) + 1
      }
    }),
  )
  const ms = performance.now() - began
  await Promise.all(clients.map((client) => client.close()))
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const failed = letters.length - (statuses[200] ?? 0)
  const perSecond = (letters.length / ms) * 1_000
  return { perSecond, p50: at(0.5), p99: at(0.99), failed, statuses, ms }
}
