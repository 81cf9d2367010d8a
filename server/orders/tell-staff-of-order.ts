import type { News, PostRoom } from '../notifications/notify.ts'
import { tellOfPerson } from '../notifications/tell-of-person.ts'
import { inShopsWords, placesFor, tellStaff } from '../notifications/tell-staff.ts'
import type { Tx } from '../ports.ts'

/** Money goes back, or a bank asks for it: once for each refund (its id) and each disputed order. */
export async function tellStaffOfMoney(
  post: PostRoom,
  tx: Tx,
  { order, buyer, cause }: News,
  about: { kind: 'staff_refund' | 'staff_dispute'; subject: string; amount: number },
): Promise<void> {
  const { kind, subject, amount } = about
  await tellStaff(post, tx, {
    topic: kind === 'staff_refund' ? 'refund' : 'dispute',
    ...{ subject, orderId: order.id, cause },
    message: { kind, ...inShopsWords(post.shop), order, amount, buyer: buyer?.name ?? null },
  })
}

/**
 * Somebody paid by a link with a reference that is not ours: whose order it is, only a person can find
 * out. Whoever hears of each order reads it there.
 */
export function tellOfForgery(post: PostRoom, tx: Tx, { order, cause }: News): Promise<void> {
  const trouble = { why: 'forged_reference', about: order.id, cause } as const
  return tellOfPerson(post, tx, trouble, placesFor(post, 'order'))
}
