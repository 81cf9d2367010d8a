import { closedWords, sendAnotherWay, USED_UP } from './another-way.ts'
import { dueForMail } from './mail-instead.store.ts'
import type { PostRoom } from './notify.ts'
import { findPause } from './pauses.store.ts'

/** The next minute goes on where this one stopped. */
const MOST_AT_ONCE = 1_000

/**
 * Mails what has waited long enough for its buyer to add the shop (or to let messages in); and, while LINE
 * takes no more messages this month, what has not left yet. An outage of LINE is no reason: it ends, and a chat is where people look.
 * Each in a transaction of its own. Returns how many were posted.
 */
export async function bringDueByMail(post: PostRoom, stop?: AbortSignal): Promise<number> {
  if (!post.mail) return 0
  const pause = await findPause(post.store.db, 'line')
  const usedUp = pause?.reason === 'quota'
  const now = post.clock.now().toISOString()
  let posted = 0
  for (const state of usedUp ? (['waiting', 'pending'] as const) : (['waiting'] as const))
    for (const due of await dueForMail(post.store.db, state, now, MOST_AT_ONCE)) {
      if (stop?.aborted) return posted
      const why = state === 'pending' ? USED_UP : closedWords(due.account_id)
      if (await sendAnotherWay(post, due, why, { from: state })) posted++
    }
  return posted
}
