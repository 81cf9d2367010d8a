import type { Clock, Store, Tx } from '../ports.ts'
import type { MergeRow } from '../store/tables.ts'
import { broughtSince } from './brought-since.ts'
import { closePages, hasOpenPage } from './close-pages.ts'
import { holdAccounts, holdPeople, untilStill } from './hold-people.ts'
import { holdersNow } from './holders-now.ts'
import { type Moved, move, tellOfMove } from './merge-people.ts'
import { revokeLinks } from './one-time-links.ts'
import { partOptOuts } from './opt-outs.store.ts'
import { isPersonThere, mailAccountId } from './people.store.ts'

type Books = { store: Store; clock: Clock }
/** `whenUndone`: what follows from it elsewhere, within the same transaction. */
export type Undoing = Books & {
  whenUndone?: (tx: Tx, undone: { id: string; from: string; into: string }) => Promise<void>
}

/**
 * Takes two persons apart again: what the merge moved goes back where it still belongs to whom it went,
 * and what those customers have paid since goes with them. Mailboxes are nobody's proof any more, and
 * links that were mailed open nothing. null: there is no such merge. False: it was undone before.
 */
export function undoMerge(parts: Undoing, id: string): Promise<MergeRow | false | null> {
  return untilStill(parts, async (tx) => {
    const found = await findMerge(tx, id)
    if (!found) return null
    const holders = await holdersNow(tx, found)
    await holdAccounts(tx, [found.from_person, ...holders])
    await holdPeople(tx, [found.from_person, ...holders])
    if ((await holdersNow(tx, found)).join() !== holders.join()) return 'again'
    return undoIn(parts, tx, found, holders)
  })
}

/** The same within the caller's own transaction, with all held. `holders`: who has by now what it moved. */
export async function undoIn(
  parts: Undoing,
  tx: Tx,
  found: MergeRow,
  holders: readonly string[] = [found.into_person],
): Promise<MergeRow | false> {
  const { id, from_person: from, into_person: into } = found
  const at = parts.clock.now().toISOString()
  const mine = await tx
    .updateTable('merges')
    .set({ undone_at: at })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (mine.numUpdatedRows === 0n) return false
  // Forgotten meanwhile: there is nobody to go back to, and nothing is left that could.
  if (await isPersonThere(tx, from)) {
    for (const holder of holders) await putBack(parts, tx, { ...found, into_person: holder })
    await parts.whenUndone?.(tx, { id, from, into })
  }
  return { ...found, undone_at: at }
}

async function putBack(parts: Books, tx: Tx, merge: MergeRow): Promise<void> {
  const { from_person: from, into_person: into } = merge
  if (merge.how === 'accounts') await closePages(parts, tx, 'person_id', into)
  const moved = await broughtSince(tx, merge)
  const orders = [...moved.orders, ...(await paidSince(tx, moved, into))]
  await restoreOwners(tx, orders, into)
  const procedures = (await hasOpenPage(tx, from)) ? [] : moved.procedures
  await move(tx, { ...moved, procedures, orders }, into, from)
  for (const { id, verified_at } of moved.accounts) {
    await tx
      .updateTable('accounts')
      .set({ verified_at })
      .where('id', '=', id)
      .where('person_id', '=', from)
      .execute()
    await revokeLinks(tx, id)
  }
  await partOptOuts(tx, { from, into, since: merge.at })
  await tellOfMove(parts, tx, { people: [from, into], customers: moved.customers })
}

/** An order that was claimed on the way is its payer's again. */
async function restoreOwners(tx: Tx, orders: Moved['orders'], into: string): Promise<void> {
  for (const { id, account_id, ownership } of orders)
    await tx
      .updateTable('orders')
      .set({ account_id, ownership })
      .where('id', '=', id)
      .where('person_id', '=', into)
      .execute()
}

/** Owned by nothing but their customer, whose mailbox hears of them again. */
async function paidSince(tx: Tx, moved: Moved, into: string): Promise<Moved['orders']> {
  if (moved.customers.length === 0) return []
  const known = new Set(moved.orders.map(({ id }) => id))
  const mailboxes = moved.accounts.map(({ id }) => id)
  const rows = await tx
    .selectFrom('orders')
    .select(['id', 'customer', 'ownership'])
    .where('customer', 'in', moved.customers)
    .where('person_id', '=', into)
    .where('ownership', '=', 'payer')
    .execute()
  return rows
    .filter(({ id }) => !known.has(id))
    .map(({ id, customer, ownership }) => {
      const own = mailboxes.find((box) => box === mailAccountId(customer ?? ''))
      return { id, account_id: own ?? mailboxes[0] ?? null, ownership }
    })
}

function findMerge(tx: Tx, id: string): Promise<MergeRow | undefined> {
  return tx.selectFrom('merges').selectAll().where('id', '=', id).executeTakeFirst()
}
