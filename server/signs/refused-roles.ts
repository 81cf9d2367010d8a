import { ringBell } from '../people/ring-bell.ts'
import type { RoleOutcome, RoleTrouble, Tx } from '../ports.ts'
import { PERSON_SECONDS } from '../retry-policy.ts'
import type { RefusedRoleRow, SignRow } from '../store/tables.ts'
import { ANY_ROLE, dropRefusals, holdRefusal, noteTold, refusalsOn } from './refused-roles.store.ts'
import type { RoleDesk } from './show-roles.ts'
import { noteSignRefused, signsRefused } from './signs.store.ts'
import { tellOfRefusal } from './tell-of-refusal.ts'

/** What became of one role of one member. `asked`: of the server, in this moment. */
export type Met = RoleOutcome & { role: string; asked: boolean }
type Refused = Extract<Met, { state: 'refused' }>

/** The server has done it, in this moment. */
export function isDone({ state, asked }: Met): boolean {
  return state === 'done' && asked
}

const DAY_MS = 24 * 3_600_000
/** A little less than a day, so that a sweep that begins a minute early finds them due. */
const SWEEP_AGAIN_MS = 20 * 3_600_000

/**
 * What a role was refused for a moment ago, so that a thousand members are not a thousand refusals: each
 * counts towards Discord's 10,000 in 10 minutes. Who comes 10 minutes later asks again; for a role that
 * does not exist, a day later.
 */
export async function findRefusal(
  { store, clock }: RoleDesk,
  guild: string,
  role: string,
): Promise<{ why: RoleTrouble; words: string } | null> {
  const row = rowOf(await refusalsOn(store.db, guild), role)
  if (!row) return null
  const patience = row.why === 'no_role' ? SWEEP_AGAIN_MS : PERSON_SECONDS * 1_000
  return isOlder(row, patience, clock.now()) ? null : { why: row.why, words: row.words }
}

/** Is it time for the sweep to have somebody try it? */
export function isSweptAgain(row: RefusedRoleRow, now: Date): boolean {
  return isOlder(row, SWEEP_AGAIN_MS, now)
}

/** What stands in the books about this role, or about all of them. */
export function rowOf(
  refusals: readonly RefusedRoleRow[],
  role: string,
): RefusedRoleRow | undefined {
  return refusals.find(({ role_id }) => role_id === role || role_id === ANY_ROLE)
}

function isOlder({ tried_at }: RefusedRoleRow, ms: number, now: Date): boolean {
  return now.getTime() - Date.parse(tried_at) >= ms
}

/** A bot that may give nothing is one trouble; anything else is that role's. */
export function aboutOf(guild: string, { role, why }: Pick<Refused, 'role' | 'why'>) {
  return { guild, role_id: why === 'no_permission' ? ANY_ROLE : role }
}

/**
 * Tells the staff of what was refused, and marks the sign. `nothing`: all is as it should be.
 * An id that this server does not know, beside one that it does, is another server's (the test shop's) and
 * no trouble.
 */
export async function noteRefused(
  desk: RoleDesk,
  about: {
    guild: string
    sign: SignRow
    wanted: readonly string[]
    has: readonly string[]
    met: readonly Met[]
  },
): Promise<'nothing' | 'overtaken' | undefined> {
  const { guild, sign, wanted, has, met } = about
  // Always in the same order: two who refuse the same two roles would wait for each other.
  const refused = met
    .filter((each): each is Refused => each.state === 'refused')
    .toSorted((a, b) => (a.role < b.role ? -1 : 1))
  const isHere = wanted.some((role) => has.includes(role) || met.some((each) => shows(each, role)))
  const troubles = refused.filter(({ why }) => why !== 'no_role' || !isHere)
  if (troubles.length === 0) return 'nothing'
  return desk.store.transaction(async (tx) => {
    for (const each of troubles) if (!(await tellOnce(desk, tx, guild, each))) return 'overtaken'
    const why = troubles.map((each) => `${each.why} ${aboutOf(guild, each).role_id}`).join(', ')
    return (await noteSignRefused(tx, sign, why, desk.clock.now())) ? undefined : 'overtaken'
  })
}

/** Does this answer show that the server has the role? */
function shows(met: Met, role: string): boolean {
  return met.role === role && !(met.state === 'refused' && met.why === 'no_role')
}

/** False: it was put right while we believed that it is not, and may be tried. */
async function tellOnce(desk: RoleDesk, tx: Tx, guild: string, refused: Refused): Promise<boolean> {
  const about = aboutOf(guild, refused)
  const now = desk.clock.now()
  const row = await holdRefusal(tx, about)
  if (!row) return false
  if (!isNews(row.told_at, refused.asked, now)) return true
  await noteTold(tx, about, now)
  await tellOfRefusal(desk, tx, { ...refused, guild, at: now.toISOString() })
  return true
}

/** Said again a day later, where the server has just said again that it is so. */
function isNews(told_at: string | null, asked: boolean, now: Date): boolean {
  return told_at === null || (asked && now.getTime() - Date.parse(told_at) >= DAY_MS)
}

/** A role that was refused until now works: all who wait for it are shown it. */
export async function noteWorking(
  desk: RoleDesk,
  guild: string,
  met: readonly Met[],
): Promise<void> {
  const working = met.filter(isDone)
  if (working.length === 0) return
  const roles = [ANY_ROLE, ...working.map(({ role }) => role)]
  await desk.store.transaction(async (tx) => {
    if (await dropRefusals(tx, guild, roles)) await ringForRefused(desk, tx, roles)
  })
}

/** Somebody has mended something at the server, or believes so: all that was refused is tried again. */
export async function tryRefusedAgain(desk: RoleDesk): Promise<void> {
  const { roles, store } = desk
  if (!roles) return
  await store.transaction(async (tx) => {
    await dropRefusals(tx, roles.guild)
    await ringForRefused(desk, tx)
  })
}

async function ringForRefused(
  desk: RoleDesk,
  tx: Tx,
  roles: readonly string[] = [''],
): Promise<void> {
  for (const { account_id } of await signsRefused(tx, roles))
    await ringBell(desk, tx, { kind: 'sign', about: account_id })
}
