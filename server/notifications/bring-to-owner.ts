import { channelOf, isChat } from '../people/people.store.ts'
import type { Db, Message, Tx } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import { channelNamed } from './channels.ts'
import { handOver } from './deliveries.store.ts'
import { bury } from './give-up.ts'
import { holdUnsent } from './mail-instead.store.ts'
import { tappedThere } from './member-links.ts'
import type { PostRoom } from './notify.ts'
import { freeProbe } from './pauses.store.ts'
import { postDelivery } from './post-delivery.ts'

const PARTED = 'whoever bought it is somebody else by now'

/**
 * Is this news of an order that is no longer theirs for whose chat it was written? Two accounts that were one
 * person's may be parted while it waits, and what one of them bought the other is not to read.
 */
export async function isOfAnother(
  db: Db | Tx,
  { account_id, order_id, kind }: Pick<DeliveryRow, 'account_id' | 'order_id' | 'kind'>,
): Promise<boolean> {
  if (!order_id || kind.startsWith('staff_') || !isChat({ channel: channelOf(account_id) }))
    return false
  const parted = await db
    .selectFrom('orders')
    .innerJoin('accounts', (join) => join.on('accounts.id', '=', account_id))
    .select('orders.id')
    .where('orders.id', '=', order_id)
    .whereRef('accounts.person_id', '!=', 'orders.person_id')
    .executeTakeFirst()
  return parted !== undefined
}

/** Writes it anew for the account by which it was bought. What may have been read already a person looks at. */
export async function bringToOwner(post: PostRoom, delivery: DeliveryRow): Promise<void> {
  const { store, log } = post
  const brought = await store.transaction(async (tx) => {
    const held = await holdUnsent(tx, delivery.id, ['pending'])
    const owner = held && (await ownerAccount(tx, held))
    const channel = owner && channelNamed(post, owner.channel)
    if (!held?.message || !owner || !channel) return false
    const { subject, kind, order_id, cause, created_at, message, instead_at } = held
    const tapped = isChat(owner) ? 'message' : 'mail'
    await handOver(tx, held, PARTED, { free: true })
    await freeProbe(tx, held.id)
    await postDelivery(post, tx, {
      ...{ subject, kind, order_id, cause, created_at },
      account_id: owner.id,
      body: channel.render(tappedThere(JSON.parse(message) as Message, tapped)),
      pending_since: post.clock.now().toISOString(),
      ...(isChat(owner) ? { message, ...(instead_at ? { instead_at } : {}) } : {}),
    })
    return true
  })
  if (!brought) return bury(post, delivery, PARTED)
  log.info({ delivery: delivery.id, reason: PARTED }, 'goes another way')
}

function ownerAccount(tx: Tx, { order_id }: DeliveryRow): Promise<AccountRow | undefined> {
  return tx
    .selectFrom('orders')
    .innerJoin('accounts', 'accounts.id', 'orders.account_id')
    .selectAll('accounts')
    .where('orders.id', '=', order_id)
    .executeTakeFirst()
}
