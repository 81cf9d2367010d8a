import type { RecordEvents } from '../ports.ts'
import type { NewEvent } from './tables.ts'

/** Requests that share one statement; more would only make the first wait for the last. */
const MOST_IN_ONE = 256

/** Writes events and their jobs in one transaction; true when there is a new job. */
export type WriteEvents = (events: readonly NewEvent[]) => Promise<boolean>

type Waiting = {
  events: readonly NewEvent[]
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * The letterbox's ledger, above the engines. Webhooks that are in flight together are written in one
 * commit: event and job, or neither. Known events change nothing. An event without a reaction is
 * kept as ignored and gets no job.
 *
 * Resolves when the rows are on disk; rejects when they are not, and then nobody may answer 200.
 * `ring` tells the worker that there is something to do.
 */
export function createRecorder(write: WriteEvents, ring: () => void): RecordEvents {
  const waiting: Waiting[] = []
  let writing = false

  async function writeOnce(batch: Waiting[]): Promise<void> {
    try {
      const anyNew = await write(batch.flatMap((each) => each.events))
      for (const each of batch) each.resolve()
      if (anyNew) ring()
    } catch (error) {
      for (const each of batch) each.reject(error)
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) await writeOnce(waiting.splice(0, MOST_IN_ONE))
    writing = false
  }

  return (events) =>
    new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject })
      if (writing) return
      writing = true
      setImmediate(writeAll)
    })
}
