import type { Db, RoleTrouble, Tx } from '../ports.ts'
import type { RefusedRoleRow } from '../store/tables.ts'

/** A server on which the bot may give none at all refuses each for the same reason, and that is one trouble. */
export const ANY_ROLE = '*'

export type Refusal = { why: RoleTrouble; words: string }

export function refusalsOn(db: Db, guild: string): Promise<RefusedRoleRow[]> {
  return db.selectFrom('refused_roles').selectAll().where('guild', '=', guild).execute()
}

/** Refused in this moment. Held until the caller's transaction ends, so that of many one tells. */
export function writeRefusal(
  tx: Tx,
  about: Pick<RefusedRoleRow, 'guild' | 'role_id'>,
  { why, words }: Refusal,
  at: Date,
): Promise<RefusedRoleRow> {
  const tried = { why, words, tried_at: at.toISOString() }
  return tx
    .insertInto('refused_roles')
    .values({ ...about, ...tried, told_at: null })
    .onConflict((conflict) =>
      conflict.columns(['guild', 'role_id']).doUpdateSet((eb) => ({
        ...tried,
        // Another trouble with the same role is news.
        told_at: eb
          .case()
          .when('refused_roles.why', '=', why)
          .then(eb.ref('refused_roles.told_at'))
          .else(null)
          .end(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function noteTold(
  tx: Tx,
  { guild, role_id }: Pick<RefusedRoleRow, 'guild' | 'role_id'>,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('refused_roles')
    .set({ told_at: at.toISOString() })
    .where('guild', '=', guild)
    .where('role_id', '=', role_id)
    .execute()
}

/** What stands there to this moment, held until the caller's transaction ends. */
export function holdRefusal(
  tx: Tx,
  { guild, role_id }: Pick<RefusedRoleRow, 'guild' | 'role_id'>,
): Promise<RefusedRoleRow | undefined> {
  return tx
    .updateTable('refused_roles')
    .set((eb) => ({ tried_at: eb.ref('tried_at') }))
    .where('guild', '=', guild)
    .where('role_id', '=', role_id)
    .returningAll()
    .executeTakeFirst()
}

/** True: it was refused until now. */
export async function dropRefusals(
  tx: Tx,
  guild: string,
  roles?: readonly string[],
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('refused_roles')
    .where('guild', '=', guild)
    .$if(roles !== undefined, (query) => query.where('role_id', 'in', roles ?? []))
    .executeTakeFirst()
  return numDeletedRows > 0n
}
