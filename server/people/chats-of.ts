import type { LinkedAccount } from '../../shared/api.ts'
import type { Db } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { accountsOf, isChat } from './people.store.ts'

/** The chats in which a person is, each with the name they have there: for their own eyes. */
export async function chatsOf(db: Db, personId: string): Promise<LinkedAccount[]> {
  return (await accountsOf(db, personId))
    .filter(isChat)
    .map((account) => ({ channel: chatNameOf(account), name: account.name }))
    .toSorted((one, other) => Number(other.channel === 'line') - Number(one.channel === 'line'))
}

/** Sessions and links into the pages are of chats alone: no mailbox has one. */
export function chatNameOf({ channel }: Pick<AccountRow, 'channel'>): LinkedAccount['channel'] {
  return channel === 'discord' ? 'discord' : 'line'
}
