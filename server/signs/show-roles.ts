import type { PostRoom } from '../notifications/notify.ts'
import { addressOf } from '../people/people.store.ts'
import type { Clock, Log, ServerRoles, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import type { SignRow } from '../store/tables.ts'
import { give, take, type Visit } from './change-role.ts'
import { forgetAllOn, forgetElsewhere, givenTo } from './given-roles.store.ts'
import { isDone, type Met, noteRefused, noteWorking } from './refused-roles.ts'
import type { How } from './show-sign.ts'
import { findSign, noteApplied } from './signs.store.ts'
import { keyOfRoles, rolesWanted } from './wanted-roles.ts'

export type RoleDesk = {
  store: Store
  clock: Clock
  log: Log
  shop: ShopConfig
  post: PostRoom
  /** null: the shop has no chat server */
  roles: ServerRoles | null
}

/**
 * A role as roles on the shop's chat server: gives what is wanted and not there, takes what we gave and is
 * wanted no longer. What somebody else gave is neither noted nor ever taken, and nothing else is touched.
 */
export async function showRoles(
  desk: RoleDesk,
  accountId: string,
  { look, surely }: How,
): Promise<'overtaken' | undefined> {
  const { store, shop, roles } = desk
  // Switched off: what is wished for stays until it is switched on again.
  if (!roles) return
  const sign = (await findSign(store.db, accountId)) ?? null
  const wanted = sign ? rolesWanted(shop, sign.role) : []
  const all = await givenTo(store.db, accountId)
  const given = all.filter(({ guild }) => guild === roles.guild).map(({ role_id }) => role_id)
  const isClean = given.every((role) => wanted.includes(role))
  if (sign?.applied === keyOfRoles(roles.guild, wanted) && isClean && !look && !surely) return
  const visit = { desk, roles, accountId, sign, wanted, given }
  // What is ours by the books is given (or taken) whether it is there or not; of anything else, and of who
  // has nothing of ours on this server yet, it must be known whether somebody else gave it.
  const hasMoved = all.length > given.length
  const asks = wanted.some((role) => !given.includes(role)) || (hasMoved && wanted.length === 0)
  const has = asks ? await roles.rolesOf(addressOf(accountId)) : []
  const met = has && (await change(visit, has))
  if (!has || !met) return noteAway(visit)
  // They are on the new server: what they still have on the old one is out of our hands.
  if (hasMoved && (asks || met.some(isDone)))
    await store.single((db) => forgetElsewhere(db, accountId, roles.guild))
  return sign ? noteMet(visit, sign, has, met) : undefined
}

/** First what is new, so that nobody stands before closed doors in between. null: they are not on the server. */
async function change(visit: Visit, has: readonly string[]): Promise<Met[] | null> {
  const { wanted, given } = visit
  const met: Met[] = []
  const steps = [
    ...wanted.filter((role) => !has.includes(role)).map((role) => () => give(visit, role)),
    ...given.filter((role) => !wanted.includes(role)).map((role) => () => take(visit, role)),
  ]
  for (const step of steps) {
    const one = await step()
    if (one.state === 'away') return null
    met.push(one)
  }
  return met
}

/** With the server they have left all that we gave there; the sign waits for them to come back. */
async function noteAway({ desk, roles, accountId, sign }: Visit): Promise<'overtaken' | undefined> {
  return desk.store.transaction(async (tx) => {
    await forgetAllOn(tx, accountId, roles.guild)
    const noted = !sign || (await noteApplied(tx, sign, null, desk.clock.now()))
    return noted ? undefined : 'overtaken'
  })
}

async function noteMet(
  { desk, roles, wanted }: Visit,
  sign: SignRow,
  has: readonly string[],
  met: readonly Met[],
): Promise<'overtaken' | undefined> {
  await noteWorking(desk, roles.guild, met)
  const refused = await noteRefused(desk, { guild: roles.guild, sign, wanted, has, met })
  if (refused !== 'nothing') return refused
  const key = keyOfRoles(roles.guild, wanted)
  const noted = await desk.store.single((db) => noteApplied(db, sign, key, desk.clock.now()))
  return noted ? undefined : 'overtaken'
}
