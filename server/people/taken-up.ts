import type { Db, Tx } from '../ports.ts'

/** Who was taken up in this person and holds nothing since, also by way of one who was taken up later. */
export async function takenUpIn(db: Db | Tx, personId: string): Promise<string[]> {
  const met = new Set([personId])
  for (const into of met) {
    const rows = await db
      .selectFrom('merges')
      .select('from_person')
      .where('into_person', '=', into)
      .where('undone_at', 'is', null)
      .execute()
    for (const { from_person } of rows) met.add(from_person)
  }
  met.delete(personId)
  return [...met]
}
