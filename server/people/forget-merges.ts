import type { Tx } from '../ports.ts'

/**
 * That somebody was two before. Returns the persons who were taken up in this one and hold nothing since:
 * they go too. One who was taken apart again is somebody else, and stays.
 */
export async function forgetMerges(tx: Tx, personId: string): Promise<string[]> {
  const rows = await tx
    .deleteFrom('merges')
    .where((eb) => eb.or([eb('into_person', '=', personId), eb('from_person', '=', personId)]))
    .returning(['from_person', 'into_person', 'undone_at'])
    .execute()
  const taken = rows.filter((row) => row.into_person === personId && row.undone_at === null)
  return [...new Set(taken.map(({ from_person }) => from_person))]
}
