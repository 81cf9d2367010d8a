import type { RecordEvents } from '../ports.ts'
import type { NewEvent } from './tables.ts'
import { type Batch, MOST_IN_ONE, openLine, tooSlow } from './waiting-line.ts'

/** While one write waits for the disk or for our answers, the next is already where it is written. */
const MOST_HANDS = 2
/** Fewer events are not worth a commit of their own while another is under way: they wait for it. */
const WORTH_A_COMMIT = 16

/** Writes events and their jobs in one transaction; true when there is a new job. */
export type WriteEvents = (events: readonly NewEvent[]) => Promise<boolean>

/**
 * The letterbox's ledger, above the engines. Webhooks that are in flight together are written in one
 * commit: event and job, or neither. Known events change nothing. An event without a reaction is
 * kept as ignored and gets no job.
 *
 * Resolves when the rows are on disk; rejects when they are not, or when nobody knows yet, and then
 * nobody may answer 200. `ring` tells the worker that there is something to do; `report` hears when
 * the store has become too slow (`busy`): then newcomers are refused at once, and whoever has waited
 * 5 s is refused too, also when the write is already in hand, since nobody knows how that ends.
 * There are two writes at a time, so those that hang hold up a short line and nothing piles up.
 */
export function createRecorder(
  write: WriteEvents,
  ring: () => void,
  report: (error: unknown) => void = () => {},
): RecordEvents {
  const line = openLine()
  let hands = 0
  let told = false

  async function writeOnce(batch: Batch): Promise<void> {
    try {
      const anyNew = await write(batch.flatMap(({ events }) => events))
      for (const each of batch) each.answer()
      if (anyNew) ring()
    } catch (error) {
      for (const each of batch) each.answer(error ?? new Error('the write failed without a reason'))
    } finally {
      line.putDown(batch)
    }
  }

  /**
   * Two hands, and both about as full. With all letters in one, whoever sends waits for us and then we
   * for them: a sixth fewer letters a second. So the other begins when as many wait as the first holds
   * (sooner, a slow disk would make more and smaller commits), and takes at most twice as many.
   */
  const isWorthAHand = (others: number) =>
    line.length() >= (others === 0 ? 1 : Math.max(WORTH_A_COMMIT, line.held()))

  function share(): number {
    if (hands === 1) return MOST_IN_ONE
    // Where both are empty in the same turn, half is for the other.
    const even = line.held() > 0 ? 2 * line.held() : Math.floor(line.length() / 2)
    return Math.min(MOST_IN_ONE, Math.max(WORTH_A_COMMIT, even))
  }

  async function writeAll(): Promise<void> {
    while (isWorthAHand(hands - 1)) {
      const batch = line.take(share())
      lendAHand()
      await writeOnce(batch)
      // One turn lets in whoever is at the door, so that the next batch is larger.
      await new Promise((resolve) => setImmediate(resolve))
    }
    hands--
  }

  function lendAHand(): void {
    // A hand that is about to take takes whoever came in the same turn.
    if (hands > 0 && line.held() === 0) return
    if (hands === MOST_HANDS || !isWorthAHand(hands)) return
    hands++
    setImmediate(writeAll)
  }

  return async (events) => {
    if (events.length === 0) return
    const busy = line.isBusy(events.length)
    if (busy && !told) report(new Error('the store is too slow: webhooks are answered 503'))
    told = busy
    if (busy) throw tooSlow()
    const written =
      events.length <= MOST_IN_ONE
        ? line.join(events)
        : Promise.all(inPieces(events).map(line.join))
    lendAHand()
    await written
  }
}

/** A webhook of LINE's may hold thousands; Postgres takes 65,535 values in one statement. */
function inPieces(events: readonly NewEvent[]): (readonly NewEvent[])[] {
  if (events.length <= MOST_IN_ONE) return [events]
  return [events.slice(0, MOST_IN_ONE), ...inPieces(events.slice(MOST_IN_ONE))]
}
