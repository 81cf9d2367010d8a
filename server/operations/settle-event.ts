import type { Clock, Store } from '../ports.ts'

type Books = { store: Store; clock: Clock }

/** `handled`: there is nothing to retry; `unknown`: no such event. */
export type Revived = 'revived' | 'handled' | 'unknown'

/**
 * An event that was given up, ignored or is still open rings once more, now. A second bell for an open
 * one is harmless: whatever rings, the order is brought to what Stripe says.
 */
export function reviveEvent({ store, clock }: Books, id: string): Promise<Revived> {
  return store.transaction(async (tx) => {
    const open = { handled_at: null, outcome: null, attempts: 0, error: null } as const
    const row = await tx
      .updateTable('events')
      .set(open)
      .where('id', '=', id)
      .where((eb) => eb.or([eb('handled_at', 'is', null), eb('outcome', '!=', 'handled')]))
      .returning('id')
      .executeTakeFirst()
    if (row) {
      await store.enqueue(tx, [{ kind: 'event', ref: id }], clock.now())
      return 'revived'
    }
    const known = await tx.selectFrom('events').select('id').where('id', '=', id).executeTakeFirst()
    return known ? 'handled' : 'unknown'
  })
}

/** Nothing is left to do: off the list. Its bell, if one is still in the queue, then changes nothing. */
export function ignoreEvent(
  { store, clock }: Books,
  id: string,
): Promise<'ignored' | 'handled' | 'unknown'> {
  return store.transaction(async (tx) => {
    const row = await tx
      .updateTable('events')
      .set({ handled_at: clock.now().toISOString(), outcome: 'ignored' })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('handled_at', 'is', null), eb('outcome', '!=', 'handled')]))
      .returning('id')
      .executeTakeFirst()
    if (row) return 'ignored'
    const known = await tx.selectFrom('events').select('id').where('id', '=', id).executeTakeFirst()
    return known ? 'handled' : 'unknown'
  })
}
