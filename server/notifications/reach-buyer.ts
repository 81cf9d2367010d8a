import { askProfile } from '../people/ask-profile.ts'
import { describeAccount, findAccount, lockAccount } from '../people/people.store.ts'
import { Closing, Later, NeedsPerson, type SendOutcome, type Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { BLOCKED, bringAnotherWay, closedWords } from './another-way.ts'
import { letsIn } from './choose-chat.ts'
import { updatePending } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { openAnswerOf } from './open-answers.store.ts'
import { heard } from './pause-channel.ts'
import type { PauseRow } from './pauses.store.ts'
import { releaseMessages } from './release-messages.ts'

/** A "follow" that was lost (LINE repeats none by itself) is missed for so long, not for ever. */
const ASK_AGAIN_MS = 86_400_000

/**
 * Can it be brought? null: LINE must be asked, which drops what it cannot bring without a word. Any other chat
 * says so itself, and is simply tried; after a clear no once a day at most, unless we hear from them. Mail needs
 * no friendship. Groups, rooms and staff ids are not accounts of ours; what the shopkeeper wrote down is
 * believed.
 */
export async function isFriend(post: PostRoom, delivery: DeliveryRow): Promise<boolean | null> {
  const account = await findAccount(post.store.db, delivery.account_id)
  if (!account || account.channel === 'mail' || delivery.kind.startsWith('staff_')) return true
  // What may have arrived before the chat was closed is looked for there; nothing else could bring it.
  if (account.channel !== 'line')
    return letsIn(account) || delivery.first_attempt_at !== null || isOldNews(post, account)
  if (account.friend === null) return null
  return account.friend === 1 || (isOldNews(post, account) && (await isFriendByNow(post, account)))
}

function isOldNews({ clock }: PostRoom, { channel, ...account }: AccountRow): boolean {
  const { friend_event_at } = account
  // A name says nothing of whether messages are let in, except on LINE.
  const profile_at = channel === 'line' ? account.profile_at : null
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

/**
 * Waits until they can be reached: until they add the shop in LINE, or ask us something elsewhere. Another chat
 * brings it at once, if they are in one; mail does where they have closed this one to us.
 */
export async function waitUntilReached(post: PostRoom, delivery: DeliveryRow): Promise<void> {
  const { store } = post
  const { id, account_id } = delivery
  await store.transaction(async (tx) => {
    // A follow or a question may have come in meanwhile: then it found nothing waiting, and this must go on.
    const account = await lockAccount(tx, account_id)
    if (account && isOpenByNow(account)) return store.enqueue(tx, [{ kind: 'deliver', ref: id }])
    const byMail = account !== undefined && hasBlocked(account)
    const why = byMail && account.channel === 'line' ? BLOCKED : closedWords(account_id)
    if (await bringAnotherWay(post, tx, id, { from: ['pending'], why, byMail })) return
    await updatePending(tx, id, { state: 'waiting' })
  })
}

function isOpenByNow({ channel, friend }: AccountRow): boolean {
  return channel === 'line' ? friend === 1 : friend !== 0
}

/** LINE told it itself, or a message came back. Who is only unknown to LINE may still be on the way to add the shop. */
function hasBlocked({ friend, friend_event_at }: AccountRow): boolean {
  return friend === 0 && friend_event_at !== null
}

/**
 * A message came back: this reader lets none in there. The account says so from now on, and this one goes
 * another way. `handed`: the answer in which it might have been said. It is tried once more where they have asked
 * anew meanwhile, and where it was not said there because an earlier try might have arrived: it has not.
 */
export async function noteClosed(
  post: PostRoom,
  delivery: DeliveryRow,
  handed: string | null,
): Promise<void> {
  const { store, clock } = post
  const { id, account_id } = delivery
  const asked = await store.transaction(async (tx) => {
    await lockAccount(tx, account_id)
    const open = await openAnswerOf(tx, account_id, clock.now())
    if (open && (open !== handed || delivery.first_attempt_at)) {
      await store.enqueue(tx, [{ kind: 'deliver', ref: id }])
      return true
    }
    const friend_event_at = clock.now().getTime()
    await describeAccount(tx, account_id, { friend: 0, friend_event_at })
    return false
  })
  if (!asked) await waitUntilReached(post, delivery)
}
