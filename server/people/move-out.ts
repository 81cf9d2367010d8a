import { randomUUID } from 'node:crypto'
import type { Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { closePages } from './close-pages.ts'
import { type Merges, tellOfMove } from './merge-people.ts'
import { revokeLinks } from './one-time-links.ts'
import { accountsOf } from './people.store.ts'
import { IS_STILL_OPEN } from './still-to-say.ts'
import { strikeAccount } from './strike-account.ts'
import { takenUpIn } from './taken-up.ts'
import type { Undoing } from './undo-merge.ts'

/** The books in which accounts come and go; what follows elsewhere is within the same transaction. */
export type Leaving = Merges & Undoing

/**
 * An account that leaves its person with nothing, because another of its chat has come: a person of its own from
 * now on. What it brought stays, under the accounts that stay. Its links open nothing more, its page at Stripe is
 * led to no more, and what was still to be said there is said where they are now. Call with all held.
 */
export async function moveOut(
  parts: Leaving,
  tx: Tx,
  account: AccountRow,
  { stays, with: persons }: { stays: AccountRow; with: readonly string[] },
): Promise<void> {
  const own = await makePerson(parts, tx)
  await tx.updateTable('accounts').set({ person_id: own }).where('id', '=', account.id).execute()
  await revokeLinks(tx, account.id)
  await closePages(parts, tx, 'account_id', account.id)
  const heir = await heirOf(tx, persons, stays)
  await tx
    .updateTable('orders')
    .set({ account_id: heir })
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('account_id', '=', account.id)
    .where('person_id', 'in', persons)
    .execute()
  await sendThere(tx, account.id, stays.id)
  await strikeFromMerges(tx, account, heir)
  await tellOfMove(parts, tx, { people: [own], customers: [] })
  await parts.whenUndone?.(tx, { id: own, from: own, into: account.person_id })
}

export async function makePerson({ clock }: Pick<Leaving, 'clock'>, tx: Tx): Promise<string> {
  const person = { id: randomUUID(), created_at: clock.now().toISOString() }
  await tx.insertInto('people').values(person).execute()
  return person.id
}

/** LINE where they are there: whichever account of the other chat they have next, news of these orders comes to it. */
async function heirOf(tx: Tx, persons: readonly string[], stays: AccountRow): Promise<string> {
  for (const person of persons)
    for (const { channel, id } of await accountsOf(tx, person)) if (channel === 'line') return id
  return stays.id
}

/** What it has brought stays for good: should it come again and leave again, it leaves with what it brings then. */
async function strikeFromMerges(
  tx: Tx,
  { id, person_id }: AccountRow,
  heir: string,
): Promise<void> {
  const merges = await tx
    .selectFrom('merges')
    .select(['id', 'moved'])
    .where('into_person', 'in', [person_id, ...(await takenUpIn(tx, person_id))])
    .where('undone_at', 'is', null)
    .execute()
  await strikeAccount(tx, merges, id, heir)
}

/** In the same chat and for the same human, so each stays as it was written; what was said to both already is not. */
async function sendThere(tx: Tx, from: string, to: string): Promise<void> {
  const open = await tx
    .selectFrom('deliveries')
    .select(['id', 'subject', 'kind'])
    .where('account_id', '=', from)
    .where(IS_STILL_OPEN)
    .execute()
  for (const { id, subject, kind } of open) {
    const said = await tx
      .selectFrom('deliveries')
      .select('id')
      .where('subject', '=', subject)
      .where('kind', '=', kind)
      .where('account_id', '=', to)
      .executeTakeFirst()
    const change = said
      ? { state: 'superseded' as const, body: '', message: null }
      : { account_id: to }
    await tx.updateTable('deliveries').set(change).where('id', '=', id).execute()
  }
}
