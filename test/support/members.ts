import type { Insertable } from 'kysely'
import type { SubscribedItem } from '../../server/ports.ts'
import type { SubscriptionsTable } from '../../server/store/tables.ts'
import type { LineUser } from '../sandbox/types.ts'
import type { House } from './house.ts'

/** Somebody who subscribes: the customer and the subscription at Stripe, and both in our books. */
export async function addSubscriber(
  house: House,
  user: LineUser,
  price: string,
  over: { role?: string; linkedAt?: string; row?: Partial<Insertable<SubscriptionsTable>> } = {},
): Promise<{ customer: string; subscription: string }> {
  const [[customer, subscription] = ['', '']] = house.stripe.seedSubscribers(price, 1)
  await addCustomer(house, user, customer, over.linkedAt)
  const at = house.desk.post.clock.now().toISOString()
  await house.store.db
    .insertInto('subscriptions')
    .values({
      id: subscription,
      customer_id: customer,
      version: 1,
      status: 'active',
      currency: 'jpy',
      items: JSON.stringify([{ name: '豆の会', price } satisfies Partial<SubscribedItem>]),
      started_at: at,
      invoice_unpaid: 0,
      seen_at: at,
      ...over.row,
    })
    .execute()
  await setRole(house, user, over.role ?? 'member')
  return { customer, subscription }
}

/** Writes down whose a Stripe customer is, and that Stripe has been asked for them. */
export async function addCustomer(
  house: House,
  user: LineUser,
  id: string,
  linkedAt = house.desk.post.clock.now().toISOString(),
): Promise<void> {
  const person_id = await personOf(house, user)
  await house.store.db
    .insertInto('customers')
    .values({ id, person_id, linked_at: linkedAt, checked_at: linkedAt })
    .execute()
}

/** What the person is; `view`: the portal view that staff chose for them. */
export async function setRole(
  house: House,
  user: LineUser,
  role: string,
  view: string | null = null,
): Promise<void> {
  const row = { role, portal_view: view, since: house.desk.post.clock.now().toISOString() }
  await house.store.db
    .insertInto('memberships')
    .values({ person_id: await personOf(house, user), ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute()
}

/** Only who has logged in once has a person. */
export async function personOf(house: House, { userId }: LineUser): Promise<string> {
  const account = await house.store.db
    .selectFrom('accounts')
    .select('person_id')
    .where('id', '=', `line:${userId}`)
    .executeTakeFirstOrThrow()
  return account.person_id
}
