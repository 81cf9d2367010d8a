import { createHash } from 'node:crypto'
import { ringBell } from '../people/ring-bell.ts'
import type { Db, Turn } from '../ports.ts'
import type { SignDesk } from '../signs/show-sign.ts'
import { sweepSigns } from '../signs/sweep-signs.ts'
import { findMembership, holdingsOf } from './memberships.store.ts'
import { GUEST, reasonsOf, roleOf, rulesOf } from './reasons.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { nextChange } from './reconsider-person.ts'

const PAGE = 500

/**
 * The shopkeeper has changed what gives which role, or how a role's menu looks: that must not wait for
 * the daily sweep. Asks nobody, and rings for whom it concerns; nothing where the shop file says what it
 * said the last time. `whenOthers`: before it is noted that the rules are others.
 */
export async function adoptRules(
  { members, signs }: { members: MemberDesk; signs: SignDesk },
  turn: Turn,
  whenOthers: () => Promise<void> = async () => {},
): Promise<void> {
  const { shop, clock } = members.post
  // A server that the shop has moved to is another place for the same roles.
  const rules = hashOf([shop.roles ?? [], shop.membership ?? {}, signs.roles?.guild ?? null])
  if (turn.bookmark === rules) return
  await reconsiderEverybody(members, clock.now().toISOString(), turn.stop)
  await sweepSigns(signs, turn.stop)
  await whenOthers()
  await turn.keep(rules)
}

/** Everybody who holds anything, and would be something else, or for another time, by what the shop file says now. */
export async function reconsiderEverybody(
  desk: MemberDesk,
  id: string,
  stop?: AbortSignal,
): Promise<void> {
  for (let behind = ''; ; ) {
    const people = await holdersBehind(desk.post.store.db, behind)
    for (const person of people) {
      stop?.throwIfAborted()
      if (await isOther(desk, person))
        await desk.post.store.transaction((tx) =>
          ringBell(desk.post, tx, { kind: 'person', about: person, id: `${id}_${person}` }),
        )
    }
    behind = people.at(-1) ?? ''
    if (people.length < PAGE) return
  }
}

async function isOther({ post }: MemberDesk, person: string): Promise<boolean> {
  const { db } = post.store
  const rules = rulesOf(post.shop)
  const now = post.clock.now()
  const reasons = reasonsOf(await holdingsOf(db, person), rules, now)
  const row = await findMembership(db, person)
  if (roleOf(reasons, rules) !== (row?.role ?? GUEST)) return true
  // A pass that was for good and is for days now, a shorter grace: it ends when nobody rings.
  return nextChange(reasons, now) !== (row?.reconsider_at ?? null)
}

/** Customers, buyers of an offer, and whom the shop gave something: nobody else can hold a role. */
async function holdersBehind(db: Db, behind: string): Promise<string[]> {
  const rows = await db
    .selectFrom('people')
    .select('people.id')
    .where('people.id', '>', behind)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('customers')
            .select('customers.id')
            .whereRef('customers.person_id', '=', 'people.id'),
        ),
        eb.exists(
          eb
            .selectFrom('orders')
            .select('orders.id')
            .whereRef('orders.person_id', '=', 'people.id'),
        ),
        eb.exists(
          eb
            .selectFrom('staff_grants')
            .select('staff_grants.id')
            .whereRef('staff_grants.person_id', '=', 'people.id'),
        ),
      ]),
    )
    .orderBy('people.id')
    .limit(PAGE)
    .execute()
  return rows.map(({ id }) => id)
}

function hashOf(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)
}
