import { randomUUID } from 'node:crypto'
import type { Language } from '../../shared/language.ts'
import type { Clock, Db, Store, Tx } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { AccountRow } from '../store/tables.ts'
import {
  accountsOf,
  ensureMailAccount,
  findAccount,
  isChat,
  linkCustomer,
  mailAccountId,
} from './people.store.ts'
import { ringBell } from './ring-bell.ts'

type Books = { store: Store; clock: Clock }

/** Who pays, as Stripe tells it. All of it was typed by somebody. */
export type Payer = {
  /** cus_…; null: they paid as a guest, of whom Stripe keeps no customer */
  customer: string | null
  /** cus_… or cs_…: what told of them, and by what their mailbox is called */
  told: string
  email: string | null
  name: string | null
  language: Language | null
}
export type Met = {
  personId: string
  /** Where they are written to; null: nowhere, a person must look */
  account: AccountRow | null
  isNew: boolean
}

/** Whoever comes back into LINE with their payment is known within this time, and needs no mail. */
export const COMES_BACK_SECONDS = 120

/** Does the shop make persons of those who pay before we know them? Without mail they could never become one with who is here. */
export function meetsPayers({ mail, shop }: { mail: unknown; shop: ShopConfig }): boolean {
  return mail !== null && shop.payers !== 'nobody'
}

/**
 * The person behind a payment, made when nobody is: with the customer, a mailbox, and an invitation into
 * LINE. However many events tell of them, in whatever order, there is one: the customer's row (for a
 * guest, the mailbox's) is the lock. null: nobody can be made of it, or they asked us to forget them.
 */
export async function ensurePayer(parts: Books, tx: Tx, payer: Payer): Promise<Met | null> {
  const known = await ownerOf(tx, payer)
  if (known)
    return { personId: known, account: await accountFor(tx, known, payer.told), isNew: false }
  if (payer.customer ? await isLeftAlone(tx, payer.customer) : !payer.email) return null
  const now = parts.clock.now()
  const person = { id: randomUUID(), created_at: now.toISOString() }
  await tx.insertInto('people').values(person).execute()
  const isFirst = !payer.customer || (await linkCustomer(tx, payer.customer, person.id, now))
  const account = isFirst && payer.email ? await addMailbox(tx, payer, person.id) : null
  if (!isFirst || (!payer.customer && !account)) {
    // Somebody was quicker, and has committed: else the insert would have waited.
    await tx.deleteFrom('people').where('id', '=', person.id).execute()
    return ensurePayer(parts, tx, payer)
  }
  if (account) await inviteLater(parts, tx, account.id)
  if (payer.customer) await ringBell(parts, tx, { kind: 'customer', about: payer.customer })
  return { personId: person.id, account, isNew: true }
}

/** Held until the transaction ends: whoever merges two persons meanwhile must not leave anything behind. */
async function ownerOf(tx: Tx, { customer, told }: Payer): Promise<string | undefined> {
  if (!customer) return (await findAccount(tx, mailAccountId(told)))?.person_id
  return (await holdCustomer(tx, customer))?.person_id
}

export function holdCustomer(tx: Tx, id: string): Promise<{ person_id: string } | undefined> {
  return tx
    .updateTable('customers')
    .set((row) => ({ version: row.ref('version') }))
    .where('id', '=', id)
    .returning('person_id')
    .executeTakeFirst()
}

function addMailbox(tx: Tx, payer: Payer, personId: string): Promise<AccountRow | null> {
  const { told, email, name, language } = payer
  return ensureMailAccount(tx, { told, address: email ?? '', personId, name, language })
}

/** Once for a mailbox, however often somebody says so; `anew` names another time. */
export function inviteLater(
  parts: Books,
  tx: Tx,
  accountId: string,
  anew?: { id: string },
): Promise<boolean> {
  const id = anew ? `${accountId}_${anew.id}` : accountId
  const after = anew ? 0 : COMES_BACK_SECONDS
  return ringBell(parts, tx, { kind: 'invite', about: accountId, id, after })
}

/** A chat where there is one, LINE first; the mailbox that was told; any other. */
export async function accountFor(
  db: Db | Tx,
  personId: string,
  told: string,
): Promise<AccountRow | null> {
  const all = await accountsOf(db, personId)
  return (
    all.find(({ channel }) => channel === 'line') ??
    all.find(isChat) ??
    all.find(({ id }) => id === mailAccountId(told)) ??
    all[0] ??
    null
  )
}

export async function isLeftAlone(tx: Db | Tx, customer: string): Promise<boolean> {
  const row = await tx
    .selectFrom('left_alone')
    .select('at')
    .where('customer_id', '=', customer)
    .executeTakeFirst()
  return row !== undefined
}

/** The LINE account of a person: there is at most one. */
export async function lineAccountOf(db: Db | Tx, personId: string): Promise<AccountRow | null> {
  return (await accountsOf(db, personId)).find(({ channel }) => channel === 'line') ?? null
}

/** An account in which a human has come to us: LINE where there is one. A mailbox was typed, and is none. */
export async function chatAccountOf(db: Db | Tx, personId: string): Promise<AccountRow | null> {
  const chats = (await accountsOf(db, personId)).filter(isChat)
  return chats.find(({ channel }) => channel === 'line') ?? chats[0] ?? null
}
