import { accountsOf, isChat } from '../people/people.store.ts'
import { CHANNEL_NAMES, type Db, type Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { type ChannelName, channelNamed } from './channels.ts'
import type { PostRoom } from './notify.ts'

/** LINE before others: it is where the shop is at home. */
const ORDER = Object.keys(CHANNEL_NAMES) as ChannelName[]

/** May we write there? null: nobody knows yet; LINE is asked, any other chat is simply tried. */
export function letsIn({ friend }: Pick<AccountRow, 'friend'>): boolean {
  return friend !== 0
}

/** Those of these accounts that are in a chat which the shop is in too. */
export function chatsAmong(post: PostRoom, accounts: readonly AccountRow[]): AccountRow[] {
  return accounts
    .filter((account) => isChat(account) && channelNamed(post, account.channel))
    .toSorted((one, other) => ORDER.indexOf(one.channel) - ORDER.indexOf(other.channel))
}

/**
 * One chat of a person's, since they are to hear once: the one that news belongs in (`own`), if it can be
 * reached; then the first that can; one that lets nothing in only when there is no better.
 */
export function chooseChat(chats: readonly AccountRow[], own: string | null): AccountRow | null {
  const wanted = chats.find(({ id }) => id === own)
  if (wanted && letsIn(wanted)) return wanted
  return chats.find(letsIn) ?? wanted ?? chats[0] ?? null
}

/** Another chat in which this person can be reached. */
export async function otherChat(
  post: PostRoom,
  tx: Tx,
  { id, person_id }: Pick<AccountRow, 'id' | 'person_id'>,
): Promise<AccountRow | null> {
  const others = chatsAmong(post, await accountsOf(tx, person_id)).filter((each) => each.id !== id)
  return others.find(letsIn) ?? null
}

/** By which of these accounts they ordered last: there they look for what comes of it. */
export async function lastOrderedBy(
  db: Db | Tx,
  chats: readonly AccountRow[],
): Promise<string | null> {
  const [chat] = chats
  if (!chat || chats.length === 1) return chat?.id ?? null
  const order = await db
    .selectFrom('orders')
    .select('account_id')
    .where('person_id', '=', chat.person_id)
    .where(
      'account_id',
      'in',
      chats.map(({ id }) => id),
    )
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return order?.account_id ?? null
}
