import { describeAccount, ensureAccount, lockAccount } from '../people/people.store.ts'
import type { Clock, Doorbell, Store, Tx } from '../ports.ts'
import { hastenMail } from './mail-instead.store.ts'
import { releaseMessages } from './release-messages.ts'

type LineDoorbell = Extract<Doorbell, { from: 'line' }>

/**
 * A follow or unfollow. LINE may deliver them late and out of order, so the newest by LINE's own time
 * wins. A follow releases whatever was waiting for it.
 */
export async function noteFriendship(
  parts: { store: Store; clock: Clock },
  rang: LineDoorbell,
  friend: 0 | 1,
  whenFriend: (tx: Tx, accountId: string) => Promise<void> = async () => {},
): Promise<void> {
  const { userId } = rang
  if (!userId) return
  await parts.store.transaction(async (tx) => {
    const known = await ensureAccount(tx, userId, parts.clock.now())
    const account = (await lockAccount(tx, known.id)) ?? known
    if (account.friend_event_at !== null && account.friend_event_at > rang.at) return
    await describeAccount(tx, account.id, { friend, friend_event_at: rang.at })
    // Whoever leaves need not be waited for.
    if (friend === 0) return hastenMail(tx, parts.clock.now(), { account: account.id })
    await releaseMessages(parts, tx, account.id)
    await whenFriend(tx, account.id)
  })
}
