import type { Konbini } from '../../shared/api.ts'
import { type News, notifyBuyer, notifyStaff, type PostRoom } from '../notifications/notify.ts'
import type { CheckoutFacts, Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'
import { newsOf } from './order-news.ts'
import { isPaid } from './order-status.ts'
import { tellOfForgery, tellStaffOfMoney } from './tell-staff-of-order.ts'

/** Turns what changed into messages. What was said before is not said again: a unique key sees to it. */
export async function announce(
  post: PostRoom,
  tx: Tx,
  order: OrderRow,
  change: { before: OrderRow | undefined; facts: CheckoutFacts; cause: string | null },
): Promise<void> {
  const news = await newsOf(tx, order, change.cause)
  const was = change.before?.status
  const late = isLate(post, happenedAt(order, change.before))
  if (isPaid(order.status) && !isPaid(was)) {
    await notifyStaff(post, tx, news, late ? 'staff_late' : 'staff_paid')
    if (news.forged) await tellOfForgery(post, tx, news)
    if (!late) await notifyBuyer(post, tx, news, { kind: 'paid', subject: order.id })
  }
  if ((order.status === 'awaiting_payment' || order.status === 'failed') && order.status !== was)
    if (!late) await notifyBuyer(post, tx, news, { kind: order.status, subject: order.id })
  await announceRefunds(post, tx, news, change.facts)
  if (order.status === 'disputed' && was !== 'disputed')
    await tellStaffOfMoney(post, tx, news, {
      kind: 'staff_dispute',
      subject: order.id,
      amount: order.amount - order.refunded,
    })
}

/** Each refund with what was given back up to it: two that are found out together are not both the last. */
async function announceRefunds(
  post: PostRoom,
  tx: Tx,
  news: News,
  facts: CheckoutFacts,
): Promise<void> {
  let refunded = 0
  for (const { id, amount, createdAt } of facts.refunds) {
    refunded += amount
    await tellStaffOfMoney(post, tx, news, { kind: 'staff_refund', subject: id, amount })
    if (isLate(post, createdAt)) continue
    const status = refunded >= facts.amount ? 'refunded' : 'partially_refunded'
    const then: News = { ...news, order: { ...news.order, refunded, status } }
    await notifyBuyer(post, tx, then, { kind: 'refunded', subject: id, refund: amount })
  }
}

/** A konbini order lapses days after it was made, so its age alone would make every lapse old news. */
function happenedAt(order: OrderRow, before: OrderRow | undefined): string {
  if (order.paid_at) return order.paid_at
  const deadline = before?.konbini && (JSON.parse(before.konbini) as Konbini).expiresAt
  return (order.status === 'failed' && deadline) || order.created_at
}

/** After a long outage nobody should hear at 3 a.m. of what they bought a week ago. */
function isLate(post: PostRoom, at: string): boolean {
  const hours = (post.clock.now().getTime() - Date.parse(at)) / 3_600_000
  return hours > (post.shop.lateAfter ?? 72)
}
