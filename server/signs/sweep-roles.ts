import { chatAccountId } from '../people/people.store.ts'
import { ringBell } from '../people/ring-bell.ts'
import type { ServerRoles } from '../ports.ts'
import type { RefusedRoleRow, SignRow } from '../store/tables.ts'
import { givenOn, givenToThese, strangersWithRoles } from './given-roles.store.ts'
import { refusalsOn } from './refused-roles.store.ts'
import { isSweptAgain, rowOf } from './refused-roles.ts'
import type { RoleDesk } from './show-roles.ts'
import { signsOf } from './signs.store.ts'
import { type HeldSign, ringAll, sweepByTurns } from './sweep-by-turns.ts'
import { keyOfRoles, rolesWanted } from './wanted-roles.ts'

type Sweep = {
  desk: RoleDesk
  roles: ServerRoles
  refusals: RefusedRoleRow[]
  /** What is refused is tried again by one member, not by all who wait for it */
  tried: Set<string>
  /** Members to whom we gave something, as far as the list was read */
  seen: Set<string>
}
type Member = { account_id: string; has: string[]; sign: SignRow | null; given: string[] }

/**
 * Compares everybody on the chat server with what the books say, a thousand in a call, and rings for whom
 * it differs. Who is not there waits and costs nothing. Returns for how many it rang.
 */
export async function sweepRoles(desk: RoleDesk, stop?: AbortSignal): Promise<number> {
  const { roles, store } = desk
  if (!roles) return 0
  if ((await strangersWithRoles(store.db)).length > 0)
    await store.transaction((tx) => ringBell(desk, tx, { kind: 'strangers', about: 'roles' }))
  const refusals = await refusalsOn(store.db, roles.guild)
  const sweep: Sweep = { desk, roles, refusals, tried: new Set(), seen: new Set() }
  const pages = await roles.members()
  if (!pages) return sweepBlindly(sweep, stop)
  let rung = 0
  for await (const page of pages) {
    stop?.throwIfAborted()
    const due = (await held(sweep, page)).filter((member) => isDue(sweep, member))
    await ringAll(desk, 'look', due)
    rung += due.length
  }
  const gone = (await givenOn(store.db, roles.guild)).filter((id) => !sweep.seen.has(id))
  // What they come back without is not ours any more, whoever gives it to them then.
  await ringAll(
    desk,
    'look',
    gone.map((account_id) => ({ account_id })),
  )
  return rung + gone.length
}

/** Of a page of members, those of whom the books say anything. */
async function held(
  { desk, roles, seen }: Sweep,
  page: readonly { address: string; roles: string[] }[],
): Promise<Member[]> {
  const { db } = desk.store
  const has = new Map(page.map((each) => [chatAccountId(`D${each.address}`), each.roles]))
  const signs = new Map((await signsOf(db, [...has.keys()])).map((sign) => [sign.account_id, sign]))
  const given = await givenToThese(db, roles.guild, [...has.keys()])
  for (const { account_id } of given) seen.add(account_id)
  const known = new Set([...signs.keys(), ...given.map(({ account_id }) => account_id)])
  return [...known].map((account_id) => ({
    account_id,
    has: has.get(account_id) ?? [],
    sign: signs.get(account_id) ?? null,
    given: given.filter((each) => each.account_id === account_id).map(({ role_id }) => role_id),
  }))
}

function isDue(sweep: Sweep, { sign, has, given }: Member): boolean {
  const wanted = sign ? rolesWanted(sweep.desk.shop, sign.role) : []
  const isApplied = sign?.applied === keyOfRoles(sweep.roles.guild, wanted)
  const lacking = wanted.filter((role) => !has.includes(role))
  const differing = [...lacking, ...given.filter((role) => !wanted.includes(role))]
  const refused = differing.map((role) => rowOf(sweep.refusals, role))
  if (refused.includes(undefined)) return true
  // Another server's id, beside one that is there.
  if (isApplied || !sign) return false
  return !sign.refused || refused.some((row) => row && isTriedNow(sweep, row))
}

/** Once a day, and once in this sweep. */
function isTriedNow({ desk, tried }: Sweep, row: RefusedRoleRow): boolean {
  if (tried.has(row.role_id) || !isSweptAgain(row, desk.clock.now())) return false
  tried.add(row.role_id)
  return true
}

/** Without the list each is asked about, as in LINE: some days until what a hand changed is found. */
async function sweepBlindly(sweep: Sweep, stop?: AbortSignal): Promise<number> {
  const { desk, roles } = sweep
  desk.log.warn(
    { guild: roles.guild },
    'the server does not show who is on it, so signs are checked one by one; the doctor says how to mend that',
  )
  const isBehind = (sign: HeldSign) => {
    const wanted = rolesWanted(desk.shop, sign.role)
    if (sign.applied === keyOfRoles(roles.guild, wanted)) return false
    if (!sign.refused) return true
    return wanted.some((role) => {
      const row = rowOf(sweep.refusals, role)
      return row !== undefined && isTriedNow(sweep, row)
    })
  }
  return sweepByTurns(desk, 'discord', isBehind, stop)
}
