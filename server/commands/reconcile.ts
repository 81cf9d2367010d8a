import { setTimeout as wait } from 'node:timers/promises'
import { type Furnished, systemClock } from '../furnish.ts'
import { IS_OPEN } from '../notifications/deliveries.store.ts'
import { type Checked, checkOrders } from '../orders/check-orders.ts'
import type { JobHandler, Store } from '../ports.ts'
import { WANTED_EVENTS } from '../reactions.ts'
import { notUnderstood, type Options, type Outcome } from './command.ts'
import { sayProgress } from './say-progress.ts'
import { handlerAtTerminal } from './show-now.ts'
import { sweepNow } from './sweep-now.ts'

/** Catches up with what no webhook told since `--since` (90m, 12h, 3d), of orders and members, and delivers what it finds. */
export async function reconcile(
  furnished: Furnished,
  _words: string[],
  options: Options,
): Promise<Outcome> {
  const { store, desk, house } = furnished
  const began = systemClock.now()
  const since = ago(options.since ?? '3d', began)
  if (!since) return notUnderstood('--since must be a number and m, h or d: 90m, 12h, 3d.')
  const checked: Checked = { sessions: 0, orders: 0, events: 0, failed: [], backTo: null }
  const quiet = sayProgress(() => `${countOf(checked)}; back to ${checked.backTo ?? 'now'} …`)
  const stopped = await checkOrders(desk, since, { wanted: WANTED_EVENTS, checked })
    .then(() => null, reasonOf)
    .finally(quiet)
  const members = stopped ? null : await sweepNow(furnished, began)
  // Also after a failure: what was found until then must not wait for the next run.
  await deliverAll(store, handlerAtTerminal(house), began)
  const orders = outcomeOf(since, checked, stopped)
  if (!members) return orders
  return { said: `${orders.said}\n${members.said}`, code: orders.code || members.code }
}

function outcomeOf(since: Date, checked: Checked, stopped: string | null): Outcome {
  const { failed, events } = checked
  const counted = `Since ${since.toISOString()}: ${countOf(checked)}`
  const said = [
    failed.length > 0 ? `${counted}, failed ${failed.length}.` : `${counted}.`,
    ...(events > 0 ? [`Events that no webhook had told: ${events}.`] : []),
    ...failed.map(({ session, reason }) => `  ${session}  ${reason}`),
    ...(stopped ? [`Stopped before the end, because Stripe fails: ${stopped}`] : []),
  ]
  return { said: said.join('\n'), code: failed.length > 0 || stopped ? 1 : 0 }
}

function countOf({ sessions, orders }: Checked): string {
  return `sessions ${sessions}, orders up to date ${orders}`
}

/** A refund stands back a second behind its receipt. */
const SOON_MS = 2_000
/** Longer than that, and it is a vendor who is waited for. */
const PATIENCE_MS = 5_000

async function deliverAll(store: Store, handle: JobHandler, since: Date): Promise<void> {
  await store.drain(handle)
  for (const began = performance.now(); performance.now() - began < PATIENCE_MS; await wait(100)) {
    const due = await store.nextDue()
    const soon = due !== null && due.getTime() <= systemClock.now().getTime() + SOON_MS
    if (!soon && !(await isUntried(store, since.toISOString()))) return
    await store.drain(handle)
  }
}

/** Something of this run that the server beside us has in hand and has not tried yet. */
async function isUntried({ db }: Store, since: string): Promise<boolean> {
  const event = await db
    .selectFrom('events')
    .select('id')
    .where('handled_at', 'is', null)
    .where('received_at', '>=', since)
    .where('attempts', '=', 0)
    .executeTakeFirst()
  if (event) return true
  const delivery = await db
    .selectFrom('deliveries')
    .select('id')
    .where(IS_OPEN)
    .where('state', '=', 'pending')
    .where('created_at', '>=', since)
    .where('first_attempt_at', 'is', null)
    .where('error', 'is', null)
    .executeTakeFirst()
  return delivery !== undefined
}

/** "3d" before now; null when it is not understood. */
export function ago(text: string, now: Date): Date | null {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (!amount || !unit) return null
  const seconds = { m: 60, h: 3_600, d: 86_400 }[unit as 'm' | 'h' | 'd']
  return new Date(Math.max(0, now.getTime() - Number(amount) * seconds * 1_000))
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
