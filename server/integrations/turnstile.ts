import { Later } from '../ports.ts'

/** To one endpoint at once, from one process: a slow one must leave most of the worker's 16 places to others. */
const AT_ONCE = 4
/** Before we know how long an endpoint takes; later, a mean over about the last five. In seconds. */
const FIRST_GUESS = 0.25
const WEIGHT = 0.2

type Line = { inside: number; takes: number; nextAt: number }

/** Lets so many at once to an endpoint; `leave` when done. */
export type Turnstile = { enter(endpoint: string): () => void }

/**
 * Whoever finds all places taken is sent back to the queue, to come when it will be their turn by how long
 * the endpoint takes: coming all at once every second, ten thousand would keep the worker from everything else.
 */
export function openTurnstile(seconds: () => number = () => performance.now() / 1_000): Turnstile {
  const lines = new Map<string, Line>()

  function lineOf(endpoint: string): Line {
    const line = lines.get(endpoint) ?? { inside: 0, takes: FIRST_GUESS, nextAt: 0 }
    lines.set(endpoint, line)
    return line
  }

  return {
    enter(endpoint) {
      const line = lineOf(endpoint)
      const began = seconds()
      if (line.inside >= AT_ONCE) {
        line.nextAt = Math.max(line.nextAt, began) + line.takes / AT_ONCE
        throw new Later(line.nextAt - began, 'the endpoint has enough in hand')
      }
      line.inside++
      return () => {
        line.inside--
        line.takes += (seconds() - began - line.takes) * WEIGHT
      }
    },
  }
}
