import type { Db } from '../ports.ts'

/** Members, the newest first, a row for each subscription or one where there is none. */
export function listMembers(db: Db, { due, most }: { due: boolean; most: number }) {
  return (
    db
      .selectFrom('memberships')
      // A mailbox is no name of theirs; who has nothing else is listed without one.
      .leftJoin('accounts', (join) =>
        join
          .onRef('accounts.person_id', '=', 'memberships.person_id')
          .on('accounts.channel', '=', 'line'),
      )
      .leftJoin('customers', (join) =>
        join
          .onRef('customers.person_id', '=', 'memberships.person_id')
          .on('customers.deleted', '=', 0),
      )
      .leftJoin('subscriptions', (join) =>
        join
          .onRef('subscriptions.customer_id', '=', 'customers.id')
          .on('subscriptions.status', 'not in', ['canceled', 'incomplete_expired']),
      )
      .select(['memberships.since', 'accounts.address as user', 'memberships.role'])
      .select(['subscriptions.id as subscription', 'subscriptions.status'])
      .select(['subscriptions.period_end as paid_until', 'subscriptions.cancel_at as ends'])
      .where((eb) =>
        due
          ? eb('subscriptions.invoice_unpaid', '=', 1)
          : eb.or([eb('memberships.role', '!=', 'guest'), eb('subscriptions.id', 'is not', null)]),
      )
      .orderBy('memberships.since', 'desc')
      .limit(most)
      .execute()
  )
}
