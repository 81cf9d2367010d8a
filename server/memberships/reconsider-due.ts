import { ringBell } from '../people/ring-bell.ts'
import { Later } from '../ports.ts'
import { findMembership, membershipsDue } from './memberships.store.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { reconcileMembership } from './reconcile-membership.ts'
import { reconsiderPerson } from './reconsider-person.ts'

/** Two machines' clocks may differ by so much. */
const EARLY_MS = 60_000
/** More wait for the next minute: each may ask Stripe something. */
const MOST_AT_ONCE = 500

/**
 * Rings for whom time may have changed: a pass that has run out, a grace that ends, a trial that is about
 * to turn paid. Once for each person and moment, so that a minute that is looked at twice rings once.
 */
export async function ringForDue({ post }: Pick<MemberDesk, 'post'>): Promise<number> {
  const { store, clock } = post
  const due = await membershipsDue(store.db, clock.now(), MOST_AT_ONCE)
  if (due.length === 0) return 0
  return store.transaction(async (tx) => {
    let rung = 0
    for (const { person_id, reconsider_at } of due) {
      const id = `${person_id}_${reconsider_at}`
      if (await ringBell(post, tx, { kind: 'person', about: person_id, id })) rung++
    }
    return rung
  })
}

/**
 * A person's turn: Stripe is asked for each of their customers that has something living, because a
 * renewal may have come in that nobody told of; then what time made of the rest is written.
 */
export async function reconcilePerson(
  desk: MemberDesk,
  personId: string,
  cause: string | null = null,
): Promise<void> {
  const { store } = desk.post
  const customers = await store.db
    .selectFrom('customers')
    .innerJoin('subscriptions', 'subscriptions.customer_id', 'customers.id')
    .select('customers.id')
    .distinct()
    .where('person_id', '=', personId)
    .where('status', 'not in', ['canceled', 'incomplete_expired'])
    .execute()
  for (const { id } of customers) await reconcileMembership(desk, id, cause)
  await store.transaction((tx) => reconsiderPerson(desk, tx, personId, { cause }))
  const row = await findMembership(store.db, personId)
  const due = row?.reconsider_at ? Date.parse(row.reconsider_at) : Number.POSITIVE_INFINITY
  const early = due - desk.post.clock.now().getTime()
  // Rung by somebody whose clock is a little ahead of ours: handled now, nobody would ring again.
  if (early < EARLY_MS)
    throw new Later(Math.max(1, early / 1_000 + 1), 'its moment has not come yet')
}
