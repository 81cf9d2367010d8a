import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ConfigFaults, loadConfig } from './config.ts'
import { furnish, systemClock, WORKER_GAP_MS } from './furnish.ts'
import { backfillOrders } from './orders/backfill-orders.ts'
import type { JobHandler, Store } from './ports.ts'
import { createHandler } from './reactions.ts'
import { migrate } from './store/migrate.ts'

const HELP = `npm run noren -- COMMAND

  reconcile [--since 3d]   ask Stripe for every order of the last days (m, h or d) and catch up with
                           what no webhook told; delivers what it finds. Safe beside a running server.
  help                     this text`

/** The operator's tool. Exit code 0 done, 1 it could not (or not all), 2 the words were not understood. */
async function main(words: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { since: { type: 'string', default: '3d' }, help: { type: 'boolean' } },
  })
  const [command = 'help', ...rest] = positionals
  if (values.help || command === 'help') return say(HELP, 0)
  if (command !== 'reconcile' || rest.length > 0) return say(HELP, 2)
  const since = ago(values.since, systemClock.now())
  if (!since) return say('--since must be a number and m, h or d: 90m, 12h, 3d.', 2)
  return reconcile(since)
}

async function reconcile(since: Date): Promise<number> {
  const report = (error: unknown) => console.error(error instanceof Error ? error.message : error)
  const { store, desk, house } = furnish(await loadConfig(), systemClock, report, WORKER_GAP_MS)
  try {
    await migrate(store.db)
    const { sessions, orders, failed } = await backfillOrders(desk, since)
    await deliverAll(store, createHandler(house))
    const found = `Since ${since.toISOString()}: sessions ${sessions}, orders up to date ${orders}`
    return failed ? say(`${found}, failed ${failed}.`, 1) : say(`${found}.`, 0)
  } finally {
    await store.close()
  }
}

/** A refund stands back a second behind its receipt, and the server beside us has its own in hand. */
const SOON_MS = 2_000
/** Longer than that, and it is a vendor who is waited for. */
const PATIENCE_MS = 5_000

async function deliverAll(store: Store, handle: JobHandler): Promise<void> {
  for (const began = performance.now(); ; await wait(100)) {
    await store.drain(handle)
    const soon = new Date(systemClock.now().getTime() + SOON_MS).toISOString()
    const moving = await store.db
      .selectFrom('jobs')
      .select('id')
      .where('dead_at', 'is', null)
      .where('kind', '=', 'deliver')
      .where('run_at', '<=', soon)
      .limit(1)
      .executeTakeFirst()
    if (!moving || performance.now() - began > PATIENCE_MS) return
  }
}

/** "3d" before now; null when it is not understood. */
function ago(text: string, now: Date): Date | null {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? []
  if (!amount || !unit) return null
  const seconds = { m: 60, h: 3_600, d: 86_400 }[unit as 'm' | 'h' | 'd']
  return new Date(now.getTime() - Number(amount) * seconds * 1_000)
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const bad = error instanceof TypeError && 'code' in error
  console.error(error instanceof ConfigFaults || bad ? error.message : error)
  process.exitCode = bad ? 2 : 1
}
