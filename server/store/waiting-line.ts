import { Refusal } from '../errors.ts'
import type { NewEvent } from './tables.ts'

/** Events that share one statement; more would only make the first wait for the last. */
export const MOST_IN_ONE = 256
/** Events that may stand in line; at some 500 bytes each, 2 MB. */
const MOST_IN_LINE = 4_096
/** Nobody waits longer: Checkout keeps the buyer waiting for our answer, up to 10 s. */
const PATIENCE_MS = 5_000
/** Where somebody has waited this long, whoever comes next is told at once. */
const TOO_SLOW_MS = 2_000

export type Waiting = {
  events: readonly NewEvent[]
  since: number
  /** Has its answer, good or bad */
  answered: boolean
  answer(error?: unknown): void
}
export type Batch = readonly Waiting[]

/**
 * Those whose letters are not on disk yet: in line, or in one of the hands that write. Nobody is left
 * without an answer: whoever has waited 5 s is refused, wherever he stands.
 */
export function openLine() {
  const waiting: Waiting[] = []
  /** In line or in a hand, the oldest first */
  const patient: Waiting[] = []
  const hands = new Set<Batch>()
  let alarm: NodeJS.Timeout | null = null
  let inLine = 0
  let inHands = 0

  function leave(): Waiting {
    const first = waiting.shift() as Waiting
    inLine -= first.events.length
    return first
  }

  /** All have the same patience, so whoever loses it first stands first: one timer serves them all. */
  function look(): void {
    alarm = null
    for (let first = patient[0]; first; first = patient[0]) {
      const left = first.since + PATIENCE_MS - performance.now()
      if (left > 0) {
        alarm = setTimeout(look, Math.ceil(left)).unref()
        break
      }
      first.answer(tooSlow())
    }
    while (waiting[0]?.answered) leave()
  }

  /** Since when the oldest has waited; those who lost patience in a hand still count. */
  function oldest(): number {
    const firsts = [waiting[0], ...[...hands].map(([first]) => first)]
    return Math.min(...firsts.map((first) => first?.since ?? Number.POSITIVE_INFINITY))
  }

  return {
    /** Events, not letters; as everywhere here */
    length: () => inLine,
    held: () => inHands,
    isBusy(more: number): boolean {
      if (inLine > 0 && inLine + more > MOST_IN_LINE) return true
      return performance.now() - oldest() > TOO_SLOW_MS
    },
    join: (events: readonly NewEvent[]) =>
      new Promise<void>((resolve, reject) => {
        const one: Waiting = {
          events,
          since: performance.now(),
          answered: false,
          answer(error) {
            one.answered = true
            while (patient[0]?.answered) patient.shift()
            if (error) reject(error)
            else resolve()
          },
        }
        waiting.push(one)
        patient.push(one)
        if (!alarm) alarm = setTimeout(look, PATIENCE_MS).unref()
        inLine += events.length
      }),
    /** Takes the first letters into a hand: one at least, and no more than `most` events. */
    take(most: number): Batch {
      const batch: Waiting[] = []
      let events = 0
      while (waiting[0] && (events === 0 || events + waiting[0].events.length <= most)) {
        events += waiting[0].events.length
        batch.push(leave())
      }
      hands.add(batch)
      inHands += events
      return batch
    },
    putDown(batch: Batch): void {
      hands.delete(batch)
      inHands -= sizeOf(batch)
    },
  }
}

function sizeOf(batch: Batch): number {
  return batch.reduce((sum, { events }) => sum + events.length, 0)
}

export function tooSlow(): Refusal {
  return new Refusal(503, 'busy', 'The shop cannot write this down right now. Send it again.')
}
