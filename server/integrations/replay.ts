import type { Store, Tx } from '../ports.ts'
import type { EndpointRow } from '../store/tables.ts'
import { wants } from './endpoints.store.ts'
import { deliveryId, insertDeliveries } from './outbound.store.ts'

const PAGE = 200

/**
 * Sends again, on purpose and under the same ids, what an endpoint was told (or was not, if it was not
 * there yet): one message, or all that was made since then. In order, like the first time. Messages in
 * which somebody was forgotten are gone. Returns how many.
 */
export async function replay(
  store: Store,
  endpoint: EndpointRow,
  what: { message: string } | { since: string },
): Promise<number> {
  const messages = (
    await store.db
      .selectFrom('outbound_messages')
      .select(['id', 'type', 'created_at'])
      .where('payload', '!=', '')
      .$if('message' in what, (query) =>
        query.where('id', '=', 'message' in what ? what.message : ''),
      )
      .$if('since' in what, (query) =>
        query.where('created_at', '>=', 'since' in what ? what.since : ''),
      )
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  ).filter(({ type }) => 'message' in what || wants(endpoint, type))
  for (let at = 0; at < messages.length; at += PAGE)
    await store.transaction((tx) => sendAgain(store, tx, endpoint, messages.slice(at, at + PAGE)))
  return messages.length
}

async function sendAgain(
  store: Store,
  tx: Tx,
  endpoint: EndpointRow,
  messages: { id: string; created_at: string }[],
): Promise<void> {
  const ids = messages.map(({ id }) => deliveryId(id, endpoint.id))
  await tx
    .updateTable('outbound_deliveries')
    .set({ state: 'pending', attempts: 0, first_attempt_at: null, next_attempt_at: null })
    .where('id', 'in', ids)
    .execute()
  await insertDeliveries(
    tx,
    messages.map(({ id, created_at }) => ({
      message_id: id,
      endpoint_id: endpoint.id,
      created_at,
    })),
  )
  await store.enqueue(
    tx,
    ids.map((ref) => ({ kind: 'outbound' as const, ref })),
  )
}
