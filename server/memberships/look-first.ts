import type { MemberDesk } from './reconcile-membership.ts'
import { reconcileMembership } from './reconcile-membership.ts'

/**
 * Asks Stripe for those of a person's customers that nobody has asked for yet: linked before there were
 * members, or a moment ago. What they subscribe to, and whether they had a trial, is not known without.
 * Throws when Stripe does not answer.
 */
export async function lookFirst(desk: MemberDesk, personId: string): Promise<void> {
  const unknown = await desk.post.store.db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId)
    .where('checked_at', 'is', null)
    .execute()
  for (const { id } of unknown) await reconcileMembership(desk, id)
}
