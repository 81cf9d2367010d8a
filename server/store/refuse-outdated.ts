import type { Kysely } from 'kysely'

type Row = Record<string, unknown>
type Loose = Kysely<Record<string, Row>>

/**
 * Of a copy that broke off and is begun again: throws a sentence when it holds one of these rows of the
 * source's otherwise than the source does now. Gone on with, it would say again what has been said since.
 */
export async function refuseOutdated(
  target: Loose,
  table: string,
  key: string[],
  rows: readonly Row[],
): Promise<void> {
  const [first = ''] = key
  const nameOf = (row: Row) => JSON.stringify(key.map((column) => row[column]))
  const now = new Map(rows.map((row) => [nameOf(row), row]))
  const held = await target
    .selectFrom(table)
    .selectAll()
    // By the first column alone: there are few rows behind each, and both engines find them so.
    .where(first, 'in', [...new Set(rows.map((row) => row[first]))])
    .execute()
  for (const row of held) {
    const own = now.get(nameOf(row))
    if (own && !isSame(row, own))
      throw new Error(
        `The target holds an older copy of "${table}": the source has been in use since that one broke off. Copy into an empty database.`,
      )
  }
}

export function isSame(row: Row, own: Row): boolean {
  return Object.entries(row).every(([column, value]) => own[column] === value)
}
