import { setTimeout as wait } from 'node:timers/promises'
import { Later, Never, type SessionGlance } from '../ports.ts'
import type { WantedEvents } from './backfill-orders.ts'
import { missedRow, recordFound } from './found-events.ts'
import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'
import { mayBeOurs, saidOf } from './session-glance.ts'

/** What came of it so far. `failed`: sessions that Stripe would not tell about, and why. */
export type Checked = {
  sessions: number
  orders: number
  events: number
  failed: { session: string; reason: string }[]
  /** Where the list has come to, newest first */
  backTo: string | null
}

/** Enough to hide Stripe's latency; how fast they leave is the pace's business. */
const AT_ONCE = 8
/** A bad moment of Stripe's must not leave an order on the list of those that failed. */
const TRIES = 3
/** So many in a row, each tried three times, and it is Stripe that fails, or our key. */
const MOST_IN_A_ROW = 5
const EVENTS_KEPT_MS = 30 * 86_400_000
const LONGEST_WAIT_SECONDS = 30

/**
 * The complete check: every session of ours made since then is asked for anew, also those that look as
 * we hold them, so that a refund nobody told of is found too; and undelivered events are recorded as
 * in the backfill. Safe beside a running server and as often as you like.
 *
 * `checked` grows while it runs, for whoever shows it. Throws when Stripe fails altogether; what was
 * found until then stays found.
 */
export async function checkOrders(
  desk: OrderDesk,
  since: Date,
  options: { wanted: readonly WantedEvents[]; checked: Checked },
): Promise<void> {
  const { checked } = options
  await recordUndelivered(desk, since, options)
  let failing = 0

  async function check({ id }: SessionGlance): Promise<void> {
    try {
      if (await patiently(() => reconcileOrder(desk, id))) checked.orders++
      failing = 0
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      checked.failed.push({ session: id, reason })
      if (++failing >= MOST_IN_A_ROW) throw error
    }
  }

  const house = { rules: desk.rules, livemode: desk.stripe.livemode, opened: null }
  for await (const page of desk.stripe.listSessions(since)) {
    const ours = page.filter((each) => saidOf(each) !== null && mayBeOurs(each, house))
    await eachOf(ours, check)
    checked.sessions += page.length
    checked.backTo = page.at(-1)?.createdAt ?? checked.backTo
  }
}

async function recordUndelivered(
  desk: OrderDesk,
  since: Date,
  { wanted, checked }: { wanted: readonly WantedEvents[]; checked: Checked },
): Promise<void> {
  const { stripe, post } = desk
  const now = post.clock.now()
  const from = new Date(Math.max(since.getTime(), now.getTime() - EVENTS_KEPT_MS))
  const house = { rules: desk.rules, livemode: stripe.livemode, opened: null }
  for (const each of wanted)
    for await (const page of stripe.listEvents({ ...each, since: from, undelivered: true })) {
      const ours = page.filter(({ session }) => !session || mayBeOurs(session, house))
      const rows = ours.map((event) => missedRow(event, now))
      checked.events += (await recordFound(post, rows)).length
    }
}

/** A few at a time; the first that throws ends it, once those in hand are done. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  async function next(): Promise<void> {
    for (let one = left.shift(); one !== undefined; one = left.shift())
      await work(one).catch((error) => {
        left.length = 0
        throw error
      })
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, next))
  const broken = ended.find((each) => each.status === 'rejected')
  if (broken) throw broken.reason
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof Never || tried === TRIES) throw error
      const seconds = error instanceof Later ? error.seconds : tried / 2
      await wait(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1_000)
    }
  }
}
