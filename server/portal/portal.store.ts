import type { Db, StripeOffer, SubscribedItem } from '../ports.ts'

/** What is subscribed to and still has something that can be managed. */
const LIVING = new Set(['active', 'trialing', 'past_due', 'unpaid', 'paused'])
const OWING = new Set(['past_due', 'unpaid'])

export type PortalCustomer = {
  id: string
  since: string
  /** What they subscribe or subscribed to */
  names: string[]
  /** Nobody could ask Stripe for them yet */
  unknown: boolean
  living: { id: string; owes: boolean; ends: boolean; paused: boolean }[]
}

export type PortalPerson = {
  role: string
  override: string | null
  /** Newest first; without those that Stripe knows no longer */
  customers: PortalCustomer[]
}

/** Whose portal it is, and what of Stripe's is theirs. */
export async function readPortalPerson(db: Db, personId: string): Promise<PortalPerson> {
  const [membership, customers] = await Promise.all([
    db
      .selectFrom('memberships')
      .select(['role', 'portal_view'])
      .where('person_id', '=', personId)
      .executeTakeFirst(),
    readCustomers(db, personId),
  ])
  const { role = 'guest', portal_view: override = null } = membership ?? {}
  return { role, override, customers }
}

async function readCustomers(db: Db, personId: string): Promise<PortalCustomer[]> {
  const rows = await db
    .selectFrom('customers')
    .leftJoin('subscriptions', 'subscriptions.customer_id', 'customers.id')
    .select([
      'customers.id as customer',
      'linked_at',
      'checked_at',
      'subscriptions.id as subscription',
      'status',
      'items',
      'cancel_at',
      'pause',
    ])
    .where('person_id', '=', personId)
    .where('deleted', '=', 0)
    .orderBy('linked_at', 'desc')
    .orderBy('started_at', 'desc')
    .execute()
  const all = new Map<string, PortalCustomer>()
  for (const row of rows) {
    const customer = all.get(row.customer) ?? {
      id: row.customer,
      since: row.linked_at,
      names: [],
      unknown: row.checked_at === null,
      living: [],
    }
    all.set(row.customer, customer)
    const { subscription: id, status, items } = row
    if (id === null || status === null) continue
    customer.names.push(...(JSON.parse(items ?? '[]') as SubscribedItem[]).map(({ name }) => name))
    if (LIVING.has(status))
      customer.living.push({
        id,
        owes: OWING.has(status),
        ends: row.cancel_at !== null,
        paused: status === 'paused',
      })
  }
  return [...all.values()]
}

/** The shelf as it was kept last; null: nobody has looked yet. */
export async function keptOffers(db: Db): Promise<StripeOffer[] | null> {
  const row = await db
    .selectFrom('catalogue')
    .select('offers')
    .where('id', '=', 1)
    .executeTakeFirst()
  return row ? (JSON.parse(row.offers) as StripeOffer[]) : null
}
