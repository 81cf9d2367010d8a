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

/** False: it was closed while Stripe was asked. */
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
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function closeProcedure(db: Db, id: string, at: Date): Promise<void> {
  await db
    .updateTable('procedures')
    .set({ state: 'closed', closed_at: at.toISOString() })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
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
