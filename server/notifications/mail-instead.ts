import type { Message, Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { handOver } from './deliveries.store.ts'
import { patienceWithChat } from './mail-topics.ts'
import { mailboxOf } from './mailbox-of.ts'
import type { PostRoom } from './notify.ts'
import { freeProbe } from './pauses.store.ts'
import { postDelivery } from './post-delivery.ts'

/** Nobody has told an address yet; Stripe may by then. */
const ASK_AGAIN_MS = 86_400_000

/**
 * What no chat can bring goes by mail, where the shop lets mail bring it: the one that `held` is for is
 * superseded. To be called with the person and the delivery held. False: it stays as it was, and mail is
 * asked for again a day later.
 */
export async function bringByMail(
  post: PostRoom,
  tx: Tx,
  held: DeliveryRow,
  { person_id }: Pick<AccountRow, 'person_id'>,
  why: string,
): Promise<boolean> {
  const { mail, clock } = post
  // It may be kept for another chat alone.
  if (!mail || !held.message || !held.instead_at) return false
  const mailbox = isWorthIt(post, held) ? await mailboxOf(tx, person_id, held.order_id) : null
  if (!mailbox) return putOff(post, tx, held)
  await handOver(tx, held, `${why}; sent by mail instead`)
  await freeProbe(tx, held.id)
  const { subject, kind, order_id, cause, created_at } = held
  await postDelivery(post, tx, {
    ...{ subject, kind, order_id, cause, created_at },
    account_id: mailbox.id,
    body: mail.render(JSON.parse(held.message) as Message),
    pending_since: clock.now().toISOString(),
  })
  return true
}

/** Old news is as unwelcome by mail as it is in the chat. */
function isWorthIt({ clock, shop }: PostRoom, { created_at }: DeliveryRow): boolean {
  const age = clock.now().getTime() - Date.parse(created_at)
  return age <= patienceWithChat(shop.mail) + (shop.lateAfter ?? 72) * 3_600_000
}

/** Mail is asked for again a day later, as long as the news is worth it. */
export async function putOff(post: PostRoom, tx: Tx, held: DeliveryRow): Promise<false> {
  if (!held.instead_at) return false
  const next = new Date(post.clock.now().getTime() + ASK_AGAIN_MS).toISOString()
  const instead_at = isWorthIt(post, held) ? next : null
  await tx.updateTable('deliveries').set({ instead_at }).where('id', '=', held.id).execute()
  return false
}
