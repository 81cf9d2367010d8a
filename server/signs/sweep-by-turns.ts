import type { ExpressionBuilder } from 'kysely'
import { type OwnBell, ringBell } from '../people/ring-bell.ts'
import type { AccountChannel, Clock, Db, Store, Tables } from '../ports.ts'

const PAGE = 500
/** Each costs the vendor a question; in a month every member of a large shop has had theirs. */
const LOOKED_AT = 500

type Books = { store: Store; clock: Clock }
export type HeldSign = Awaited<ReturnType<typeof signsBehind>>[number]

/**
 * Rings for every sign of a channel that is not what it should be (`isDue`), and has those looked at that
 * were checked longest ago: somebody may have changed them by hand.
 */
export async function sweepByTurns(
  books: Books,
  channel: AccountChannel,
  isDue: (sign: HeldSign) => boolean,
  stop?: AbortSignal,
): Promise<number> {
  const { db } = books.store
  let rung = 0
  for (let behind = ''; ; ) {
    const page = await signsBehind(db, channel, behind)
    stop?.throwIfAborted()
    const due = page.filter(isDue)
    await ringAll(books, 'sign', due)
    rung += due.length
    behind = page.at(-1)?.account_id ?? ''
    if (page.length < PAGE) break
  }
  await ringAll(books, 'look', await checkedLongestAgo(db, channel))
  return rung
}

function signsBehind(db: Db, channel: AccountChannel, behind: string) {
  return db
    .selectFrom('signs')
    .innerJoin('accounts', 'accounts.id', 'signs.account_id')
    .select(['account_id', 'role', 'applied', 'language', 'refused', 'refused_at'])
    .where('account_id', '>', behind)
    .where('channel', '=', channel)
    .where(isInReach)
    .orderBy('account_id')
    .limit(PAGE)
    .execute()
}

/** Who has blocked the shop is not looked at, and would stand first in this row for good. */
function checkedLongestAgo(db: Db, channel: AccountChannel) {
  return db
    .selectFrom('signs')
    .innerJoin('accounts', 'accounts.id', 'signs.account_id')
    .select('account_id')
    .where('applied', 'is not', null)
    .where('channel', '=', channel)
    .where(isInReach)
    .orderBy('applied_at')
    .limit(LOOKED_AT)
    .execute()
}

/** LINE shows no menu to whom it brings no messages; elsewhere a sign has nothing to do with them. */
function isInReach(eb: ExpressionBuilder<Tables, 'accounts'>) {
  return eb.or([eb('channel', '!=', 'line'), eb('friend', 'is', null), eb('friend', '=', 1)])
}

async function ringAll(
  books: Books,
  kind: OwnBell,
  signs: readonly { account_id: string }[],
): Promise<void> {
  if (signs.length === 0) return
  await books.store.transaction(async (tx) => {
    for (const { account_id } of signs) await ringBell(books, tx, { kind, about: account_id })
  })
}
