import type { Clock, Tx } from '../ports.ts'

/**
 * Nobody is led again to a page at Stripe that is still open: it names the account for which it was opened, and may
 * be that of a customer, and these are not one person's any more.
 */
export async function closePages(
  { clock }: { clock: Clock },
  tx: Tx,
  whose: 'person_id' | 'account_id',
  id: string,
): Promise<void> {
  await tx
    .updateTable('procedures')
    .set({ state: 'closed', closed_at: clock.now().toISOString() })
    .where(whose, '=', id)
    .where('state', '=', 'open')
    .execute()
}
