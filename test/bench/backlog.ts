import type { RateSeen } from '../sandbox/strict-limit.ts'
import { startTempPostgres } from '../support/temp-postgres.ts'
import { type Child, startChild } from './child.ts'
import { sold } from './end-to-end.ts'
import { type Outcome, verdict } from './figures.ts'
import { fillWithMessages } from './fill-with-messages.ts'
import { inFolder, startNorenChild, vendorEnv } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

/** As much as a quick run needs; `ORDERS=10000 npm run bench -- backlog` takes half an hour. */
const ORDERS = Number(process.env['ORDERS'] ?? 720)
const MESSAGES = Math.max(18_000, ORDERS)
const STRIPE_LIMIT = { endpoint: 25, inAll: 100 }
const LINE_LIMIT = 500
/** LINE's rate is looked for, and found within this (decision 015 says 10 to 20); Stripe's is known. */
const SETTLED_SECONDS = { stripe: 1, line: 20 }

type Vendor = 'stripe' | 'line'
type Drained = { vendor: Vendor; share: number; refused: number; worst: number; seconds: number }

/** A backlog that no vendor wants at once: how near to the allowed rate it drains, and how often we are refused. */
export async function measureBacklog(): Promise<Outcome> {
  const runs: { what: string; drained: Drained }[] = []
  const postgres = await startTempPostgres({ fsync: true })
  for (const vendor of ['stripe', 'line'] as const)
    for (const [books, url, workers] of [
      ['SQLite', null, 1],
      ['SQLite', null, 2],
      ['Postgres', postgres.url, 2],
    ] as const) {
      const what = `${vendor}, ${workers} worker process${workers > 1 ? 'es' : ''}, ${books}`
      runs.push({
        what,
        drained: await inFolder((file) => drain(vendor, url ?? `file:${file}`, workers)),
      })
      if (url) await emptyPostgres(url)
    }
  await postgres.close()
  return {
    title: `A backlog at the vendors' limits: Stripe ${STRIPE_LIMIT.endpoint} reads a second (${ORDERS} orders), LINE ${LINE_LIMIT} pushes a second (${MESSAGES} messages)`,
    head: ['run', 'share of the allowed rate', 'answered 429, %', 'most in one second', 'seconds'],
    rows: runs.map(({ what, drained: { share, refused, worst, seconds } }) => [
      what,
      share,
      refused * 100,
      worst,
      seconds,
    ]),
    verdicts: runs.flatMap(({ what, drained }) => [
      verdict(`${what}: share of the allowed rate`, drained.share, { least: 0.95 }),
      verdict(`${what}: answered 429, %`, drained.refused * 100, { most: 1 }),
    ]),
  }
}

async function emptyPostgres(url: string): Promise<void> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(
    'drop schema public cascade; drop schema if exists noren_jobs cascade; create schema public',
  )
  await client.end()
}

/** One process answers Stripe, the others work, as `PROCESS=web` and `PROCESS=worker` make them. */
async function drain(vendor: Vendor, database: string, workers: number): Promise<Drained> {
  const limits: Record<string, string> =
    vendor === 'stripe'
      ? { STRIPE_LIMIT: `${STRIPE_LIMIT.endpoint}/${STRIPE_LIMIT.inAll}` }
      : { LINE_LIMIT: String(LINE_LIMIT) }
  const vendors = await startChild('./serve-vendors.ts', {
    BENCH_ORDERS: String(ORDERS),
    STRIPE_LATENCY_MS: '60',
    LINE_LATENCY_MS: '30',
    ...limits,
  })
  const env: Record<string, string> = { ...vendorEnv(vendors, ''), DATABASE_URL: database }
  if (vendor === 'stripe') env['STRIPE_RATE'] = `${STRIPE_LIMIT.endpoint}/${STRIPE_LIMIT.inAll}`
  const web = await startNorenChild({ ...env, PROCESS: 'web' })
  if (vendor === 'stripe') await sendLetters(web.url, await sold(vendors), 16)
  else await fillWithMessages(database, await vendors.ask<string[]>('invite'), MESSAGES)
  const houses: Child[] = [web]
  for (let at = 0; at < workers; at++)
    houses.push(await startNorenChild({ ...env, PROCESS: 'worker' }))
  const drained = await watch(vendors, vendor)
  for (const house of houses) await house.stop()
  await vendors.stop()
  return drained
}

/** From when the rate is found until the last twentieth, where fewer are left than could be in hand. */
async function watch(vendors: Child, vendor: Vendor): Promise<Drained> {
  const total = vendor === 'stripe' ? ORDERS : MESSAGES
  const allowed = vendor === 'stripe' ? STRIPE_LIMIT.endpoint : LINE_LIMIT
  const look = async () => {
    const seen = (await vendors.ask<Record<Vendor, RateSeen>>('rates'))[vendor]
    return { ...seen, at: performance.now() }
  }
  let first = await look()
  while (first.taken < total / 50) first = await lookAgain(look)
  const began = first.at
  while (first.at - began < SETTLED_SECONDS[vendor] * 1_000) first = await lookAgain(look)
  let last = first
  while (last.taken < total * 0.95) {
    const next = await lookAgain(look)
    if (next.taken > last.taken) last = next
    if (next.at - last.at > 60_000) throw new Error(`stuck at ${last.taken} of ${total} calls`)
  }
  const seconds = (last.at - first.at) / 1_000
  const taken = last.taken - first.taken
  const refused = last.refused - first.refused
  return {
    vendor,
    share: taken / seconds / allowed,
    refused: refused / (taken + refused),
    worst: last.worst,
    seconds,
  }
}

async function lookAgain<T>(look: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 100))
  return look()
}
