import { Refusal } from '../errors.ts'
import type { RecordEvents } from '../ports.ts'
import type { NewEvent } from './tables.ts'

/** Events that share one statement; more would only make the first wait for the last. */
const MOST_IN_ONE = 256
/** Events that may stand in line; at some 500 bytes each, 2 MB. */
const MOST_IN_LINE = 4_096
/** Nobody waits longer: Checkout keeps the buyer waiting for our answer, up to 10 s. */
const PATIENCE_MS = 5_000
/** Where somebody has waited this long, whoever comes next is told at once. */
const TOO_SLOW_MS = 2_000

/** Writes events and their jobs in one transaction; true when there is a new job. */
export type WriteEvents = (events: readonly NewEvent[]) => Promise<boolean>

type Waiting = {
  events: readonly NewEvent[]
  since: number
  /** Has its answer, good or bad */
  answered: boolean
  answer(error?: unknown): void
}

/**
 * The letterbox's ledger, above the engines. Webhooks that are in flight together are written in one
 * commit: event and job, or neither. Known events change nothing. An event without a reaction is
 * kept as ignored and gets no job.
 *
 * Resolves when the rows are on disk; rejects when they are not, or when nobody knows yet, and then
 * nobody may answer 200. `ring` tells the worker that there is something to do; `report` hears when
 * the store has become too slow (`busy`): then newcomers are refused at once, and whoever has waited
 * 5 s is refused too, also when the write is already in hand, since nobody knows how that ends.
 * There is one write at a time, so one that hangs holds up a short line and nothing piles up.
 */
export function createRecorder(
  write: WriteEvents,
  ring: () => void,
  report: (error: unknown) => void = () => {},
): RecordEvents {
  const line = openLine()
  let writing = false
  let told = false

  async function writeOnce(batch: readonly Waiting[]): Promise<void> {
    try {
      const anyNew = await write(batch.flatMap(({ events }) => events))
      for (const each of batch) each.answer()
      if (anyNew) ring()
    } catch (error) {
      for (const each of batch) each.answer(error ?? new Error('the write failed without a reason'))
    } finally {
      line.emptyHand()
    }
  }

  async function writeAll(): Promise<void> {
    for (let batch = line.take(); batch.length > 0; batch = line.take()) {
      await writeOnce(batch)
      // One turn lets in whoever is at the door: at 64 connections batches are a sixth larger, and some 10 %
      // more letters a second get through; at 8 it is up to 10 % fewer, where none of them waits long.
      await new Promise((resolve) => setImmediate(resolve))
    }
    writing = false
  }

  return async (events) => {
    const busy = line.isBusy(events.length)
    if (busy && !told) report(new Error('the store is too slow: webhooks are answered 503'))
    told = busy
    if (busy) throw tooSlow()
    const written =
      events.length <= MOST_IN_ONE
        ? line.join(events)
        : Promise.all(inPieces(events).map(line.join))
    if (!writing) {
      writing = true
      setImmediate(writeAll)
    }
    await written
  }
}

function openLine() {
  const waiting: Waiting[] = []
  /** In line or in hand, the oldest first */
  const patient: Waiting[] = []
  let alarm: NodeJS.Timeout | null = null
  let inLine = 0
  /** Since when the oldest of those in hand has waited */
  let handSince = Number.POSITIVE_INFINITY

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

  return {
    isBusy(more: number): boolean {
      if (inLine > 0 && inLine + more > MOST_IN_LINE) return true
      const oldest = Math.min(handSince, waiting[0]?.since ?? Number.POSITIVE_INFINITY)
      return performance.now() - oldest > TOO_SLOW_MS
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
    /** Nobody is in hand until the next are taken. */
    emptyHand(): void {
      handSince = Number.POSITIVE_INFINITY
    },
    take(): Waiting[] {
      const batch: Waiting[] = []
      handSince = waiting[0]?.since ?? Number.POSITIVE_INFINITY
      let events = 0
      while (waiting[0] && (events === 0 || events + waiting[0].events.length <= MOST_IN_ONE)) {
        events += waiting[0].events.length
        batch.push(leave())
      }
      return batch
    },
  }
}

/** A webhook of LINE's may hold thousands; Postgres takes 65,535 values in one statement. */
function inPieces(events: readonly NewEvent[]): (readonly NewEvent[])[] {
  if (events.length <= MOST_IN_ONE) return [events]
  return [events.slice(0, MOST_IN_ONE), ...inPieces(events.slice(MOST_IN_ONE))]
}

function tooSlow(): Refusal {
  return new Refusal(503, 'busy', 'The shop cannot write this down right now. Send it again.')
}
