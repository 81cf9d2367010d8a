import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'

export type Backfilled = { sessions: number; orders: number; failed: number }

/**
 * Asks Stripe for every session of our links since a time and brings each order up to date: what a
 * webhook should have told and did not. Safe beside a running server, and as often as you like, since
 * it is the same function that webhooks call. One session that fails is reported and passed over;
 * throws when two in a row do, since then it is Stripe that fails.
 */
export async function backfillOrders(desk: OrderDesk, since: Date): Promise<Backfilled> {
  const found = { sessions: 0, orders: 0, failed: 0 }
  let failing = false
  for (const link of desk.rules.paymentLinks ?? [null])
    for await (const session of desk.stripe.listSessions(since, link)) {
      found.sessions++
      try {
        if (await reconcileOrder(desk, session)) found.orders++
        failing = false
      } catch (error) {
        if (failing) throw error
        failing = true
        found.failed++
        desk.report(error)
      }
    }
  return found
}
