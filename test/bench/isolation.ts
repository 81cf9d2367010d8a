import { startChild } from './child.ts'
import { allAccepted, sold } from './end-to-end.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { makeLetters } from './make-events.ts'
import { inFolder, startNorenChild, vendorEnv } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

const BACKLOG = 6_000
const PROBES = 600
const WARM_UP = 3
const ROUNDS = 9

/** Does delivering make Stripe wait? The answer's p99 while idle, and while a backlog drains at full speed. */
export function measureIsolation(): Promise<Outcome> {
  return inFolder(async (file) => {
    const vendors = await startChild('./serve-vendors.ts', { BENCH_ORDERS: String(BACKLOG) })
    const env = vendorEnv(vendors, file)
    const secret = env['STRIPE_WEBHOOK_SECRET'] ?? ''
    const probe = async (url: string) =>
      (await sendLetters(url, makeLetters(PROBES, secret, 'customer.updated'), 8)).p99

    const idle = await startNorenChild(env)
    const idleP99 = await repeat(() => probe(idle.url))
    await idle.stop()

    // The backlog is accepted by a web process alone, so that all of it is there when the worker opens.
    const web = await startNorenChild({ ...env, PROCESS: 'web' })
    await sendLetters(web.url, await sold(vendors), 64)
    await web.stop()
    const busy = await startNorenChild(env)
    const busyP99 = await repeat(() => probe(busy.url))
    const left = BACKLOG - (await vendors.ask<number>('accepted'))
    await allAccepted(vendors, BACKLOG)
    await busy.stop()
    await vendors.stop()
    return {
      title: 'Isolation: the answer to Stripe while a backlog of orders drains',
      head: ['worker', 'answer p99 ms (8 connections)'],
      rows: [
        ['idle', idleP99],
        [`draining (${left} of ${BACKLOG} still waited at the end)`, busyP99],
      ],
      verdicts: [
        verdict('p99 while draining, times idle', busyP99 / idleP99, { most: 3 }),
        verdict('orders still waiting when the last probe ended', left, { least: 1 }),
      ],
    }
  })
}

async function repeat(measure: () => Promise<number>): Promise<number> {
  const figures: number[] = []
  for (let at = 0; at < WARM_UP + ROUNDS; at++) figures.push(await measure())
  return median(figures.slice(WARM_UP))
}
