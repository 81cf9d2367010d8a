import { sql } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { MembershipRow, SubscriptionRow } from '../store/tables.ts'
import type { Holdings } from './reasons.ts'

export async function holdingsOf(db: Db | Tx, personId: string): Promise<Holdings> {
  return {
    subscriptions: await subscriptionsOf(db, personId),
    purchases: await db
      .selectFrom('orders')
      .select(['id', 'status', 'link', 'paid_at', 'created_at'])
      .where('person_id', '=', personId)
      .where('mode', '=', 'payment')
      .where('status', 'in', ['paid', 'partially_refunded', 'refunded', 'disputed'])
      // Whoever can write a LINE id into a link could make somebody a member: a claim is none.
      .where('ownership', 'in', ['sealed', 'claimed', 'payer'])
      .execute(),
    gifts: await db
      .selectFrom('staff_grants')
      .select(['id', 'role', 'until', 'given_at', 'revoked_at'])
      .where('person_id', '=', personId)
      .execute(),
  }
}

/** All that Stripe ever told of, newest first, of all customers that are this person. */
export function subscriptionsOf(db: Db | Tx, personId: string): Promise<SubscriptionRow[]> {
  return db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .selectAll('subscriptions')
    .where('customers.person_id', '=', personId)
    .orderBy('subscriptions.started_at', 'desc')
    .execute()
}

export function findMembership(db: Db | Tx, personId: string): Promise<MembershipRow | undefined> {
  return db
    .selectFrom('memberships')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst()
}

export async function writeMembership(
  tx: Tx,
  row: Pick<MembershipRow, 'person_id' | 'role' | 'since' | 'reconsider_at'> &
    Partial<Pick<MembershipRow, 'joined_at' | 'left_at'>>,
): Promise<void> {
  const { person_id: _, ...change } = row
  await tx
    .insertInto('memberships')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(change))
    .execute()
}

/** The bell that `ringForDue` rings, as ringBell names it. */
const dueBell = sql<string>`'noren_person_' || person_id || '_' || reconsider_at`

/**
 * Whom time may have changed by now, the longest due first; without those whom somebody has rung for,
 * or a few hundred that nobody can look at would keep all others waiting.
 */
export function membershipsDue(
  db: Db,
  now: Date,
  most: number,
): Promise<Pick<MembershipRow, 'person_id' | 'reconsider_at'>[]> {
  return db
    .selectFrom('memberships')
    .select(['person_id', 'reconsider_at'])
    .where('reconsider_at', 'is not', null)
    .where('reconsider_at', '<=', now.toISOString())
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('events').select('id').where('id', '=', dueBell))),
    )
    .orderBy('reconsider_at')
    .orderBy('person_id')
    .limit(most)
    .execute()
}
