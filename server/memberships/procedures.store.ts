import { sql } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { ProcedureRow } from '../store/tables.ts'

export function findOpenProcedure(db: Db, personId: string): Promise<ProcedureRow | undefined> {
  return db
    .selectFrom('procedures')
    .selectAll()
    .where('person_id', '=', personId)
    .where('state', '=', 'open')
    .executeTakeFirst()
}

/** null: another tab was quicker, and its procedure is the one that is open. */
export async function openOne(
  tx: Tx,
  row: Omit<ProcedureRow, 'session_id' | 'url' | 'state' | 'closed_at'>,
): Promise<ProcedureRow | null> {
  const made = await tx
    .insertInto('procedures')
    .values({ ...row, session_id: null, url: null, state: 'open', closed_at: null })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        // To the letter what the partial index says.
        .where('state', '=', sql.lit('open'))
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst()
  return made ?? null
}

/** False: it was closed while Stripe was asked, or another tab was quicker and has shown another page. */
export async function keepSession(
  db: Db,
  id: string,
  session: { id: string; url: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('procedures')
    .set({ session_id: session.id, url: session.url })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where((eb) => eb.or([eb('session_id', 'is', null), eb('session_id', '=', session.id)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** False: it is no longer as it was seen. A page that was shown meanwhile can be paid, so it must not be forgotten. */
export async function closeProcedure(
  db: Db,
  { id, session_id }: Pick<ProcedureRow, 'id' | 'session_id'>,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('procedures')
    .set({ state: 'closed', closed_at: at.toISOString() })
    .where('id', '=', id)
    .where('session_id', session_id === null ? 'is' : '=', session_id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Stripe's page is over: paid, or left to lapse. */
export async function closeProcedureOf(db: Db, sessionId: string, at: Date): Promise<void> {
  await db
    .updateTable('procedures')
    .set({ state: 'closed', closed_at: at.toISOString() })
    .where('session_id', '=', sessionId)
    .where('state', '=', 'open')
    .execute()
}

/** Keeps the words of a version of the terms, once, for whoever asks later what somebody agreed to. */
export async function keepTerms(db: Db, version: string, words: string, at: Date): Promise<void> {
  await db
    .insertInto('terms')
    .values({ version, words, first_shown_at: at.toISOString() })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute()
}
