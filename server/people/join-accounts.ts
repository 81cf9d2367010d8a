import type { AccountChannel, Db, JoinTrouble, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { closeSecondPage } from './close-pages.ts'
import { holdAccounts, holdPeople, untilStill } from './hold-people.ts'
import { mergePeople } from './merge-people.ts'
import { type Leaving, moveOut } from './move-out.ts'
import { hashOf, type LinkState, lookAtHash, spendHash } from './one-time-links.ts'
import { accountsOf, findAccount } from './people.store.ts'
import type { Session } from './session.ts'
import { tryWaitingAgain } from './still-to-say.ts'

/** Two accounts whose owner has shown both: what would become of their persons. */
type Joining = {
  /** Who has it all from then on */
  into: string
  from: string
  /** The account that comes to the other one */
  comes: AccountRow
  /** Their account in the same chat until now, which leaves; null: they have none there */
  leaves: AccountRow | null
}
type Judged = { state: 'good'; joining: Joining } | { state: 'same' | 'other_line' }

/**
 * Whoever has a LINE account keeps their person, and without one whoever made the link or code: people move to
 * the membership that they look at. `comes` stays whatever else was there in its chat. Nobody is moved from one
 * LINE account to another. Changes nothing.
 */
async function judge(db: Db | Tx, made: AccountRow, comes: AccountRow): Promise<Judged> {
  if (made.person_id === comes.person_id) return { state: 'same' }
  const theirs = await accountsOf(db, comes.person_id)
  const all = [...(await accountsOf(db, made.person_id)), ...theirs]
  const inLine = all.filter(({ channel }) => channel === 'line')
  if (inLine.length > 1) return { state: 'other_line' }
  const into = inLine[0]?.person_id ?? made.person_id
  const from = into === made.person_id ? comes.person_id : made.person_id
  const leaves = all.find(({ channel, id }) => channel === comes.channel && id !== comes.id) ?? null
  return { state: 'good', joining: { into, from, comes, leaves } }
}

/** Uses up what was shown, and makes them one. `again`: others of their accounts came or left in this moment. */
async function join(
  parts: Leaving,
  tx: Tx,
  { made, comes }: { made: AccountRow; comes: AccountRow },
  shown: { hash: string; purpose: 'join' | 'code' },
): Promise<Judged | 'again'> {
  const seen = await judge(tx, made, comes)
  if (seen.state !== 'good') return seen
  const { into, from, leaves } = seen.joining
  const before = await accountsOfBoth(tx, [into, from])
  await holdAccounts(tx, [into, from])
  await holdPeople(tx, [into, from])
  if ((await accountsOfBoth(tx, [into, from])) !== before) return 'again'
  const spent = await spendHash(tx, shown.hash, parts.clock.now(), shown.purpose)
  if (spent.state !== 'good') return 'again'
  if (leaves) await moveOut(parts, tx, leaves, { stays: comes, with: [into, from] })
  await closeSecondPage(parts, tx, { from, into })
  await mergePeople(parts, tx, { from, into, how: 'accounts' })
  await tryWaitingAgain(parts, tx, into)
  return seen
}

async function accountsOfBoth(tx: Tx, persons: readonly string[]): Promise<string> {
  const all = await Promise.all(persons.map((person) => accountsOf(tx, person)))
  return all.map((each) => each.map(({ id }) => id).join()).join(' ')
}

/** `replaces`: by what name their other account in that chat goes, which would be no more. */
export type SeenCode =
  | { state: 'good'; name: string | null; channel: AccountChannel; replaces: string | null }
  | { state: JoinTrouble }

const OF_CODE = {
  unknown: 'code_unknown',
  other: 'code_unknown',
  expired: 'code_expired',
  spent: 'code_spent',
} as const

/** What the code (by `hashOfCode`) would do for this account. Changes nothing, and uses nothing up. */
export async function lookAtCode(
  db: Db | Tx,
  hash: string,
  accountId: string,
  now: Date,
): Promise<SeenCode> {
  const both = await bothOf(db, hash, accountId, now)
  if ('state' in both) return both
  const { made, comes } = both
  const judged = await judge(db, made, comes)
  if (judged.state !== 'good') return { state: judged.state }
  const { leaves } = judged.joining
  return {
    state: 'good',
    name: made.name,
    channel: made.channel,
    replaces: leaves && calledIn(leaves),
  }
}

async function bothOf(
  db: Db | Tx,
  hash: string,
  accountId: string,
  now: Date,
): Promise<{ made: AccountRow; comes: AccountRow } | { state: JoinTrouble }> {
  const { state, accountId: maker } = await lookAtHash(db, hash, now, 'code')
  if (state !== 'good') return { state: OF_CODE[state] }
  const made = maker ? await findAccount(db, maker) : undefined
  const comes = await findAccount(db, accountId)
  // Whoever was forgotten meanwhile is nobody.
  return made && comes ? { made, comes } : { state: 'code_unknown' }
}

/** Whoever typed the code and said yes is one with who made it. `name`: whose membership it is. */
export function joinByCode(
  parts: Leaving,
  hash: string,
  accountId: string,
): Promise<{ state: 'joined'; name: string | null } | { state: JoinTrouble }> {
  return untilStill(parts, async (tx) => {
    const both = await bothOf(tx, hash, accountId, parts.clock.now())
    if ('state' in both) return both
    const judged = await join(parts, tx, both, { hash, purpose: 'code' })
    if (judged === 'again') return judged
    const { state } = judged
    return state === 'good' ? { state: 'joined', name: both.made.name } : { state }
  })
}

/** `comes`: whose link it is. `done`: they are one by now. `replaces`: as of a code. */
export type SeenJoin =
  | { state: 'good' | 'done'; comes: AccountRow; replaces: string | null }
  | { state: 'other_line' | Exclude<LinkState, 'good'> }

/** What a link from a chat would do for who opened it in LINE. Changes nothing, and uses nothing up. */
export async function lookAtJoinLink(
  db: Db | Tx,
  token: string,
  asks: Session,
  now: Date,
): Promise<SeenJoin> {
  const { state, accountId } = await lookAtHash(db, hashOf(token), now, 'join')
  const comes = accountId ? await findAccount(db, accountId) : undefined
  const made = await findAccount(db, asks.accountId)
  if (!comes || !made) return { state: state === 'other' ? 'other' : 'unknown' }
  // Who opens it once more wants to see that it is done, and not that it is used up.
  if (comes.person_id === made.person_id) return { state: 'done', comes, replaces: null }
  if (state !== 'good') return { state }
  const judged = await judge(db, made, comes)
  if (judged.state !== 'good') return { state: 'other_line' }
  const { leaves } = judged.joining
  return { state: 'good', comes, replaces: leaves && calledIn(leaves) }
}

/** Whoever holds the link, and is logged in with LINE, is one with who asked for it. */
export function joinByLink(parts: Leaving, token: string, asks: Session): Promise<SeenJoin> {
  return untilStill(parts, async (tx) => {
    const seen = await lookAtJoinLink(tx, token, asks, parts.clock.now())
    if (seen.state !== 'good') return seen
    const made = await findAccount(tx, asks.accountId)
    if (!made) return { state: 'unknown' }
    const shown = { hash: hashOf(token), purpose: 'join' as const }
    const judged = await join(parts, tx, { made, comes: seen.comes }, shown)
    if (judged === 'again' || judged.state !== 'good') return 'again'
    return { ...seen, state: 'done' }
  })
}

/** Who has no name there is known by their id: something has to stand where it says what will be replaced. */
function calledIn({ name, address }: AccountRow): string {
  return name ?? address
}
