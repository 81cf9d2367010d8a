import type { Tx } from '../ports.ts'

/**
 * These persons and all that is theirs, held against every other writer until the transaction ends: first
 * the orders, then the customers, then the persons, each in the order of their ids. Everybody who needs
 * more than one of these takes them in this order, so that two never wait for each other.
 */
export async function holdPeople(tx: Tx, ids: readonly string[]): Promise<void> {
  const each = [...new Set(ids)].toSorted()
  for (const table of ['orders', 'customers'] as const) {
    const rows = await tx
      .selectFrom(table)
      .select('id')
      .where('person_id', 'in', each)
      .orderBy('id')
      .execute()
    for (const { id } of rows)
      await tx
        .updateTable(table)
        .set((row) => ({ version: row.ref('version') }))
        .where('id', '=', id)
        .execute()
  }
  for (const id of each)
    await tx
      .updateTable('people')
      .set((row) => ({ created_at: row.ref('created_at') }))
      .where('id', '=', id)
      .execute()
}
