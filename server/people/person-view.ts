import { createHash } from 'node:crypto'
import type { Person } from '../../shared/api.ts'
import type { Db } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { chatNameOf, chatsOf } from './chats-of.ts'

/** Who has never held anything has no row. */
const GUEST = 'guest'

/** A person as their own page sees them. */
export async function personView(db: Db, account: AccountRow): Promise<Person> {
  const membership = await db
    .selectFrom('memberships')
    .select('role')
    .where('person_id', '=', account.person_id)
    .executeTakeFirst()
  return {
    account: accountWord(account.id),
    name: account.name,
    channel: chatNameOf(account),
    accounts: await chatsOf(db, account.person_id),
    role: membership?.role ?? GUEST,
    friend: account.friend === null ? null : account.friend === 1,
    language: account.language,
  }
}

/** Without a key on purpose: it is told to nobody but the account's own browser, and opens nothing. */
export function accountWord(accountId: string): string {
  return createHash('sha256').update(accountId).digest('base64url').slice(0, 22)
}
