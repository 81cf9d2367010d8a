import { createHash, randomBytes } from 'node:crypto'
import type { Generated } from 'kysely'
import type { Clock, Db, Store, Tx } from '../ports.ts'
import type { LinksTable } from '../store/tables.ts'
import { channelOf, lockAccount } from './people.store.ts'

/** 256 bits: nobody guesses one, however many there are. */
const TOKEN_BYTES = 32
export const LINK_MINUTES = 15
/** A mail is read when somebody comes to it. */
export const CONNECT_DAYS = 14
/** Whoever asks more often within that time gets none: somebody plays with the chat. */
const MOST_OPEN = 5
/** Where every page is opened by a link, and none by the chat itself, as it is outside LINE */
const MOST_OPEN_ELSEWHERE = 15
/** Mails that are good at the same time */
const MOST_MAILED = 3
/** So long a spent or expired one can still say what it was; then nobody has ever heard of it. */
const KEPT_MS = 7 * 86_400_000

export type LinkPurpose = LinksTable['purpose'] extends Generated<infer P> ? P : never
/** `other`: it is one of ours, and made for something else. */
export type LinkState = 'good' | 'spent' | 'expired' | 'unknown' | 'other'
export type OpenedLink = { state: LinkState; accountId: string | null }

/**
 * A way in for somebody who is not inside LIFF (LINE on a computer), bound to their account, good for 15
 * minutes and one use. Returns the token, which exists nowhere else: the books keep its hash only.
 * null: too many were made in these minutes.
 */
export async function makeLink(
  { store, clock }: { store: Store; clock: Clock },
  accountId: string,
  purpose: 'enter' | 'join' = 'enter',
): Promise<string | null> {
  return store.transaction(async (tx) => {
    const now = clock.now()
    // Two who ask at once are counted one after the other.
    await lockAccount(tx, accountId)
    await dropOldLinks(tx, accountId, now)
    const most = channelOf(accountId) === 'line' ? MOST_OPEN : MOST_OPEN_ELSEWHERE
    if ((await countOpen(tx, accountId, purpose, now)) >= most) return null
    return insertToken(tx, accountId, purpose, now, LINK_MINUTES * 60_000)
  })
}

/** A link for a mail, good for 14 days and one use. Returns the token; null: three of them are good already. */
export async function makeConnectLink(
  tx: Tx,
  accountId: string,
  now: Date,
): Promise<{ token: string; until: Date } | null> {
  await dropOldLinks(tx, accountId, now)
  if ((await countOpen(tx, accountId, 'connect', now)) >= MOST_MAILED) return null
  const life = CONNECT_DAYS * 86_400_000
  const token = await insertToken(tx, accountId, 'connect', now, life)
  return { token, until: new Date(now.getTime() + life) }
}

/** What was sent to a mailbox that is not theirs (any more) opens nothing. */
export async function revokeLinks(tx: Tx, accountId: string): Promise<void> {
  await tx
    .deleteFrom('links')
    .where('account_id', '=', accountId)
    .where('spent_at', 'is', null)
    .execute()
}

async function insertToken(
  tx: Tx,
  accountId: string,
  purpose: LinkPurpose,
  now: Date,
  life: number,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  await insertLink(tx, { hash: hashOf(token), accountId, purpose }, now, life)
  return token
}

/** `hash`: of what opens it, by which alone the books know it. `life`: milliseconds. */
export async function insertLink(
  tx: Tx,
  { hash, accountId, purpose }: { hash: string; accountId: string; purpose: LinkPurpose },
  now: Date,
  life: number,
): Promise<void> {
  const row = {
    hash,
    purpose,
    account_id: accountId,
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + life).toISOString(),
    spent_at: null,
  }
  await tx.insertInto('links').values(row).execute()
}

export async function dropOldLinks(tx: Tx, accountId: string, now: Date): Promise<void> {
  await tx
    .deleteFrom('links')
    .where('account_id', '=', accountId)
    .where('expires_at', '<', new Date(now.getTime() - KEPT_MS).toISOString())
    .execute()
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
export function lookAtLink(
  db: Db | Tx,
  token: string,
  now: Date,
  purpose: LinkPurpose = 'enter',
): Promise<OpenedLink> {
  return lookAtHash(db, hashOf(token), now, purpose)
}

/** The same of what is known by its hash alone, as a code that was typed is. */
export async function lookAtHash(
  db: Db | Tx,
  hash: string,
  now: Date,
  purpose: LinkPurpose,
): Promise<OpenedLink> {
  const row = await db.selectFrom('links').selectAll().where('hash', '=', hash).executeTakeFirst()
  if (!row) return { state: 'unknown', accountId: null }
  // Whose it is does not concern who holds a link of another kind.
  if (row.purpose !== purpose) return { state: 'other', accountId: null }
  const over = row.expires_at <= now.toISOString()
  const state = row.spent_at ? 'spent' : over ? 'expired' : 'good'
  return { state, accountId: row.account_id }
}

/** Uses it up: of two who press at once, one gets in. What it was is told either way. */
export function spendLink(
  { store, clock }: { store: Store; clock: Clock },
  token: string,
): Promise<OpenedLink> {
  return store.transaction((tx) => spendIn(tx, token, clock.now()))
}

/** The same, within the caller's own transaction. */
export function spendIn(
  tx: Tx,
  token: string,
  now: Date,
  purpose: LinkPurpose = 'enter',
): Promise<OpenedLink> {
  return spendHash(tx, hashOf(token), now, purpose)
}

/** The same of what is known by its hash alone. */
export async function spendHash(
  tx: Tx,
  hash: string,
  now: Date,
  purpose: LinkPurpose,
): Promise<OpenedLink> {
  const before = await lookAtHash(tx, hash, now, purpose)
  if (before.state !== 'good') return before
  const { numUpdatedRows } = await tx
    .updateTable('links')
    .set({ spent_at: now.toISOString() })
    .where('hash', '=', hash)
    .where('spent_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? before : { ...before, state: 'spent' as const }
}

async function countOpen(
  tx: Tx,
  accountId: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<number> {
  const { count } = await tx
    .selectFrom('links')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Without salt on purpose: 256 random bits cannot be guessed from it, and it is what the row is found by. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
