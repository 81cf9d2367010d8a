import { nearestLanguage } from '../../shared/language.ts'
import type { ChatChannel, Clock, Store, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { describeAccount, lockAccount } from './people.store.ts'

/**
 * Asks LINE once for the name and language of an account and whether we can reach it at all (404
 * means that we cannot: not a friend, blocked, or no such user). What follow and unfollow say later
 * still counts, since an answer has no time of LINE's own. `whenBack` is called in the same transaction
 * for one who was out of reach and is no longer, though no follow has said so. Throws when LINE does not answer.
 */
export async function askProfile(
  parts: { store: Store; channel: ChatChannel; clock: Clock },
  account: AccountRow,
  whenBack: (tx: Tx, accountId: string) => Promise<void>,
): Promise<AccountRow> {
  const profile = await parts.channel.profile(account.address)
  const profile_at = parts.clock.now().toISOString()
  const what = profile
    ? {
        friend: 1 as const,
        name: profile.name,
        language: account.language ?? nearestLanguage(profile.language),
        profile_at,
      }
    : { friend: 0 as const, profile_at }
  return parts.store.transaction(async (tx) => {
    const now = (await lockAccount(tx, account.id)) ?? account
    // A follow that came in while LINE was answering is newer than the answer.
    const overtaken = now.friend_event_at !== account.friend_event_at
    const told = overtaken ? { ...what, friend: now.friend ?? what.friend } : what
    await describeAccount(tx, account.id, told)
    if (now.friend === 0 && told.friend === 1) await whenBack(tx, account.id)
    return { ...now, ...told, language: told.language ?? now.language }
  })
}
