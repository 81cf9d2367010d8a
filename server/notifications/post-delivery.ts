import type { Store, Tx } from '../ports.ts'
import { insertDelivery, type NewDelivery } from './deliveries.store.ts'

/** Writes a delivery and its job, unless it was said before. False: it was. `runAt`: not before then. */
export async function postDelivery(
  { store }: { store: Store },
  tx: Tx,
  delivery: NewDelivery,
  runAt?: Date,
): Promise<boolean> {
  const id = await insertDelivery(tx, delivery)
  if (id && delivery.state !== 'superseded')
    await store.enqueue(tx, [{ kind: 'deliver', ref: id }], runAt)
  return id !== null
}
