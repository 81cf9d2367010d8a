import type { Store } from '../ports.ts'
import { IS_PENDING } from './endpoints.store.ts'
import { pendingOf } from './outbound.store.ts'

const PAGE = 500

/**
 * Rings for all that an endpoint is still to be told: it is on again, or answers again. Whoever comes twice
 * finds it in hand, or done. Returns how many.
 */
export async function ringEndpoint(store: Store, endpointId: string): Promise<number> {
  // Or those behind an earlier one would wait as long as it was to wait.
  await store.single((db) =>
    db
      .updateTable('outbound_deliveries')
      .set({ next_attempt_at: null })
      .where('endpoint_id', '=', endpointId)
      .where(IS_PENDING)
      .execute(),
  )
  const ids = await pendingOf(store.db, endpointId)
  for (let at = 0; at < ids.length; at += PAGE)
    await store.transaction((tx) =>
      store.enqueue(
        tx,
        ids.slice(at, at + PAGE).map((ref) => ({ kind: 'outbound' as const, ref })),
      ),
    )
  return ids.length
}
