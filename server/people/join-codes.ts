import { hashOfCode, makeCode } from '../../shared/code.ts'
import type { Clock, Store, Tx } from '../ports.ts'
import { dropOldLinks, insertLink, LINK_MINUTES, makeLink } from './one-time-links.ts'
import { lockAccount } from './people.store.ts'

type Books = { store: Store; clock: Clock }

/**
 * A link from a chat into LINE, by which this account becomes one with who opens it there: 256 bits, 15 minutes,
 * one use. Returns the token, of which only the hash is kept. null: too many were made in these minutes.
 */
export function makeJoinLink(books: Books, accountId: string): Promise<string | null> {
  return makeLink(books, accountId, 'join')
}

/**
 * A code for the other way round, which the owner of this account types into another chat. Good for 15 minutes and
 * one use; the one before it is good no more, so that nobody wonders which of two it was.
 */
export function makeJoinCode(
  { store, clock }: Books,
  accountId: string,
): Promise<{ code: string; until: Date }> {
  return store.transaction(async (tx) => {
    const now = clock.now()
    await lockAccount(tx, accountId)
    await dropOldLinks(tx, accountId, now)
    await dropOpenCodes(tx, accountId)
    const code = makeCode()
    const life = LINK_MINUTES * 60_000
    const hash = hashOfCode(code)
    if (!hash) throw new Error('a code that we made ourselves is none')
    await insertLink(tx, { hash, accountId, purpose: 'code' }, now, life)
    return { code, until: new Date(now.getTime() + life) }
  })
}

async function dropOpenCodes(tx: Tx, accountId: string): Promise<void> {
  await tx
    .deleteFrom('links')
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'code')
    .where('spent_at', 'is', null)
    .execute()
}
