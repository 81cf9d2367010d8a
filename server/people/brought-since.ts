import type { Tx } from '../ports.ts'
import type { MergeRow } from '../store/tables.ts'
import type { Moved } from './merge-people.ts'
import { channelOf, mailAccountId } from './people.store.ts'

/**
 * All that goes back with an account by which somebody came to us: what came with it, the orders it has paid or
 * claimed since, and the customers that those brought. A customer whom the other side had before, or pays by as
 * well, stays there, and so do its subscriptions: Stripe moves none from one customer to another. Of a merge
 * that moved mailboxes alone it is what the merge moved.
 */
export async function broughtSince(tx: Tx, merge: MergeRow): Promise<Moved> {
  const came = JSON.parse(merge.moved) as Moved
  const chats = came.accounts.map(({ id }) => id).filter((id) => channelOf(id) !== 'mail')
  if (chats.length === 0) return came
  const known = new Set(came.orders.map(({ id }) => id))
  const paid = await ordersOf(tx, merge, chats)
  const orders = paid.filter(({ id }) => !known.has(id))
  const customers = await customersOf(tx, merge, chats, paid)
  const told = [...customers, ...orders.map(({ id }) => id)]
  return {
    accounts: [...came.accounts, ...(await mailboxesOf(tx, merge, told))],
    customers: [...new Set([...came.customers, ...customers])],
    orders: [
      ...came.orders,
      ...orders.map(({ id, account_id, ownership }) => ({ id, account_id, ownership })),
    ],
    grants: came.grants,
    procedures: [...new Set([...came.procedures, ...(await proceduresOf(tx, merge, chats))])],
  }
}

function ordersOf(tx: Tx, { into_person }: MergeRow, accounts: readonly string[]) {
  return tx
    .selectFrom('orders')
    .select(['id', 'account_id', 'ownership', 'customer'])
    .where('person_id', '=', into_person)
    .where('account_id', 'in', accounts)
    .orderBy('id')
    .execute()
}

/** Those whom nobody had before, and by whom nobody of the other side has paid. */
async function customersOf(
  tx: Tx,
  merge: MergeRow,
  chats: readonly string[],
  paid: readonly { customer: string | null }[],
): Promise<string[]> {
  const theirs = [...new Set(paid.flatMap(({ customer }) => customer ?? []))]
  if (theirs.length === 0) return []
  const { into_person: into } = merge
  const taken = await takenSince(tx, merge)
  const rows = await tx
    .selectFrom('customers')
    .select(['id', 'linked_at'])
    .where('id', 'in', theirs)
    .where('person_id', '=', into)
    .execute()
  const shared = await tx
    .selectFrom('orders')
    .select('customer')
    .where('customer', 'in', theirs)
    .where('person_id', '=', into)
    .where('account_id', 'not in', chats)
    .where('ownership', '!=', 'payer')
    .execute()
  const kept = new Set(shared.map(({ customer }) => customer))
  return rows
    .filter(({ id, linked_at }) => !kept.has(id) && (linked_at >= merge.at || taken.has(id)))
    .map(({ id }) => id)
}

/** Payers who became one with this person later, by a claim or by a mail. */
async function takenSince(tx: Tx, { id, into_person, at }: MergeRow): Promise<Set<string>> {
  const later = await tx
    .selectFrom('merges')
    .select('moved')
    .where('into_person', '=', into_person)
    .where('at', '>=', at)
    .where('id', '!=', id)
    .where('how', '!=', 'accounts')
    .where('undone_at', 'is', null)
    .execute()
  return new Set(later.flatMap(({ moved }) => (JSON.parse(moved) as Moved).customers))
}

function mailboxesOf(
  tx: Tx,
  { into_person }: MergeRow,
  told: readonly string[],
): Promise<Moved['accounts']> {
  if (told.length === 0) return Promise.resolve([])
  return tx
    .selectFrom('accounts')
    .select(['id', 'verified_at'])
    .where('id', 'in', told.map(mailAccountId))
    .where('person_id', '=', into_person)
    .orderBy('id')
    .execute()
}

async function proceduresOf(
  tx: Tx,
  { into_person }: MergeRow,
  accounts: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('procedures')
    .select('id')
    .where('person_id', '=', into_person)
    .where('account_id', 'in', accounts)
    .execute()
  return rows.map(({ id }) => id)
}
