import { Closing, Later } from '../ports.ts'
import { spread } from '../retry-policy.ts'

/** Under way and next in line. More would take the places of messages for LINE, and could not be left whole when the house closes. */
const MOST_IN_HAND = 16
/** Whoever finds so many before them waits in the books, where it costs nothing. */
const COME_BACK_SECONDS = 10

type Waiter = PromiseWithResolvers<void>

export type Turns = {
  /** Does the work when its turn has come. Throws Later when too many are before it, and Closing; then nothing was begun. */
  take<T>(work: () => Promise<T>): Promise<T>
  /** Sends back whoever waits; resolves when what has begun is done. */
  close(): Promise<void>
}

/**
 * So many mails at once as there are connections: one that stood in the pool's own line would use up its time
 * there, and nobody could tell that it never left.
 */
export function openTurns(connections: number): Turns {
  const waiting: Waiter[] = []
  const closed = Promise.withResolvers<void>()
  let busy = 0
  let closing = false

  async function turn(): Promise<void> {
    if (closing) throw new Closing()
    if (busy + waiting.length >= MOST_IN_HAND)
      throw new Later(spread(COME_BACK_SECONDS), 'other mails are on their way')
    if (busy < connections) {
      busy++
      return
    }
    const waiter = Promise.withResolvers<void>()
    waiting.push(waiter)
    await waiter.promise
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) {
      next.resolve()
      return
    }
    busy--
    if (closing && busy === 0) closed.resolve()
  }

  return {
    async take(work) {
      await turn()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    close() {
      closing = true
      for (const { reject } of waiting.splice(0)) reject(new Closing())
      if (busy === 0) closed.resolve()
      return closed.promise
    },
  }
}
