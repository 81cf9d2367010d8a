import { IS_LATE } from '../notifications/deliveries.store.ts'
import type { Db } from '../ports.ts'
import type { EventRow } from '../store/tables.ts'
import { IS_DEAD } from './survey.ts'

export type ListedEvent = {
  received: string
  id: string
  type: string
  state: 'open' | 'handled' | 'ignored' | 'dead'
  attempts: number
  error: string | null
}

const OUTCOMES = [null, 'dead', 'handled', 'ignored'] as const

/** Events, newest first. `unhandled`: those that are open, and those that were given up. */
export async function listEvents(
  db: Db,
  { unhandled, most }: { unhandled: boolean; most: number },
): Promise<ListedEvent[]> {
  // One outcome at a time, as the indexes are: all of them at once would read every event ever held.
  const wanted = unhandled ? OUTCOMES.slice(0, 2) : OUTCOMES
  const found = await Promise.all(wanted.map((outcome) => newest(db, outcome, most)))
  return found
    .flat()
    .toSorted((one, other) => (one.received_at < other.received_at ? 1 : -1))
    .slice(0, most)
    .map((row) => ({
      received: row.received_at,
      id: row.id,
      type: row.type,
      state: row.outcome ?? 'open',
      attempts: row.attempts,
      error: row.error,
    }))
}

function newest(db: Db, outcome: EventRow['outcome'], most: number) {
  const events = db
    .selectFrom('events')
    .select(['received_at', 'id', 'type', 'outcome', 'attempts', 'error'])
    .orderBy('received_at', 'desc')
    .limit(most)
  if (outcome === null) return events.where('handled_at', 'is', null).execute()
  return events.where('outcome', '=', outcome).execute()
}

/**
 * Messages, newest first, without what they say and to whom; `order` is the number that buyer and staff
 * know, `session` Stripe's name for it. `dead`: only those that were given up.
 * `late`: only orders whose buyers were not written to; of a flood of them most were only put on this list.
 */
export async function listDeliveries(
  db: Db,
  { dead, late = false, most }: { dead: boolean; late?: boolean; most: number },
) {
  return db
    .selectFrom('deliveries')
    .leftJoin('orders', 'orders.id', 'deliveries.order_id')
    .select(['deliveries.created_at as made', 'deliveries.id', 'kind', 'orders.number as order'])
    .select(['deliveries.order_id as session', 'state', 'attempts', 'error'])
    .$if(dead, (query) => query.where(IS_DEAD))
    .$if(late, (query) => query.where(IS_LATE))
    .orderBy('deliveries.created_at', 'desc')
    .limit(most)
    .execute()
}
