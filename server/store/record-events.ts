import type { RecordEvents, Store } from '../ports.ts'
import type { NewEvent } from './tables.ts'

/** Requests that share one statement; more would only make the first wait for the last. */
const MOST_IN_ONE = 256

type Waiting = {
  events: readonly NewEvent[]
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * The letterbox's pen. Webhooks that are in flight together are written by one statement in one
 * commit: event and job, or neither. Known events change nothing. An event without a reaction is
 * kept as ignored and gets no job.
 *
 * Resolves when the rows are on disk; rejects when they are not, and then nobody may answer 200.
 * `ring` tells the worker that there is something to do.
 */
export function createRecorder(store: Store, ring: () => void): RecordEvents {
  const waiting: Waiting[] = []
  let writing = false

  async function writeOnce(batch: Waiting[]): Promise<void> {
    try {
      const anyNew = await write(
        store,
        batch.flatMap((each) => each.events),
      )
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

async function write(store: Store, events: readonly NewEvent[]): Promise<boolean> {
  // The same event twice in one statement would conflict with itself on Postgres.
  const once = [...new Map(events.map((event) => [event.id, event])).values()]
  if (once.length === 0) return false
  return store.transaction(async (tx) => {
    const added = await tx
      .insertInto('events')
      .values(once)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning(['id', 'handled_at'])
      .execute()
    const open = added.filter((event) => event.handled_at === null)
    await store.enqueue(
      tx,
      open.map((event) => ({ kind: 'event', ref: event.id })),
    )
    return open.length > 0
  })
}
