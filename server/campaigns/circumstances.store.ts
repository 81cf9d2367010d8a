import { sql } from 'kysely'
import { IS_CAMPAIGN, IS_HEARD } from '../notifications/hold-campaign.ts'
import { optedOut } from '../people/opt-outs.store.ts'
import type { Db, Tx } from '../ports.ts'
import type { AccountRow, SubscriptionRow } from '../store/tables.ts'

/** All that may stand against writing to somebody, as our books hold it. */
export type Circumstances = {
  accounts: readonly AccountRow[]
  optedOut: boolean
  /** Stripe writes to them, or LINE has told their mail: a mailbox that is no account yet */
  hasMail: boolean
  /** Mailboxes that somebody has said no for, perhaps as another person */
  stopped: ReadonlySet<string>
  heard: readonly { subject: string; created_at: string }[]
  /** What they subscribe to and has not ended, and what a bank has taken back */
  subscriptions: readonly SubscriptionRow[]
  /** A bank asks for an order's money */
  disputes: boolean
  /** They stand before Stripe's page, or carry a slip to the konbini */
  buys: boolean
}

type Owned = { person_id: string | null }

/** Of a page of people at once: each further question would be asked a hundred thousand times. */
export async function readCircumstances(
  db: Db | Tx,
  persons: readonly string[],
): Promise<(personId: string) => Circumstances> {
  if (persons.length === 0) return () => NOBODY
  const said = await optedOut(db, persons)
  const accounts = by(await accountsIn(db, persons))
  const customers = by(await customersIn(db, persons))
  const heard = by(await heardBy(db, persons))
  const subscriptions = by(await subscriptionsIn(db, persons))
  const orders = by(await ordersIn(db, persons))
  const procedures = by(await proceduresIn(db, persons))
  return (personId) => {
    const open = orders(personId)
    return {
      accounts: accounts(personId),
      optedOut: said.persons.has(personId),
      hasMail:
        customers(personId).length > 0 || accounts(personId).some(({ email }) => email !== null),
      stopped: said.accounts,
      heard: heard(personId),
      subscriptions: subscriptions(personId),
      disputes: open.some(({ status }) => status === 'disputed'),
      buys: procedures(personId).length > 0 || open.some(({ status }) => status !== 'disputed'),
    }
  }
}

const NOBODY: Circumstances = {
  accounts: [],
  optedOut: false,
  hasMail: false,
  stopped: new Set(),
  heard: [],
  subscriptions: [],
  disputes: false,
  buys: false,
}

function by<R extends Owned>(rows: readonly R[]): (personId: string) => readonly R[] {
  const grouped = Map.groupBy(rows, ({ person_id }) => person_id)
  return (personId) => grouped.get(personId) ?? []
}

function accountsIn(db: Db | Tx, persons: readonly string[]) {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('person_id', 'in', persons)
    .where(isOwn)
    .orderBy('id')
    .execute()
}

/** Anybody can write anybody's id into a link: what they typed at that till is where its receipt goes, and nothing else. */
const isOwn = sql<boolean>`(channel <> 'mail' or not exists
  (select 1 from orders where orders.id = substr(accounts.id, 6) and orders.ownership = 'bare'))`

function customersIn(db: Db | Tx, persons: readonly string[]) {
  return db
    .selectFrom('customers')
    .select('person_id')
    .where('person_id', 'in', persons)
    .where('mail', 'is not', null)
    .where('deleted', '=', 0)
    .execute()
}

/** By person, not by account: whoever has LINE and a mailbox hears of a campaign on one of them. */
function heardBy(db: Db | Tx, persons: readonly string[]) {
  return db
    .selectFrom('accounts')
    .innerJoin('deliveries', 'deliveries.account_id', 'accounts.id')
    .select(['accounts.person_id', 'deliveries.subject', 'deliveries.created_at'])
    .where('accounts.person_id', 'in', persons)
    .where(IS_CAMPAIGN)
    .where(IS_HEARD)
    .execute()
}

function subscriptionsIn(db: Db | Tx, persons: readonly string[]) {
  return db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .selectAll('subscriptions')
    .select('customers.person_id')
    .where('customers.person_id', 'in', persons)
    .where((eb) =>
      eb.or([
        eb('status', 'not in', ['canceled', 'incomplete', 'incomplete_expired']),
        eb('disputed', '<>', '[]'),
      ]),
    )
    .execute()
}

function ordersIn(db: Db | Tx, persons: readonly string[]) {
  return db
    .selectFrom('orders')
    .select(['person_id', 'status'])
    .where('person_id', 'in', persons)
    .where('status', 'in', ['awaiting_payment', 'disputed'])
    .execute()
}

function proceduresIn(db: Db | Tx, persons: readonly string[]) {
  return (
    db
      .selectFrom('procedures')
      .select('person_id')
      .where('person_id', 'in', persons)
      // Written so that the partial index over the open ones is found.
      .where(sql<boolean>`state = 'open'`)
      .execute()
  )
}
