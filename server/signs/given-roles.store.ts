import { type ExpressionBuilder, sql } from 'kysely'
import type { Db, Tables, Tx } from '../ports.ts'
import type { SignRow } from '../store/tables.ts'

/** What we gave to an account on a chat server, and may take again. */
type Given = { account_id: string; guild: string; role_id: string }

/** On every server, also one that the shop has left. */
export function givenTo(db: Db, accountId: string): Promise<Given[]> {
  return db
    .selectFrom('given_roles')
    .select(['account_id', 'guild', 'role_id'])
    .where('account_id', '=', accountId)
    .orderBy('role_id')
    .execute()
}

/** Before the request leaves: else a crash would make it somebody else's. True: nobody had noted it yet. */
export async function noteGiven(db: Db, given: Given, at: Date): Promise<boolean> {
  const row = await db
    .insertInto('given_roles')
    .values({ ...given, given_at: at.toISOString() })
    .onConflict((conflict) => conflict.columns(['account_id', 'guild', 'role_id']).doNothing())
    .returning('role_id')
    .executeTakeFirst()
  return row !== undefined
}

/** It never came. */
export async function forgetGiven(db: Db, { account_id, guild, role_id }: Given): Promise<void> {
  await db
    .deleteFrom('given_roles')
    .where('account_id', '=', account_id)
    .where('guild', '=', guild)
    .where('role_id', '=', role_id)
    .execute()
}

/**
 * It is taken. Not where something else was wished for since this sign was read (null: there was none): it may have
 * been given again by now, and must stay ours; whoever took it looks again.
 */
export async function forgetTaken(
  db: Tx,
  { account_id, guild, role_id }: Given,
  sign: Pick<SignRow, 'version'> | null,
): Promise<void> {
  await db
    .deleteFrom('given_roles')
    .where('account_id', '=', account_id)
    .where('guild', '=', guild)
    .where('role_id', '=', role_id)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('signs')
            .select('signs.account_id')
            .where('signs.account_id', '=', account_id)
            .$if(sign !== null, (any) => any.where('version', '!=', sign?.version ?? 0)),
        ),
      ),
    )
    .execute()
}

/** Whoever leaves a server has lost every role there. */
export async function forgetAllOn(tx: Db | Tx, accountId: string, guild: string): Promise<void> {
  await tx
    .deleteFrom('given_roles')
    .where('account_id', '=', accountId)
    .where('guild', '=', guild)
    .execute()
}

/** The shop has moved, and they with it: what they have on the server before is out of our hands. */
export async function forgetElsewhere(db: Db, accountId: string, guild: string): Promise<void> {
  await db
    .deleteFrom('given_roles')
    .where('account_id', '=', accountId)
    .where('guild', '!=', guild)
    .execute()
}

/**
 * To whom we gave something on this server, of the accounts behind one and up to another (null: all that
 * follow), in the order of their ids as numbers go: a longer one is a later one.
 */
export function givenBetween(db: Db, guild: string, after: string, last: string | null) {
  const order = sql`(length(account_id), account_id)`
  const place = (id: string) => sql`(${id.length}, ${id})`
  return db
    .selectFrom('given_roles')
    .select(['account_id', 'role_id'])
    .where('guild', '=', guild)
    .where(sql<boolean>`${order} > ${place(after)}`)
    .$if(last !== null, (query) => query.where(sql<boolean>`${order} <= ${place(last ?? '')}`))
    .orderBy('account_id')
    .execute()
}

/** Wherever it was; not of who has come back since, and may have been given something anew. */
export async function dropGiven(db: Db, accountId: string): Promise<void> {
  await db
    .deleteFrom('given_roles')
    .where('account_id', '=', accountId)
    .where(isStrangers)
    .execute()
}

/** Accounts to which we gave something, and that stand in no book any more. */
export async function strangersWithRoles(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('given_roles')
    .select('account_id')
    .distinct()
    .where(isStrangers)
    .execute()
  return rows.map(({ account_id }) => account_id)
}

function isStrangers(eb: ExpressionBuilder<Tables, 'given_roles'>) {
  const known = eb
    .selectFrom('accounts')
    .select('accounts.id')
    .whereRef('accounts.id', '=', 'given_roles.account_id')
  return eb.not(eb.exists(known))
}
