import { randomUUID } from 'node:crypto'
import type { Language } from '../../shared/language.ts'
import type { Db, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'

/** `line:U…`: whom a row means, without a join. */
export function lineAccountId(address: string): string {
  return `line:${address}`
}

/** A mailbox, by the Stripe object (cus_… or cs_…) that told it. */
export function mailAccountId(told: string): string {
  return `mail:${told}`
}

/** A user as a sealed reference names them: `U…` on LINE, `D…` on Discord. */
export function chatAccountId(userId: string): string {
  return userId.startsWith('D') ? `discord:${userId.slice(1)}` : lineAccountId(userId)
}

/** How a sealed reference names this account: the other way round. */
export function holderOf(accountId: string): string {
  const address = addressOf(accountId)
  return channelOf(accountId) === 'discord' ? `D${address}` : address
}

/** Staff ids of LINE (C…, R…) stand in no account; whatever has no channel before it is LINE's. */
export function channelOf(accountId: string): AccountRow['channel'] {
  if (accountId.startsWith('mail:')) return 'mail'
  return accountId.startsWith('discord:') ? 'discord' : 'line'
}

/** Does somebody talk with us there, and is shown what they are? A mailbox only takes letters. */
export function isChat({ channel }: Pick<AccountRow, 'channel'>): boolean {
  return channel !== 'mail'
}

export function addressOf(accountId: string): string {
  return accountId.slice(accountId.indexOf(':') + 1)
}

export function findAccount(db: Db | Tx, id: string): Promise<AccountRow | undefined> {
  return db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The account of this user (`U…` or `D…`), made (with its person) when it is new; two who make it at once get one. */
export async function ensureAccount(tx: Tx, userId: string, now: Date): Promise<AccountRow> {
  const id = chatAccountId(userId)
  const known = await findAccount(tx, id)
  if (known) return known
  const person = { id: randomUUID(), created_at: now.toISOString() }
  await tx.insertInto('people').values(person).execute()
  const made = await tx
    .insertInto('accounts')
    .values({ id, person_id: person.id, channel: channelOf(id), address: addressOf(id) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (made) return made
  // Somebody was quicker, and has committed: else the insert would have waited.
  await tx.deleteFrom('people').where('id', '=', person.id).execute()
  return tx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/**
 * The mailbox that something of Stripe's (`told`: cus_… or cs_…) names, as an account of this person: the
 * one they have at that address already, or a new one. It proves nothing: whoever pays may type any
 * address. null: `told` is the mailbox of somebody else, whose it stays.
 */
export async function ensureMailAccount(
  tx: Tx,
  mailbox: { told: string; address: string; personId: string } & Partial<
    Pick<AccountRow, 'name' | 'language'>
  >,
): Promise<AccountRow | null> {
  const { told, address, personId, ...known } = mailbox
  const held = (await accountsOf(tx, personId)).filter(({ channel }) => channel === 'mail')
  const there = held.find((account) => isSameMail(account.address, address))
  if (there) return there
  const id = mailAccountId(told)
  const made = await tx
    .insertInto('accounts')
    .values({ id, person_id: personId, channel: 'mail', address, ...known })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (made) return made
  // What told it has another address by now, which nobody has shown to be theirs.
  const moved = await tx
    .updateTable('accounts')
    .set({ address, verified_at: null })
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .returningAll()
    .executeTakeFirst()
  return moved ?? null
}

/** Capitals make no other mailbox anywhere that people have one. */
export function isSameMail(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}

/**
 * The account as it is now, held against every other writer until the transaction ends: whoever
 * decides by `friend` takes it first, or a follow could slip in between the look and the decision.
 */
export function lockAccount(tx: Tx, id: string): Promise<AccountRow | undefined> {
  return tx
    .updateTable('accounts')
    .set((eb) => ({ friend: eb.ref('friend') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** The person held against every other writer until the transaction ends: two reasons may change at once. False: forgotten by now. */
export async function lockPerson(tx: Tx, personId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('people')
    .set((eb) => ({ created_at: eb.ref('created_at') }))
    .where('id', '=', personId)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Not forgotten. Whoever was merged into another is still there, with nothing. */
export async function isPersonThere(db: Db | Tx, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('people')
    .select('id')
    .where('id', '=', personId)
    .executeTakeFirst()
  return row !== undefined
}

/** A person on each of their channels. */
export function accountsOf(db: Db | Tx, personId: string): Promise<AccountRow[]> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute()
}

/** What LINE proved or told about an account; undefined leaves a column as it is. */
export async function describeAccount(
  tx: Tx,
  id: string,
  what: {
    name?: string | null
    email?: string | null
    language?: Language
    friend?: 0 | 1 | null
    friend_event_at?: number
    verified_at?: string
    profile_at?: string
  },
): Promise<void> {
  await tx.updateTable('accounts').set(what).where('id', '=', id).execute()
}

/**
 * Remembers which Stripe customer is whose; the first owner stays, since a later claim may be forged.
 * True: it was nobody's before.
 */
export async function linkCustomer(
  tx: Tx,
  customer: string,
  personId: string,
  now: Date,
): Promise<boolean> {
  const row = await tx
    .insertInto('customers')
    .values({ id: customer, person_id: personId, linked_at: now.toISOString() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
