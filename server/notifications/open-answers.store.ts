import type { Db, Tx } from '../ports.ts'

/** Where this account may still be answered, them alone; null: nowhere. */
export async function openAnswerOf(
  db: Db | Tx,
  accountId: string,
  now: Date,
): Promise<string | null> {
  const row = await db
    .selectFrom('open_answers')
    .select('token')
    .where('account_id', '=', accountId)
    .where('until', '>', now.toISOString())
    .executeTakeFirst()
  return row?.token ?? null
}

/** The one that is open longest counts: questions may be worked off out of order. */
export async function keepOpenAnswer(
  tx: Tx,
  accountId: string,
  { token, until }: { token: string; until: Date },
): Promise<void> {
  const answer = { token, until: until.toISOString() }
  await tx
    .insertInto('open_answers')
    .values({ account_id: accountId, ...answer })
    .onConflict((known) =>
      known.column('account_id').doUpdateSet(answer).where('open_answers.until', '<', answer.until),
    )
    .execute()
}
