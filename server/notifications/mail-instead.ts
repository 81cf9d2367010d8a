import { findAccount, lockPerson } from '../people/people.store.ts'
import type { Message, Tx } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { findDelivery } from './deliveries.store.ts'
import { hasOtherWay, holdUnsent } from './mail-instead.store.ts'
import { patienceWithLine } from './mail-topics.ts'
import { mailboxOf } from './mailbox-of.ts'
import type { PostRoom } from './notify.ts'
import { freeProbe } from './pauses.store.ts'
import { postDelivery } from './post-delivery.ts'

export const NO_FRIEND = 'no friend of the shop on LINE; sent by mail instead'
export const BLOCKED = 'has blocked the shop on LINE; sent by mail instead'
export const USED_UP = 'LINE takes no more messages this month; sent by mail instead'

/** Nobody has told an address yet; Stripe may by then. */
const ASK_AGAIN_MS = 86_400_000

/**
 * What LINE cannot bring goes by mail: in one transaction the one for LINE is superseded and the mail is
 * posted, so that nobody hears twice. Only what LINE was never asked to take, or has clearly refused, and
 * only while it still is in one of the states `from`: a follow in this very moment wins.
 * False: it stays as it was, and mail is asked for again a day later.
 */
export async function bringByMail(
  post: PostRoom,
  tx: Tx,
  id: string,
  { from, words }: { from: readonly ('pending' | 'waiting')[]; words: string },
): Promise<boolean> {
  const { mail, clock } = post
  const seen = mail && (await findDelivery(tx, id))
  const account = seen?.message ? await findAccount(tx, seen.account_id) : undefined
  // Held in this order by whoever forgets somebody: what they erase must not come back by mail.
  if (!mail || !account || !(await lockPerson(tx, account.person_id))) return false
  const held = await holdUnsent(tx, id, from)
  if (!held?.message) return false
  const mailbox =
    isWorthIt(post, held) && !(await hasOtherWay(tx, held, account.person_id))
      ? await mailboxOf(tx, account.person_id, held.order_id)
      : null
  if (!mailbox) return putOff(post, tx, held)
  const superseded = { state: 'superseded', body: '', message: null, instead_at: null } as const
  await tx
    .updateTable('deliveries')
    .set({ ...superseded, error: words })
    .where('id', '=', id)
    .execute()
  await freeProbe(tx, id)
  const { subject, kind, order_id, cause, created_at } = held
  await postDelivery(post, tx, {
    ...{ subject, kind, order_id, cause, created_at },
    account_id: mailbox.id,
    body: mail.render(JSON.parse(held.message) as Message),
    pending_since: clock.now().toISOString(),
  })
  return true
}

/** As `bringByMail`, in a transaction of its own; `from`: pending, as one in the worker's hand is. */
export async function sendByMailInstead(
  post: PostRoom,
  { id, message }: Pick<DeliveryRow, 'id' | 'message'>,
  words: string,
  from: 'pending' | 'waiting' = 'pending',
): Promise<boolean> {
  if (!post.mail || message === null) return false
  const by = { from: [from], words }
  const brought = await post.store.transaction((tx) => bringByMail(post, tx, id, by))
  if (brought) post.log.info({ delivery: id, reason: words }, 'mail brings it instead of LINE')
  return brought
}

/** Old news is as unwelcome by mail as it is in the chat. */
function isWorthIt({ clock, shop }: PostRoom, { created_at }: DeliveryRow): boolean {
  const age = clock.now().getTime() - Date.parse(created_at)
  return age <= patienceWithLine(shop.mail) + (shop.lateAfter ?? 72) * 3_600_000
}

async function putOff(post: PostRoom, tx: Tx, held: DeliveryRow): Promise<false> {
  const next = new Date(post.clock.now().getTime() + ASK_AGAIN_MS).toISOString()
  const instead_at = isWorthIt(post, held) ? next : null
  await tx.updateTable('deliveries').set({ instead_at }).where('id', '=', held.id).execute()
  return false
}
