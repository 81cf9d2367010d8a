import type { Clock, Store, Tx } from '../ports.ts'
import { releaseWaiting } from './deliveries.store.ts'

/** This account can be reached now: what waited for that rings again. */
export async function releaseMessages(
  { store, clock }: { store: Store; clock: Clock },
  tx: Tx,
  accountId: string,
): Promise<void> {
  const released = await releaseWaiting(tx, accountId, clock.now())
  await store.enqueue(
    tx,
    released.map((ref) => ({ kind: 'deliver', ref })),
  )
}
