import type { CheckoutFacts, Tx } from '../ports.ts'

/** Holds what was given back of an order, each by itself; one that failed after all is none. */
export async function keepRefunds(
  tx: Tx,
  { id, refunds }: Pick<CheckoutFacts, 'id' | 'refunds'>,
): Promise<void> {
  const ids = refunds.map((refund) => refund.id)
  await tx
    .deleteFrom('refunds')
    .where('order_id', '=', id)
    .$if(ids.length > 0, (others) => others.where('id', 'not in', ids))
    .execute()
  if (ids.length === 0) return
  await tx
    .insertInto('refunds')
    .values(
      refunds.map(({ createdAt, ...refund }) => ({
        ...refund,
        order_id: id,
        created_at: createdAt,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
