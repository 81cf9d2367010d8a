import { dutiesOf } from './duties.ts'
import type { Furnished } from './furnish.ts'
import { startDuties } from './operations/do-duties.ts'
import type { Clock } from './ports.ts'
import { createHandler } from './reactions.ts'
import { startWork, type Work } from './work.ts'

/** All that a worker does, in a thread or a process of its own: the queue, and its share of the duties. */
export function startWorker(
  furnished: Furnished,
  clock: Clock,
  report: (error: unknown) => void,
): Work {
  const { store, house } = furnished
  const work = startWork({ store, handle: createHandler(house), clock, report })
  const duties = startDuties({ store, clock, report }, dutiesOf(furnished))
  return {
    ring: work.ring,
    async stop() {
      const stopped = [work.stop(), duties.stop()]
      // Whoever waits for a vendor's turn goes back to the queue at once, and no attempt is counted.
      furnished.pace.close()
      furnished.mail?.close()
      await Promise.all(stopped)
    },
  }
}
