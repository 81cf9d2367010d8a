import type { Meter, RecordEvents } from '../ports.ts'

/**
 * Counts what the letterboxes wrote down, repeats too, since they are knocks of a vendor all the same. Kinds without
 * a reaction are `other`: a vendor's new words must not become rows without end.
 */
export function countEvents(
  record: RecordEvents,
  meter: Meter,
  known: ReadonlySet<string>,
): RecordEvents {
  return async (events) => {
    await record(events)
    for (const { type, handled_at } of events) {
      const outcome = handled_at ? 'ignored' : 'received'
      meter.count('noren_events_total', { type: known.has(type) ? type : 'other', outcome })
    }
  }
}
