import { addressOf } from '../people/people.store.ts'
import { Later, type ServerRoles } from '../ports.ts'
import type { SignRow } from '../store/tables.ts'
import { forgetGiven, forgetTaken, noteGiven } from './given-roles.store.ts'
import { writeRefusal } from './refused-roles.store.ts'
import { aboutOf, findRefusal, type Met } from './refused-roles.ts'
import type { RoleDesk } from './show-roles.ts'
import { doubtSign, noteUnapplied } from './signs.store.ts'
import { whyGiven, whyTaken } from './wanted-roles.ts'

/** One member of the server, and what stands in our books about them. */
export type Visit = {
  desk: RoleDesk
  roles: ServerRoles
  accountId: string
  /** null: nothing is to be seen of us, as after they were forgotten */
  sign: SignRow | null
  wanted: string[]
  /** By us, on this server */
  given: string[]
}

/** Written down before the request leaves: after a crash in between nobody could say that it is ours. */
export async function give(visit: Visit, role: string): Promise<Met> {
  const { desk, roles, accountId, sign } = visit
  const held = await findRefusal(desk, roles.guild, role)
  if (held) return { ...held, role, state: 'refused', asked: false }
  const mark = { account_id: accountId, guild: roles.guild, role_id: role }
  const note = () => desk.store.single((db) => noteGiven(db, mark, desk.clock.now()))
  const isNew = await note()
  const why = whyGiven(desk.shop, sign?.role ?? '')
  const give = () => roles.give(addressOf(accountId), role, why)
  // Whoever took it meanwhile may have been quicker than we, and has crossed it out.
  const outcome = await orDoubt(visit, give, note)
  if (outcome.state === 'done') await note()
  // A moderator may give it by hand now, and then it is not ours.
  if (outcome.state === 'refused' && isNew) await desk.store.single((db) => forgetGiven(db, mark))
  return noteAsked(visit, { ...outcome, role, asked: true })
}

/** Crossed out only after it is gone. */
export async function take(visit: Visit, role: string): Promise<Met> {
  const { desk, roles, accountId, sign } = visit
  const held = await findRefusal(desk, roles.guild, role)
  if (held && held.why !== 'no_role') return { ...held, role, state: 'refused', asked: false }
  const why = whyTaken(desk.shop, role, sign?.role ?? null)
  const outcome = await orDoubt(visit, () => roles.take(addressOf(accountId), role, why))
  const isGone = outcome.state === 'refused' && outcome.why === 'no_role'
  if (outcome.state === 'done' || isGone) {
    const mark = { account_id: accountId, guild: roles.guild, role_id: role }
    await desk.store.transaction(async (tx) => {
      await noteUnapplied(tx, accountId)
      await forgetTaken(tx, mark, sign)
    })
  }
  if (isGone) return { role, state: 'done', asked: false }
  return noteAsked(visit, { ...outcome, role, asked: true })
}

/** At once: what is tried again because of another role must not ask for this one again. */
async function noteAsked({ desk, roles }: Visit, met: Met): Promise<Met> {
  if (met.state === 'refused')
    await desk.store.transaction((tx) =>
      writeRefusal(tx, aboutOf(roles.guild, met), met, desk.clock.now()),
    )
  return met
}

/** What the server did not answer it may still do, after whatever it is told next. */
async function orDoubt<T>(
  { desk, accountId }: Visit,
  ask: () => Promise<T>,
  note?: () => Promise<unknown>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Later) throw error
    await note?.()
    await desk.store.single((db) => doubtSign(db, accountId))
    throw error
  }
}
