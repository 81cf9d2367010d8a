import { askProfile } from '../people/ask-profile.ts'
import { findAccount, lockAccount } from '../people/people.store.ts'
import { Closing, Later, NeedsPerson, type SendOutcome, type Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { updatePending } from './deliveries.store.ts'
import { BLOCKED, bringByMail } from './mail-instead.ts'
import type { PostRoom } from './notify.ts'
import { heard } from './pause-channel.ts'
import type { PauseRow } from './pauses.store.ts'
import { releaseMessages } from './release-messages.ts'

/** A "follow" that was lost (LINE repeats none by itself) is missed for so long, not for ever. */
const ASK_AGAIN_MS = 86_400_000

/**
 * Can it be brought? null: LINE must be asked. Mail needs no friendship. Groups, rooms and staff ids are
 * not accounts of ours; what the shopkeeper wrote down is believed.
 */
export async function isFriend(post: PostRoom, delivery: DeliveryRow): Promise<boolean | null> {
  const account = await findAccount(post.store.db, delivery.account_id)
  if (!account || account.channel === 'mail' || delivery.kind.startsWith('staff_')) return true
  if (account.friend === null) return null
  return account.friend === 1 || (isOldNews(post, account) && (await isFriendByNow(post, account)))
}

function isOldNews({ clock }: PostRoom, { profile_at, friend_event_at }: AccountRow): boolean {
  const told = Math.max(profile_at ? Date.parse(profile_at) : 0, friend_event_at ?? 0)
  return clock.now().getTime() - told > ASK_AGAIN_MS
}

/** Asked in passing: whatever is wrong with LINE, they wait as they did. */
async function isFriendByNow(post: PostRoom, account: AccountRow): Promise<boolean> {
  try {
    return (await askLine(post, account)).friend === 1
  } catch (error) {
    if (error instanceof Closing) throw error
    return false
  }
}

function askLine(post: PostRoom, account: AccountRow): Promise<AccountRow> {
  return askProfile(post, account, (tx: Tx, id) => releaseMessages(post, tx, id))
}

/** Asks LINE, whose silence tells of the channel as much as that of a push would. Throws as askProfile does. */
export async function askIsFriend(
  post: PostRoom,
  delivery: DeliveryRow,
  probed: PauseRow | null,
): Promise<boolean> {
  const account = await findAccount(post.store.db, delivery.account_id)
  if (!account) return true
  try {
    const { friend } = await askLine(post, account)
    // The probe is spent, and LINE has answered.
    if (friend !== 1 && probed) await heard(post, delivery, probed, { state: 'never', reason: '' })
    return friend === 1
  } catch (error) {
    const outcome = outcomeOf(error)
    const wait = outcome && (await heard(post, delivery, probed, outcome))
    throw outcome && wait !== null ? new Later(wait ?? 0, outcome.reason) : error
  }
}

/** null: nothing was asked, because nothing may leave just now. */
function outcomeOf(error: unknown): Extract<SendOutcome, { reason: string }> | null {
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof NeedsPerson) return { state: 'refused', reason }
  if (error instanceof Later) return null
  return { state: 'again', reason, maybeAccepted: false, busy: false, retryAfter: null }
}

/** Waits until the buyer adds the shop; who has blocked it will not, and hears by mail where that is possible. */
export async function waitForFollow(post: PostRoom, delivery: DeliveryRow): Promise<void> {
  const { store } = post
  const { id } = delivery
  await store.transaction(async (tx) => {
    // A follow may have come in meanwhile: then it found nothing waiting, and this must go on.
    const account = await lockAccount(tx, delivery.account_id)
    if (account?.friend === 1) return store.enqueue(tx, [{ kind: 'deliver', ref: id }])
    if (account && hasBlocked(account) && (await bringByMail(post, tx, id, BY_WHO_BLOCKED))) return
    await updatePending(tx, id, { state: 'waiting' })
  })
}

const BY_WHO_BLOCKED = { from: ['pending'], words: BLOCKED } as const

/** LINE told it itself. Who is only unknown to it may still be on the way to add the shop. */
function hasBlocked({ friend, friend_event_at }: AccountRow): boolean {
  return friend === 0 && friend_event_at !== null
}
