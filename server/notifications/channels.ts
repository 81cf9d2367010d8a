import { addressOf, channelOf, findAccount } from '../people/people.store.ts'
import type { Channel, Db } from '../ports.ts'
import type { AccountRow, DeliveryRow } from '../store/tables.ts'
import type { PostRoom } from './notify.ts'

export type ChannelName = AccountRow['channel']

/** null: the shop has it no more. */
export function channelNamed(post: PostRoom, name: ChannelName): Channel | null {
  return name === 'mail' ? post.mail : (post.chats[name] ?? null)
}

/**
 * Where a delivery goes. A mailbox's id only says what told it, so its account holds the address; whom
 * the shop wrote down itself (staff, groups) has none. null: whoever lived there has been forgotten.
 */
export async function placeOf(
  db: Db,
  { account_id }: Pick<DeliveryRow, 'account_id'>,
): Promise<string | null> {
  const written = addressOf(account_id)
  if (channelOf(account_id) !== 'mail' || written.includes('@')) return written
  return (await findAccount(db, account_id))?.address ?? null
}
