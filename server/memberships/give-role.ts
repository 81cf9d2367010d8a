import { randomUUID } from 'node:crypto'
import type { Tx } from '../ports.ts'
import { rulesOf } from './reasons.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { reconsiderPerson } from './reconsider-person.ts'

/** Gives a person a role by hand, for good or until then. Throws a sentence for a role that the shop does not have. */
export async function giveRole(
  desk: Pick<MemberDesk, 'post'>,
  personId: string,
  gift: { role: string; until: Date | null; note: string | null },
): Promise<void> {
  const { store, clock, shop } = desk.post
  const roles = rulesOf(shop).roles.map(({ id }) => id)
  if (!roles.includes(gift.role))
    throw new Error(
      roles.length === 0
        ? 'shop.config.ts names no roles yet; add one, then give it.'
        : `shop.config.ts has no role "${gift.role}". It has: ${roles.join(', ')}.`,
    )
  await store.transaction(async (tx) => {
    await tx
      .insertInto('staff_grants')
      .values({
        id: randomUUID(),
        person_id: personId,
        role: gift.role,
        until: gift.until?.toISOString() ?? null,
        note: gift.note,
        given_at: clock.now().toISOString(),
      })
      .execute()
    await reconsiderPerson(desk, tx, personId)
  })
}

/** Takes back what was given by hand; what somebody pays for stays theirs. Returns how many gifts there were. */
export async function takeRole(
  desk: Pick<MemberDesk, 'post'>,
  personId: string,
  role: string,
): Promise<number> {
  const { store } = desk.post
  return store.transaction(async (tx) => {
    const taken = await revoke(desk, tx, personId, role)
    if (taken > 0) await reconsiderPerson(desk, tx, personId)
    return taken
  })
}

async function revoke(
  { post }: Pick<MemberDesk, 'post'>,
  tx: Tx,
  personId: string,
  role: string,
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('staff_grants')
    .set({ revoked_at: post.clock.now().toISOString() })
    .where('person_id', '=', personId)
    .where('role', '=', role)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
