import type { Db, Tx } from '../ports.ts'
import type { SignRow } from '../store/tables.ts'

export function findSign(db: Db | Tx, accountId: string): Promise<SignRow | undefined> {
  return db.selectFrom('signs').selectAll().where('account_id', '=', accountId).executeTakeFirst()
}

export async function signsOf(db: Db, accountIds: readonly string[]): Promise<SignRow[]> {
  if (accountIds.length === 0) return []
  return db.selectFrom('signs').selectAll().where('account_id', 'in', accountIds).execute()
}

/** What the account is to see from now on; an application that is under way does not count for it. */
export async function writeWish(tx: Tx, accountId: string, role: string): Promise<void> {
  await tx
    .insertInto('signs')
    .values({ account_id: accountId, role, version: 1, applied: null, applied_at: null })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet((eb) => ({ role, version: eb('signs.version', '+', 1) })),
    )
    .execute()
}

/** The vendor may show something else: nothing counts as applied until it was applied again. */
export async function doubtSign(db: Db | Tx, accountId: string): Promise<void> {
  await db
    .updateTable('signs')
    .set((eb) => ({ applied: null, applied_at: null, version: eb('version', '+', 1) }))
    .where('account_id', '=', accountId)
    .execute()
}

/** Part of it is shown no more: a wish for the same comes upon something that is still to be done. */
export async function noteUnapplied(db: Db | Tx, accountId: string): Promise<void> {
  await db
    .updateTable('signs')
    .set({ applied: null, applied_at: null })
    .where('account_id', '=', accountId)
    .execute()
}

/** False: somebody has wished for something else meanwhile, and rings for that. */
export async function noteApplied(
  db: Db | Tx,
  sign: Pick<SignRow, 'account_id' | 'version'>,
  applied: string | null,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('signs')
    .set({ applied, applied_at: at.toISOString(), refused: null, refused_at: null })
    .where('account_id', '=', sign.account_id)
    .where('version', '=', sign.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The vendor will not show it until a person has mended something there. False as with noteApplied. */
export async function noteSignRefused(
  tx: Tx,
  sign: Pick<SignRow, 'account_id' | 'version'>,
  why: string,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('signs')
    .set({ applied: null, applied_at: null, refused: why, refused_at: at.toISOString() })
    .where('account_id', '=', sign.account_id)
    .where('version', '=', sign.version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those that any of these roles was refused to; an empty text is in all of them. */
export function signsRefused(tx: Tx, roles: readonly string[]) {
  return tx
    .selectFrom('signs')
    .select('account_id')
    .where('refused', 'is not', null)
    .where((eb) => eb.or(roles.map((role) => eb('refused', 'like', `%${role}%`))))
    .orderBy('account_id')
    .execute()
}

export async function findMenu(db: Db, key: string): Promise<string | null> {
  const row = await db
    .selectFrom('menus')
    .select('menu_id')
    .where('channel', '=', 'line')
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.menu_id ?? null
}

/** The menu that counts for this key: the first one that was kept, whoever made another meanwhile. */
export async function keepMenu(tx: Tx, key: string, menuId: string, at: Date): Promise<string> {
  await tx
    .insertInto('menus')
    .values({ channel: 'line', key, menu_id: menuId, made_at: at.toISOString() })
    .onConflict((conflict) => conflict.columns(['channel', 'key']).doNothing())
    .execute()
  const { menu_id } = await tx
    .selectFrom('menus')
    .select('menu_id')
    .where('channel', '=', 'line')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return menu_id
}

/** Somebody has deleted it at the vendor. */
export async function dropMenu(db: Db, key: string, menuId: string): Promise<void> {
  await db
    .deleteFrom('menus')
    .where('channel', '=', 'line')
    .where('key', '=', key)
    .where('menu_id', '=', menuId)
    .execute()
}
