import { closeProcedureOf } from '../memberships/procedures.store.ts'
import { type MemberDesk, reconcileMembership } from '../memberships/reconcile-membership.ts'
import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'

/**
 * A page at Stripe is over, paid or lapsed: its order is written, and where somebody has subscribed, what
 * they are by it. Only then does the way to the page count as closed: until our books know of the
 * subscription, it alone keeps a second tab from opening a page for another. Throws when Stripe does not answer.
 */
export async function settleSession(
  { desk, members }: { desk: OrderDesk; members: MemberDesk },
  sessionId: string,
  cause: string | null = null,
): Promise<void> {
  const hint = { closed: true, ...(cause ? { cause } : {}) }
  const order = await reconcileOrder(desk, sessionId, hint)
  if (order?.mode !== 'subscription') return
  if (order.customer && order.status !== 'expired')
    await reconcileMembership(members, order.customer, cause)
  const { store, clock } = desk.post
  await store.single((db) => closeProcedureOf(db, order.id, clock.now()))
}
