import type { News, PostRoom } from '../notifications/notify.ts'
import { tellOfPerson } from '../notifications/tell-of-person.ts'
import { inShopsWords, placesFor, tellStaff } from '../notifications/tell-staff.ts'
import type { Tx } from '../ports.ts'
import { newsOf } from './order-news.ts'
import { findOrder } from './orders.store.ts'

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

/**
 * A bank asks for a later payment of a subscription: told by the order that it began with, once for each
 * payment. The sum is the newest invoice's; the first payment is the order's own, and told with it.
 */
export async function tellOfDisputedRenewal(
  post: PostRoom,
  about: { session: string; subscription: string; payment: string; cause: string | null },
): Promise<void> {
  const { session, subscription: id, payment, cause } = about
  await post.store.transaction(async (tx) => {
    const order = await findOrder(tx, session)
    const subscription = await tx
      .selectFrom('subscriptions')
      .select(['disputed', 'invoice_amount'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!order || order.payment_intent === payment || !subscription) return
    if (!(JSON.parse(subscription.disputed) as string[]).includes(payment)) return
    await tellStaffOfMoney(post, tx, await newsOf(tx, order, cause), {
      kind: 'staff_dispute',
      subject: payment,
      amount: subscription.invoice_amount ?? order.amount,
    })
  })
}
