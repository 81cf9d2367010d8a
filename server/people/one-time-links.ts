import { createHash, randomBytes } from 'node:crypto'
import type { Clock, Db, Store, Tx } from '../ports.ts'
import { lockAccount } from './people.store.ts'

/** 256 bits: nobody guesses one, however many there are. */
const TOKEN_BYTES = 32
export const LINK_MINUTES = 15
/** Whoever asks more often within that time gets none: somebody plays with the chat. */
const MOST_OPEN = 5
/** So long a spent or expired one can still say what it was; then nobody has ever heard of it. */
const KEPT_MS = 7 * 86_400_000

export type LinkState = 'good' | 'spent' | 'expired' | 'unknown'
export type OpenedLink = { state: LinkState; accountId: string | null }

/**
 * A way in for somebody who is not inside LIFF (LINE on a computer), bound to their account, good for 15
 * minutes and one use. Returns the token, which exists nowhere else: the books keep its hash only.
 * null: too many were made in these minutes.
 */
export async function makeLink(
  { store, clock }: { store: Store; clock: Clock },
  accountId: string,
): Promise<string | null> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const now = clock.now()
  const expires = new Date(now.getTime() + LINK_MINUTES * 60_000)
  const made = await store.transaction(async (tx) => {
    // Two who ask at once are counted one after the other.
    await lockAccount(tx, accountId)
    await tx
      .deleteFrom('links')
      .where('account_id', '=', accountId)
      .where('expires_at', '<', new Date(now.getTime() - KEPT_MS).toISOString())
      .execute()
    if ((await countOpen(tx, accountId, now)) >= MOST_OPEN) return false
    const row = {
      hash: hashOf(token),
      account_id: accountId,
      created_at: now.toISOString(),
      expires_at: expires.toISOString(),
      spent_at: null,
    }
    await tx.insertInto('links').values(row).execute()
    return true
  })
  return made ? token : null
}

/** A link that never reached its owner is none: it must not count against the next one. */
export async function dropLink(store: Store, token: string): Promise<void> {
  await store.transaction((tx) =>
    tx
      .deleteFrom('links')
      .where('hash', '=', hashOf(token))
      .where('spent_at', 'is', null)
      .execute(),
  )
}

/** What has become of a link. Changes nothing: previewers look at addresses, and must not use them up. */
export async function lookAtLink(db: Db | Tx, token: string, now: Date): Promise<OpenedLink> {
  const row = await db
    .selectFrom('links')
    .selectAll()
    .where('hash', '=', hashOf(token))
    .executeTakeFirst()
  if (!row) return { state: 'unknown', accountId: null }
  const over = row.expires_at <= now.toISOString()
  const state = row.spent_at ? 'spent' : over ? 'expired' : 'good'
  return { state, accountId: row.account_id }
}

/** Uses it up: of two who press at once, one gets in. What it was is told either way. */
export async function spendLink(
  { store, clock }: { store: Store; clock: Clock },
  token: string,
): Promise<OpenedLink> {
  const now = clock.now()
  return store.transaction(async (tx) => {
    const before = await lookAtLink(tx, token, now)
    if (before.state !== 'good') return before
    const { numUpdatedRows } = await tx
      .updateTable('links')
      .set({ spent_at: now.toISOString() })
      .where('hash', '=', hashOf(token))
      .where('spent_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows === 1n ? before : { ...before, state: 'spent' as const }
  })
}

async function countOpen(tx: Tx, accountId: string, now: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('links')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Without salt on purpose: 256 random bits cannot be guessed from it, and it is what the row is found by. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
