import type { Tx } from '../ports.ts'
import type { MergeRow } from '../store/tables.ts'
import type { Moved } from './merge-people.ts'

/** These merges name this account no more; what it has brought is `heir`'s, or nobody's in particular (null). */
export async function strikeAccount(
  tx: Tx,
  merges: readonly Pick<MergeRow, 'id' | 'moved'>[],
  account: string,
  heir: string | null,
): Promise<void> {
  for (const { id, moved: before } of merges) {
    const moved = JSON.parse(before) as Moved
    const accounts = moved.accounts.filter((each) => each.id !== account)
    const orders = moved.orders.map((order) =>
      order.account_id === account ? { ...order, account_id: heir } : order,
    )
    const after = JSON.stringify({ ...moved, accounts, orders })
    if (after !== before)
      await tx.updateTable('merges').set({ moved: after }).where('id', '=', id).execute()
  }
}
