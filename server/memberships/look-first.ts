import type { MemberDesk } from './reconcile-membership.ts'
import { reconcileMembership } from './reconcile-membership.ts'

/**
 * Asks Stripe for those of a person's customers that nobody has asked for yet: linked before there were
 * members, or a moment ago. What they subscribe to, and whether they had a trial, is not known without.
 * false: our key may not look. Throws when Stripe does not answer.
 */
export async function lookFirst(desk: MemberDesk, personId: string): Promise<boolean> {
  const unknown = await desk.post.store.db
    .selectFrom('customers')
    .select('id')
    .where('person_id', '=', personId)
    .where('checked_at', 'is', null)
    .execute()
  // A key that may not see the first may not see the others.
  for (const { id } of unknown) if (!(await reconcileMembership(desk, id))) return false
  return true
}
