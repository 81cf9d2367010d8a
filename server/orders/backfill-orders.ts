import { type OrderDesk, reconcileOrder } from './reconcile-order.ts'

/**
 * Asks Stripe for every session of our links since a time and brings each order up to date: what a
 * webhook should have told and did not. Safe beside a running server, and as often as you like, since
 * it is the same function that webhooks call. Resolves with how many sessions were looked at.
 */
export async function backfillOrders(
  desk: OrderDesk,
  since: Date,
  seen: (sessionId: string, isOrder: boolean) => void,
): Promise<number> {
  let count = 0
  for (const link of desk.rules.paymentLinks ?? [null])
    for await (const session of desk.stripe.listSessions(since, link)) {
      seen(session, (await reconcileOrder(desk, session)) !== null)
      count++
    }
  return count
}
