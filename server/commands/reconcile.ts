import { setTimeout as wait } from 'node:timers/promises'
import { type Furnished, systemClock } from '../furnish.ts'
import { backfillOrders } from '../orders/backfill-orders.ts'
import type { JobHandler, Store } from '../ports.ts'
import { createHandler } from '../reactions.ts'
import { notUnderstood, type Outcome } from './command.ts'

/** Catches up with what no webhook told since `--since` (90m, 12h, 3d), and delivers what it finds. */
export async function reconcile(
  { store, desk, house }: Furnished,
  _ids: string[],
  options: { since?: string },
): Promise<Outcome> {
  const since = ago(options.since ?? '3d', systemClock.now())
  if (!since) return notUnderstood('--since must be a number and m, h or d: 90m, 12h, 3d.')
  const { sessions, orders, failed } = await backfillOrders(desk, since)
  await deliverAll(store, createHandler(house))
  const found = `Since ${since.toISOString()}: sessions ${sessions}, orders up to date ${orders}`
  return failed ? { said: `${found}, failed ${failed}.`, code: 1 } : { said: `${found}.`, code: 0 }
}

/** A refund stands back a second behind its receipt, and the server beside us has its own in hand. */
const SOON_MS = 2_000
/** Longer than that, and it is a vendor who is waited for. */
const PATIENCE_MS = 5_000

async function deliverAll(store: Store, handle: JobHandler): Promise<void> {
  for (const began = performance.now(); ; await wait(100)) {
    await store.drain(handle)
    const due = await store.nextDue('deliver')
    const soon = systemClock.now().getTime() + SOON_MS
    if (!due || due.getTime() > soon || performance.now() - began > PATIENCE_MS) return
  }
}

/** "3d" before now; null when it is not understood. */
function ago(text: string, now: Date): Date | null {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? []
  if (!amount || !unit) return null
  const seconds = { m: 60, h: 3_600, d: 86_400 }[unit as 'm' | 'h' | 'd']
  return new Date(now.getTime() - Number(amount) * seconds * 1_000)
}
