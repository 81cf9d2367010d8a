import type { Store } from '../../server/ports.ts'
import type { Database } from '../../server/read-env.ts'
import { openStore } from '../../server/store/open-store.ts'
import { startTempPostgres } from '../support/temp-postgres.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { inFolder } from './noren-env.ts'

const FEW = 1_000
const MANY = 1_000_000
/** Jobs of one transaction while the queue is filled */
const AT_ONCE = 5_000
const ROUNDS = 100

type Measured = { few: number; many: number }

/** What it costs to find, do and put away one job while few and while very many wait. */
export async function measureClaim(): Promise<Outcome> {
  const sqlite = await inFolder((file) => measure({ engine: 'sqlite', file }))
  const postgres = await onPostgres((url) => measure({ engine: 'postgres', url }))
  const row = (name: string, { few, many }: Measured) => [name, few, many, many / few]
  return {
    title: 'Claiming one job while others wait (Postgres with 256 MB of buffers)',
    head: ['engine', `ms with ${FEW} waiting`, `ms with ${MANY} waiting`, 'times'],
    rows: [row('SQLite', sqlite), row('Postgres', postgres)],
    verdicts: [
      verdict('SQLite, times its cost with 1,000', sqlite.many / sqlite.few, { most: 1.5 }),
      verdict('Postgres, times its cost with 1,000', postgres.many / postgres.few, { most: 1.5 }),
    ],
  }
}

async function onPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const postgres = await startTempPostgres({ fsync: true, settings: { shared_buffers: '256MB' } })
  try {
    return await work(postgres.url)
  } finally {
    await postgres.close()
  }
}

async function measure(database: Database): Promise<Measured> {
  const report = (error: unknown) => console.error(error)
  const store = openStore(database, { clock: { now: () => new Date() }, report, gapMs: 0 })
  try {
    await store.migrate()
    await fill(store, FEW)
    const few = await claimAndFinish(store)
    await fill(store, MANY - FEW)
    return { few, many: await claimAndFinish(store) }
  } finally {
    await store.close()
  }
}

async function fill(store: Store, count: number): Promise<void> {
  for (let at = 0; at < count; at += AT_ONCE) {
    const jobs = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, each) => ({
      kind: 'event' as const,
      ref: `evt_${at + each}`,
    }))
    await store.transaction((tx) => store.enqueue(tx, jobs))
  }
}

/**
 * Median ms for each job of a worker's round that takes what it can (64) of the crowd, does nothing
 * with it and puts it away. As many are put in again, so that the crowd stays.
 */
async function claimAndFinish(store: Store): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < ROUNDS; at++) {
    const enough = new AbortController()
    const began = performance.now()
    const done = await store.drain(async () => enough.abort(), enough.signal)
    times.push((performance.now() - began) / done)
    await fill(store, done)
  }
  return median(times)
}
