import { holderOf } from '../people/people.store.ts'
import type { Db } from '../ports.ts'

/** Members, the newest first, a row for each subscription or one where there is none. `user`: U…, or D… of who is on Discord alone. */
export async function listMembers(db: Db, { due, most }: { due: boolean; most: number }) {
  const rows = await db
    .selectFrom('memberships')
    // A mailbox is no name of theirs; who has nothing else is listed without one.
    .leftJoin('accounts as line', (join) =>
      join.onRef('line.person_id', '=', 'memberships.person_id').on('line.channel', '=', 'line'),
    )
    .leftJoin('accounts as discord', (join) =>
      join
        .onRef('discord.person_id', '=', 'memberships.person_id')
        .on('discord.channel', '=', 'discord'),
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
    .select(['memberships.since', 'line.id as line', 'discord.id as discord', 'memberships.role'])
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
  return rows.map(({ since, line, discord, ...row }) => {
    const account = line ?? discord
    return { since, user: account && holderOf(account), ...row }
  })
}
