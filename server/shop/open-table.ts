import type { PricingTableResponse } from '../../shared/api.ts'
import { sealReference } from '../../shared/reference.ts'
import type { Utm } from '../../shared/utm.ts'
import type { ProcedureDesk } from '../memberships/open-procedure.ts'
import { usualCustomer } from '../memberships/open-session.ts'
import { holderOf } from '../people/people.store.ts'
import { keepVisit } from '../people/visits.store.ts'
import { NeedsPerson, Never } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { Table } from './pricing-tables.ts'

/**
 * What a pricing table must know of who stands before it. The reference is always sealed: a bare one would
 * make nobody a member. Who is a customer already stays that customer. Throws when Stripe does not answer.
 */
export async function openTable(
  desk: ProcedureDesk,
  { table, publishableKey }: Table,
  buyer: { account: AccountRow; personId: string; source: string; utm: Utm | null },
): Promise<PricingTableResponse> {
  const { account, personId, source, utm } = buyer
  const issuedAt = Math.floor(desk.clock.now().getTime() / 1_000)
  const reference = sealReference(
    { userId: holderOf(account.id), source, issuedAt },
    desk.referenceSecret,
  )
  await keepVisit(desk, { accountId: account.id, issuedAt, source, offer: null, utm })
  const customer = await usualCustomer(desk, personId)
  const customerSession = customer && (await customerSessionOf(desk, customer))
  const email = customerSession ? null : account.email
  return { table, publishableKey, reference, email, customerSession }
}

/** A key from before there were pricing tables may not do it: then the person is known by their e-mail. */
async function customerSessionOf(desk: ProcedureDesk, customer: string): Promise<string | null> {
  try {
    return await desk.stripe.openPricingTableSession(customer)
  } catch (error) {
    if (!(error instanceof NeedsPerson || error instanceof Never)) throw error
    desk.log.warn({ customer, err: error }, 'a pricing table is shown without its customer')
    return null
  }
}
