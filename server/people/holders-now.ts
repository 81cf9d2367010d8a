import type { Tx } from '../ports.ts'
import type { MergeRow } from '../store/tables.ts'
import type { Moved } from './merge-people.ts'
import { channelOf } from './people.store.ts'

/**
 * Who has by now what a merge moved: who took it up may have come to another since, or have parted from the
 * account that brought it. Of accounts that came only these are followed: what they had brought may have been
 * given back to its payer.
 */
export async function holdersNow(tx: Tx, merge: MergeRow): Promise<string[]> {
  const { how, moved, from_person: from, into_person: into } = merge
  const came = JSON.parse(moved) as Moved
  const accounts = came.accounts.map(({ id }) => id)
  const owners =
    how === 'accounts'
      ? await ownersOf(
          tx,
          'accounts',
          accounts.filter((id) => channelOf(id) !== 'mail'),
        )
      : [
          ...(await ownersOf(tx, 'accounts', accounts)),
          ...(await ownersOf(tx, 'customers', came.customers)),
          ...(await ownersOf(
            tx,
            'orders',
            came.orders.map(({ id }) => id),
          )),
        ]
  return [...new Set([into, ...owners])].filter((person) => person !== from).toSorted()
}

async function ownersOf(
  tx: Tx,
  table: 'accounts' | 'customers' | 'orders',
  ids: readonly string[],
): Promise<string[]> {
  const owners = new Set<string>()
  for (const id of ids) {
    const row = await tx
      .selectFrom(table)
      .select('person_id')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row?.person_id) owners.add(row.person_id)
  }
  return [...owners]
}
