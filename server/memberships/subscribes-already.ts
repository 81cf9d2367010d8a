import { subscriptionsOf } from './memberships.store.ts'
import type { ProcedureDesk } from './open-procedure.ts'
import { findOpenProcedure } from './procedures.store.ts'
import { itemsOf, roleOfItems, rulesOf } from './reasons.ts'
import { isLiving } from './standing.ts'

/**
 * Does this person pay, or owe, for a role already? Asked where the page to subscribe is opened by Stripe
 * itself, so that nothing of ours can keep a second one from being opened. A page of ours that was paid a
 * moment ago counts, though its webhook is still on the way. Throws when Stripe does not answer.
 */
export async function subscribesAlready(desk: ProcedureDesk, personId: string): Promise<boolean> {
  await desk.lookFirst(personId)
  const { db } = desk.store
  const session = (await findOpenProcedure(db, personId))?.session_id
  if (session && (await desk.stripe.checkoutState(session)) === 'complete')
    await desk.settle(session)
  const rules = rulesOf(desk.shop)
  const living = (await subscriptionsOf(db, personId)).filter(isLiving)
  return living.some((each) => roleOfItems(itemsOf(each), rules) !== null)
}
