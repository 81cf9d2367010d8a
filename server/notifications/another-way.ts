import { accountsOf, channelOf, findAccount, isChat, lockPerson } from '../people/people.store.ts'
import { CHANNEL_NAMES, type Message, type Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { isOfAnother } from './bring-to-owner.ts'
import { channelNamed } from './channels.ts'
import { otherChat } from './choose-chat.ts'
import { findDelivery, handOver, waitingFor } from './deliveries.store.ts'
import { hasOtherWay, holdUnsent } from './mail-instead.store.ts'
import { bringByMail, putOff } from './mail-instead.ts'
import { tappedThere } from './member-links.ts'
import type { PostRoom } from './notify.ts'
import { freeProbe } from './pauses.store.ts'
import { postDelivery } from './post-delivery.ts'

export const NO_FRIEND = 'no friend of the shop on LINE'
export const BLOCKED = 'has blocked the shop on LINE'
export const USED_UP = 'LINE takes no more messages this month'

/** Of who cannot be written to there (yet). */
export function closedWords(accountId: string): string {
  const channel = channelOf(accountId)
  return channel === 'line' ? NO_FRIEND : `lets no messages in on ${CHANNEL_NAMES[channel]}`
}

export type Leaving = {
  /** Only while it still is in one of these states: a follow in this very moment wins */
  from: readonly ('pending' | 'waiting')[]
  /** Why the channel that it was for does not bring it */
  why: string
  /** false: only another chat may, for now */
  byMail?: boolean
  /** That channel will never take it: nothing that goes wrong elsewhere brings it back there */
  forGood?: boolean
}

/**
 * What one channel cannot bring another does: a chat in which they can be reached, else mail. In one
 * transaction the first is superseded and the other is posted, so that nobody hears twice. Only what its
 * channel was never asked to take, or has clearly refused. False: it stays as it was, and mail is asked for
 * again a day later.
 */
export async function bringAnotherWay(
  post: PostRoom,
  tx: Tx,
  id: string,
  leaving: Leaving,
): Promise<boolean> {
  const { from, why, byMail = true } = leaving
  const seen = await findDelivery(tx, id)
  const account = seen?.message ? await findAccount(tx, seen.account_id) : undefined
  // Held in this order by whoever forgets somebody: what they erase must not come back another way.
  if (!account || !(await lockPerson(tx, account.person_id))) return false
  const held = await holdUnsent(tx, id, from)
  if (!held?.message) return false
  // Whoever delivers it brings it to whose it is.
  if (await isOfAnother(tx, held)) return ringAgain(post, tx, held)
  if (await hasOtherWay(tx, held, account.person_id)) return byMail && putOff(post, tx, held)
  if (await bringByChat(post, tx, held, account, leaving)) return true
  return byMail && bringByMail(post, tx, held, account, why)
}

async function ringAgain(post: PostRoom, tx: Tx, { id }: DeliveryRow): Promise<true> {
  await tx.updateTable('deliveries').set({ state: 'pending' }).where('id', '=', id).execute()
  await post.store.enqueue(tx, [{ kind: 'deliver', ref: id }])
  return true
}

/** As `bringAnotherWay`, in a transaction of its own; `from`: pending, as one in the worker's hand is. */
export async function sendAnotherWay(
  post: PostRoom,
  { id, message }: Pick<DeliveryRow, 'id' | 'message'>,
  why: string,
  { from = 'pending', forGood = false }: { from?: 'pending' | 'waiting'; forGood?: boolean } = {},
): Promise<boolean> {
  if (message === null) return false
  const by = { from: [from], why, forGood }
  const brought = await post.store.transaction((tx) => bringAnotherWay(post, tx, id, by))
  if (brought) post.log.info({ delivery: id, reason: why }, 'goes another way')
  return brought
}

/** Where somebody can be reached again, what waits for them in other chats comes to them. */
export async function bringHere(post: PostRoom, tx: Tx, accountId: string): Promise<void> {
  const account = await findAccount(tx, accountId)
  const all = account ? await accountsOf(tx, account.person_id) : []
  const others = all.filter((each) => each.id !== accountId && isChat(each))
  for (const other of others)
    for (const waiting of await waitingFor(tx, other.id))
      await bringAnotherWay(post, tx, waiting, {
        from: ['waiting'],
        why: closedWords(other.id),
        byMail: false,
      })
}

/**
 * In its own words, written anew for the other channel. The key (subject, kind, account) is given back: should
 * that chat be closed to us too, they may be reachable here again by then. Not where it is refused for good, or
 * two chats that both refuse it would hand it to each other for ever.
 */
async function bringByChat(
  post: PostRoom,
  tx: Tx,
  held: DeliveryRow,
  account: AccountRow,
  { why, forGood }: Leaving,
): Promise<boolean> {
  const chat = await otherChat(post, tx, account)
  const channel = chat && channelNamed(post, chat.channel)
  if (!chat || !channel || !held.message) return false
  const now = post.clock.now().toISOString()
  const { subject, kind, order_id, cause, created_at, message } = held
  const posted = await postDelivery(post, tx, {
    ...{ subject, kind, order_id, cause, created_at, message },
    account_id: chat.id,
    body: channel.render(tappedThere(JSON.parse(message) as Message, 'message')),
    pending_since: now,
    // They have been waited for once: where this chat cannot reach them either, mail may come at once.
    ...(held.instead_at ? { instead_at: now } : {}),
  })
  if (!posted) return false
  const words = `${why}; sent to ${CHANNEL_NAMES[chat.channel]} instead`
  await handOver(tx, held, words, { free: !forGood })
  await freeProbe(tx, held.id)
  return true
}
