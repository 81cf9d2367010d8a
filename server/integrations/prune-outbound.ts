import type { Clock, Store, Turn } from '../ports.ts'
import { deleteOlder } from './outbound.store.ts'

/** What is older is told no more, and kept no more: payloads name people. */
export const KEPT_DAYS = 30

/** Deletes what other systems were told more than 30 days ago, and what they would not take for so long. */
export async function pruneOutbound(
  { store, clock }: { store: Store; clock: Clock },
  turn: Pick<Turn, 'keep' | 'stop'>,
): Promise<void> {
  const before = new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000).toISOString()
  while (!turn.stop.aborted && (await store.transaction((tx) => deleteOlder(tx, before))) > 0)
    await turn.keep()
}
