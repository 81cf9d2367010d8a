import { emitPersonLinked } from '../integrations/person-payload.ts'
import { mergesOf } from '../integrations/tell-merge.ts'
import { notifyBuyer } from '../notifications/notify.ts'
import { takePayer } from '../people/merge-people.ts'
import { lockAccount } from '../people/people.store.ts'
import type { Session } from '../people/session.ts'
import type { Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'
import { newsOf } from './order-news.ts'
import { isPaid } from './order-status.ts'
import { findOrder, giveOrderTo } from './orders.store.ts'
import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'
import { tellMembership } from './tell-membership.ts'

export type Claimed = OrderRow | 'unknown' | 'taken'

/**
 * A payment that came without a reference (a link on a poster) belongs to whoever holds the session's
 * id *and* an identity that a chat has verified, once. Stripe's return URL brings the id, often before the
 * webhook: so an order we have not heard of is fetched. Throws when Stripe does not answer.
 */
export async function claimOrder(
  desk: OrderDesk,
  sessionId: string,
  claimant: Session,
): Promise<Claimed> {
  const { store } = desk.post
  const known =
    (await findOrder(store.db, sessionId)) ??
    (await reconcileOrder(desk, sessionId, { claimant: claimant.accountId }))
  if (!known) return 'unknown'
  if (known.ownership === 'payer') return claimFromPayer(desk, sessionId, claimant)
  if (known.account_id) return known.person_id === claimant.personId ? known : 'taken'
  return store.transaction(async (tx) => {
    // Held: an account that leaves its person in this moment takes the order along.
    const personId = (await lockAccount(tx, claimant.accountId))?.person_id
    if (!personId) return 'taken'
    const given = await giveOrderTo(tx, sessionId, {
      account_id: claimant.accountId,
      person_id: personId,
      ownership: 'claimed',
    })
    const order = await findOrder(tx, sessionId)
    if (!order) return 'unknown'
    if (!given) return order.person_id === personId ? order : 'taken'
    await tellMembership(desk.post, tx, order)
    // Other systems were told of a payment of nobody's; with a customer behind it they hear from there.
    if (!order.customer)
      await emitPersonLinked(desk.post, tx, {
        personId,
        subject: order.id,
        how: 'claim',
        order: order.id,
      })
    await tellOwner(desk, tx, order)
    return order
  })
}

/** Whoever paid it is known by a mailbox alone: by the claim they are this account's owner, unless they are another's. */
function claimFromPayer(desk: OrderDesk, id: string, { accountId }: Session): Promise<Claimed> {
  const { post } = desk
  return post.store.transaction(async (tx) => {
    // Held: who asks was looked up before, and an account may have come to another person since.
    const into = (await lockAccount(tx, accountId))?.person_id
    const before = await findOrder(tx, id)
    if (!into || !before?.person_id) return 'taken'
    const merge = { from: before.person_id, into, how: 'claim' as const }
    const { state } = await takePayer(mergesOf(post), tx, merge)
    if (state === 'other' || state === 'undone') return 'taken'
    await tx
      .updateTable('orders')
      .set({ account_id: accountId, ownership: 'claimed' })
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('id', '=', id)
      .where('person_id', '=', into)
      .execute()
    const order = await findOrder(tx, id)
    if (order?.person_id !== into) return 'taken'
    await tellMembership(post, tx, order)
    if (state === 'merged') await tellOwner(desk, tx, order)
    return order
  })
}

/** The owner was not there when the order came in, so what would have been said is said now. */
async function tellOwner(desk: OrderDesk, tx: Tx, order: OrderRow): Promise<void> {
  const news = await newsOf(tx, order, null)
  if (isPaid(order.status))
    await notifyBuyer(desk.post, tx, news, { kind: 'paid', subject: order.id })
  else if (order.status === 'awaiting_payment' || order.status === 'failed')
    await notifyBuyer(desk.post, tx, news, { kind: order.status, subject: order.id })
}
