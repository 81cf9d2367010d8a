import type { Db, Tx } from '../ports.ts'
import type { AccountRow, MergeRow } from '../store/tables.ts'
import { holdAccounts, holdPeople, untilStill } from './hold-people.ts'
import type { Moved } from './merge-people.ts'
import type { Leaving } from './move-out.ts'
import { accountsOf, findAccount, isChat } from './people.store.ts'
import { undoIn } from './undo-merge.ts'

/** The account of theirs in another chat; null: they are in one alone, or nobody we know. */
export async function linkedWith(db: Db | Tx, accountId: string): Promise<AccountRow | null> {
  const account = await findAccount(db, accountId)
  if (!account) return null
  const chats = (await accountsOf(db, account.person_id)).filter(isChat)
  return chats.find(({ channel }) => channel !== account.channel) ?? null
}

/**
 * Takes the two accounts of a person apart again, whichever of them asks: what came with one goes back with it,
 * and so does what it has paid since. False: there is only one, and nothing was done.
 */
export function leaveAccounts(parts: Leaving, accountId: string): Promise<boolean> {
  return untilStill(parts, async (tx) => {
    const seen = await findAccount(tx, accountId)
    if (!seen) return false
    await holdAccounts(tx, [seen.person_id])
    await holdPeople(tx, [seen.person_id])
    const account = await findAccount(tx, accountId)
    if (account?.person_id !== seen.person_id) return 'again'
    if (!(await linkedWith(tx, accountId))) return false
    const merge = await newestOf(tx, account.person_id)
    // Accounts of two chats come together in no other way.
    if (!merge) throw new Error('nothing says how these two accounts became one')
    await undoIn(parts, tx, merge)
    return true
  })
}

/** Of the merges by which an account came that is still here, the last one: a chat that was left and joined again has more. */
async function newestOf(tx: Tx, personId: string): Promise<MergeRow | null> {
  const here = new Set((await accountsOf(tx, personId)).filter(isChat).map(({ id }) => id))
  const merges = await tx
    .selectFrom('merges')
    .selectAll()
    .where('into_person', '=', personId)
    .where('how', '=', 'accounts')
    .where('undone_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute()
  const moved = ({ moved }: MergeRow) => (JSON.parse(moved) as Moved).accounts
  return merges.find((merge) => moved(merge).some(({ id }) => here.has(id))) ?? null
}
