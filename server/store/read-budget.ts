import type { Clock, ReadBudget, Store } from '../ports.ts'

/** https://docs.stripe.com/rate-limits: 500 reads for each transaction, counted over 30 days, and 10,000 in any case. */
const READS_PER_ORDER = 500
const FLOOR = 10_000
const DAYS = 30
/** The rest is for orders, which never ask. */
const IDLE_SHARE = 0.8
/** More orders than this make no difference any more, and counting them would take time. */
const MOST_COUNTED = 10_000

const FLUSH_MS = 10_000
const LOOK_AGAIN_MS = 60_000

/**
 * Counts what we read at Stripe, over all processes, by the day. Held in memory for up to ten
 * seconds: what a crash takes with it is a few reads out of 10,000.
 */
export function openReadBudget(parts: {
  store: Store
  clock: Clock
  report: (error: unknown) => void
}): ReadBudget & { close(): Promise<void> } {
  const { store, clock } = parts
  let counted = 0
  let timer: NodeJS.Timeout | null = null
  let known: { until: number; used: number; allowance: number } | null = null

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const reads = counted
    if (reads === 0) return
    counted = 0
    try {
      await write(store, dayOf(clock.now()), reads)
    } catch (error) {
      counted += reads
      throw error
    }
  }

  async function look() {
    const now = clock.now()
    if (known && now.getTime() < known.until && now.getTime() > known.until - LOOK_AGAIN_MS)
      return known
    await flush()
    const since = new Date(now.getTime() - DAYS * 86_400_000)
    const used = await readsSince(store, dayOf(since))
    const orders = await ordersSince(store, since)
    const allowance = Math.max(FLOOR, READS_PER_ORDER * orders)
    known = { until: now.getTime() + LOOK_AGAIN_MS, used, allowance }
    return known
  }

  return {
    count() {
      counted++
      timer ??= setTimeout(() => void flush().catch(parts.report), FLUSH_MS).unref()
    },
    allowance: async () => (await look()).allowance,
    async mayReadIdly() {
      const { used, allowance } = await look()
      return used + counted < allowance * IDLE_SHARE
    },
    close: () => flush().catch(parts.report),
  }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function write(store: Store, day: string, reads: number): Promise<unknown> {
  return store.transaction((tx) =>
    tx
      .insertInto('stripe_reads')
      .values({ day, reads })
      .onConflict((conflict) =>
        conflict.column('day').doUpdateSet((eb) => ({
          reads: eb('stripe_reads.reads', '+', reads),
        })),
      )
      .execute(),
  )
}

async function readsSince({ db }: Store, day: string): Promise<number> {
  const { reads } = await db
    .selectFrom('stripe_reads')
    .select((eb) => eb.fn.sum<number | null>('reads').as('reads'))
    .where('day', '>=', day)
    .executeTakeFirstOrThrow()
  return Number(reads ?? 0)
}

async function ordersSince({ db }: Store, since: Date): Promise<number> {
  const recent = db
    .selectFrom('orders')
    .select('id')
    .where('recorded_at', '>=', since.toISOString())
    .limit(MOST_COUNTED)
  const { count } = await db
    .selectFrom(recent.as('recent'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
