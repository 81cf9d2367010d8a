import { type Child, startChild } from './child.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { type Letter, sign } from './make-events.ts'
import { inFolder, startNorenChild, vendorEnv } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

const ORDERS = 2_000
const ROUNDS = 4

/** Webhook in, session and line items fetched, push accepted: how many orders a second, at what cost. */
export function measureEndToEnd(): Promise<Outcome> {
  return inFolder(async (file) => {
    const vendors = await startChild('./serve-vendors.ts', { BENCH_ORDERS: String(ORDERS) })
    const noren = await startNorenChild(vendorEnv(vendors, file))
    const rounds: { perSecond: number; cpu: number }[] = []
    for (let at = 0; at < ROUNDS; at++) rounds.push(await once(vendors, noren))
    await noren.stop()
    await vendors.stop()
    const measured = rounds.slice(1)
    const rate = median(measured.map((round) => round.perSecond))
    const cpu = median(measured.map((round) => round.cpu))
    return {
      title: 'End to end: from the webhook to the push that LINE accepted, vendors unlimited',
      head: ['orders a second', 'CPU ms per order'],
      rows: [[rate, cpu]],
      verdicts: [verdict('orders a second', rate, { least: 250 })],
    }
  })
}

async function once(vendors: Child, noren: Child) {
  const letters = await sold(vendors)
  const before = await vendors.ask<number>('accepted')
  const cpu = await noren.cpu()
  const began = performance.now()
  await sendLetters(noren.url, letters, 16)
  await allAccepted(vendors, before + letters.length)
  const seconds = (performance.now() - began) / 1_000
  return { perSecond: letters.length / seconds, cpu: ((await noren.cpu()) - cpu) / letters.length }
}

/** Sells `BENCH_ORDERS` orders at the stand-in and signs the events that Stripe would send. */
export async function sold(vendors: Child): Promise<Letter[]> {
  const events = await vendors.ask<unknown[]>('sell')
  const secret = String(vendors.told['webhookSecret'])
  return events.map((event) => sign(Buffer.from(JSON.stringify(event, null, 2)), secret))
}

/** Resolves when LINE has taken so many pushes. Throws when a minute brings none. */
export async function allAccepted(vendors: Child, count: number): Promise<void> {
  let last = { accepted: -1, at: performance.now() }
  for (;;) {
    const accepted = await vendors.ask<number>('accepted')
    if (accepted >= count) return
    if (accepted > last.accepted) last = { accepted, at: performance.now() }
    if (performance.now() - last.at > 60_000)
      throw new Error(`stuck at ${accepted} of ${count} pushes`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
