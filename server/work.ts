import type { Clock, JobHandler, Store } from './ports.ts'

/** Without a bell (another process wrote the job) a due job is found within this time. */
const POLL_MS = 1_000

export interface Work {
  /** There is something to do: look now. */
  ring(): void
  /** Takes nothing new, and resolves when what is in hand is done. */
  stop(): Promise<void>
}

/** The worker's loop: run what is due, then wait for the bell, the next due time or a second. */
export function startWork(parts: {
  store: Store
  handle: JobHandler
  clock: Clock
  report: (error: unknown) => void
}): Work {
  let rung = false
  const stopping = new AbortController()
  let wake: () => void = () => {}

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      rung = false
      await parts.store.drain(parts.handle, stopping.signal).catch(parts.report)
      if (!rung) await rest()
    }
  }

  async function rest(): Promise<void> {
    const due = await parts.store.nextDue().catch(() => null)
    const wait = due ? due.getTime() - parts.clock.now().getTime() : POLL_MS
    if (rung || stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(Math.max(wait, 10), POLL_MS))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const done = loop()
  return {
    ring() {
      rung = true
      wake()
    },
    async stop() {
      stopping.abort()
      wake()
      await done
    },
  }
}
