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
  store: Pick<Store, 'drain' | 'nextDue'>
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
      const done = await parts.store.drain(parts.handle, stopping.signal).then(() => true, fail)
      // A disk that is full can still be read: what is due there is due again at once, and would be for hours.
      if (!rung) await rest(done ? await untilNext() : POLL_MS)
    }
  }

  function fail(error: unknown): boolean {
    parts.report(error)
    return false
  }

  async function untilNext(): Promise<number> {
    const due = await parts.store.nextDue().catch(() => null)
    return due ? due.getTime() - parts.clock.now().getTime() : POLL_MS
  }

  async function rest(wait: number): Promise<void> {
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
