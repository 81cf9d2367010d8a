import type { Pace, PaceLimit, Store } from '../../server/ports.ts'
import { openPace } from '../../server/store/pace.ts'
import { openSqlite } from '../../server/store/sqlite.ts'
import { type StrictLimit, strictLimit } from '../sandbox/strict-limit.ts'
import { type HandTime, openHandTime } from './hand-time.ts'

type ClosablePace = Pace & { close(): void }

/** Processes that share one store, and vendors that count their calls, in a time that the test moves. */
export type PacedVendor = {
  time: HandTime
  store: Store
  /** What became of the pace's own trouble */
  reported: unknown[]
  /** While set, no transaction succeeds. */
  breakStore(broken: boolean): void
  /** One more process */
  openPace(): ClosablePace
  /** A process works off a backlog on these lanes, so many calls in hand, until its pace is closed. */
  workOff(
    pace: ClosablePace,
    work: { lanes: string[]; vendors: StrictLimit[]; inHand?: number; latencyMs?: number },
  ): { taken: number; later: number }
  writes(): number
  close(): Promise<void>
}

export { strictLimit }

export async function openPacedVendor(limitOf: (lane: string) => PaceLimit): Promise<PacedVendor> {
  let busy = 0
  let writes = 0
  let broken = false
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const time = openHandTime(() => busy > 0)
  const real = openSqlite({ file: ':memory:', clock: time.clock, report })
  await real.migrate()
  const store: Store = {
    ...real,
    async transaction(work) {
      busy++
      writes++
      try {
        if (broken) throw new Error('the store is away')
        return await real.transaction(work)
      } finally {
        busy--
      }
    },
  }
  return {
    time,
    store,
    reported,
    breakStore: (now) => {
      broken = now
    },
    writes: () => writes,
    openPace: () => openPace({ store, clock: time.clock, report, limitOf, time }),
    workOff(pace, { lanes, vendors, inHand = 64, latencyMs = 60 }) {
      const told = { taken: 0, later: 0 }
      const one = async () => {
        for (;;) {
          try {
            await pace.turn(lanes)
          } catch {
            told.later++
            await time.wait(1_000)
            continue
          }
          await time.wait(latencyMs / 2)
          const refused = vendors.map((vendor) => vendor.ask(time.mono())).includes(false)
          if (!refused) told.taken++
          await time.wait(latencyMs / 2)
          pace.heard(lanes.slice(-1), { refused })
        }
      }
      for (let at = 0; at < inHand; at++) void one()
      return told
    },
    close: () => real.close(),
  }
}
