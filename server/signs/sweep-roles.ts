import { chatAccountId } from '../people/people.store.ts'
import { isRinging, ringBell } from '../people/ring-bell.ts'
import type { ServerMembers, ServerRoles } from '../ports.ts'
import type { RefusedRoleRow, SignRow } from '../store/tables.ts'
import { givenBetween, strangersWithRoles } from './given-roles.store.ts'
import { refusalsOn } from './refused-roles.store.ts'
import { isSweptAgain, rowOf } from './refused-roles.ts'
import type { RoleDesk } from './show-roles.ts'
import { signsOf } from './signs.store.ts'
import { type HeldSign, sweepByTurns } from './sweep-by-turns.ts'
import { keyOfRoles, rolesWanted } from './wanted-roles.ts'

type Sweep = {
  desk: RoleDesk
  roles: ServerRoles
  refusals: RefusedRoleRow[]
  /** What is refused is tried again by one member, not by all who wait for it */
  tried: Set<string>
}
/** `has`: on the server; null: they are not there */
type Held = { account_id: string; has: string[] | null; sign: SignRow | null; given: string[] }

/** Below every id */
const BEGINNING = '0'

/** Rings for a look at everybody on the chat server, and for what somebody who was forgotten still has there. */
export async function sweepRoles(desk: RoleDesk): Promise<void> {
  const { roles, store } = desk
  const hasStrangers = (await strangersWithRoles(store.db)).length > 0
  const begins = { kind: 'members', about: BEGINNING } as const
  await store.transaction(async (tx) => {
    if (hasStrangers) await ringBell(desk, tx, { kind: 'strangers', about: 'roles' })
    // A server that shows us nothing for a month is to be read once after that, and not thirty times.
    if (roles && !(await isRinging(tx, begins))) await ringBell(desk, tx, begins)
  })
}

/**
 * Compares a page of the server's members with what the books say, rings for whom it differs, and for the
 * next page: so a server of any size is read within the vendor's limits, and after a crash it goes on
 * where it was. Who is not there waits and costs nothing. Throws when the vendor does not answer.
 */
export async function sweepPage(desk: RoleDesk, behind: string): Promise<void> {
  const { roles, store } = desk
  if (!roles) return
  const page = await roles.membersBehind(behind)
  const refusals = await refusalsOn(store.db, roles.guild)
  const sweep: Sweep = { desk, roles, refusals, tried: new Set() }
  if (!page) return sweepBlindly(sweep)
  const due = (await heldOf(sweep, behind, page)).filter((each) => isDue(sweep, each))
  await store.transaction(async (tx) => {
    for (const { account_id } of due) await ringBell(desk, tx, { kind: 'look', about: account_id })
    if (!page.isLast) await ringBell(desk, tx, { kind: 'members', about: nextBehind(behind, page) })
  })
}

/** https://docs.discord.com/developers/reference#snowflakes: below it, what was made in the same millisecond. */
const MOMENT = 22n

/**
 * Where the next page begins, as a moment in which accounts were made: an event is kept, and names nobody
 * who may never have bought anything. Who is of the same moment is looked at twice.
 */
function nextBehind(behind: string, { members }: ServerMembers): string {
  const last = members.at(-1)?.address ?? behind
  const moment = (BigInt(last) >> MOMENT) << MOMENT
  return moment > BigInt(behind) ? String(moment) : last
}

/** Of whom the books say anything, among these members, and who has left and had something of ours. */
async function heldOf(
  { desk, roles }: Sweep,
  behind: string,
  { members, isLast }: ServerMembers,
): Promise<Held[]> {
  const { db } = desk.store
  const idOf = (address: string) => chatAccountId(`D${address}`)
  const there = new Map(members.map((each) => [idOf(each.address), each.roles]))
  const last = isLast ? null : idOf(members.at(-1)?.address ?? behind)
  const signs = await signsOf(db, [...there.keys()])
  const held = new Map<string, Held>()
  const of = (account_id: string) => {
    const known = held.get(account_id)
    const made = known ?? { account_id, has: there.get(account_id) ?? null, sign: null, given: [] }
    held.set(account_id, made)
    return made
  }
  for (const sign of signs) of(sign.account_id).sign = sign
  for (const { account_id, role_id } of await givenBetween(db, roles.guild, idOf(behind), last))
    of(account_id).given.push(role_id)
  return [...held.values()]
}

function isDue(sweep: Sweep, { sign, has, given }: Held): boolean {
  // What they come back without is not ours any more, whoever gives it to them then.
  if (!has) return true
  const wanted = sign ? rolesWanted(sweep.desk.shop, sign.role) : []
  const lacking = wanted.filter((role) => !has.includes(role))
  const differing = [...lacking, ...given.filter((role) => !wanted.includes(role))]
  const isApplied = sign?.applied === keyOfRoles(sweep.roles.guild, wanted)
  if (differing.length === 0) return sign !== null && !isApplied
  return isWorthTrying(sweep, differing, isApplied ? null : sign)
}

/** Not for a role that is refused, but once a day. `sign`: null where it is as it should be but for those. */
function isWorthTrying(
  sweep: Sweep,
  differing: readonly string[],
  sign: Pick<SignRow, 'refused'> | null,
): boolean {
  const rows = differing.map((role) => rowOf(sweep.refusals, role))
  if (rows.includes(undefined)) return true
  if (!sign) return false
  return !sign.refused || rows.some((row) => row && isTriedNow(sweep, row))
}

function isTriedNow({ desk, tried }: Sweep, row: RefusedRoleRow): boolean {
  if (tried.has(row.role_id) || !isSweptAgain(row, desk.clock.now())) return false
  tried.add(row.role_id)
  return true
}

/** Without the list each is asked about, as in LINE: some days until what a hand changed is found. */
async function sweepBlindly(sweep: Sweep): Promise<void> {
  const { desk, roles } = sweep
  desk.log.warn(
    { guild: roles.guild },
    'the server does not show who is on it, so roles are looked at a few a day: doctor discord says how to mend that',
  )
  const isBehind = (sign: HeldSign) => {
    const wanted = rolesWanted(desk.shop, sign.role)
    const isApplied = sign.applied === keyOfRoles(roles.guild, wanted)
    return !isApplied && (!sign.refused || isWorthTrying(sweep, wanted, sign))
  }
  await sweepByTurns(desk, 'discord', isBehind)
}
