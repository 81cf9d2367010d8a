import type { PostRoom } from '../notifications/notify.ts'
import { tellOfPerson } from '../notifications/tell-of-person.ts'
import type { Tx } from '../ports.ts'
import type { Reason } from './reasons.ts'

/**
 * Somebody pays for the same role twice, by two customers or two pages: the staff are told, once for each
 * subscription too many. One that ends by itself is on its way out, and no double.
 */
export async function tellOfDoubles(
  post: PostRoom,
  tx: Tx,
  reasons: readonly Reason[],
  cause: string | null,
): Promise<void> {
  const paid = reasons.filter(
    ({ counts, subscription }) => counts && subscription && !subscription.cancel_at,
  )
  for (const same of Map.groupBy(paid, ({ role }) => role).values()) {
    const [, ...tooMany] = same.toSorted((one, other) => (one.since < other.since ? -1 : 1))
    for (const { id } of tooMany)
      await tellOfPerson(post, tx, { why: 'two_subscriptions', about: id, cause })
  }
}
