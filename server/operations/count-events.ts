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
  const kinds = new Map([...known, 'other'].map((type) => [type, labelsOf(type)]))
  const other = labelsOf('other')
  return async (events) => {
    await record(events)
    for (const { type, handled_at } of events) {
      const { ignored, received } = kinds.get(type) ?? other
      meter.count('noren_events_total', handled_at ? ignored : received)
    }
  }
}

function labelsOf(type: string) {
  return { ignored: { type, outcome: 'ignored' }, received: { type, outcome: 'received' } }
}
