import type { Selectable } from 'kysely'
import type { Db, Tx } from '../ports.ts'
import type { PausesTable } from '../store/tables.ts'

export type PauseRow = Selectable<PausesTable>

export function findPause(
  db: Db | Tx,
  channel: PauseRow['channel'],
): Promise<PauseRow | undefined> {
  return db.selectFrom('pauses').selectAll().where('channel', '=', channel).executeTakeFirst()
}

/** False: somebody else has paused it already. */
export async function insertPause(tx: Tx, pause: PauseRow): Promise<boolean> {
  const row = await tx
    .insertInto('pauses')
    .values(pause)
    .onConflict((conflict) => conflict.column('channel').doNothing())
    .returning('channel')
    .executeTakeFirst()
  return row !== undefined
}

/** Changes the pause that was seen. False: it has ended or moved on, by somebody else's hand. */
export async function changePause(
  tx: Tx,
  seen: PauseRow,
  change: Partial<Pick<PauseRow, 'reason' | 'until' | 'failures' | 'probe' | 'words'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('pauses')
    .set(change)
    .where('channel', '=', seen.channel)
    .where('since', '=', seen.since)
    .where('until', '=', seen.until)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** True for one process only: whoever ends it tells. */
export async function deletePause(tx: Tx, seen: PauseRow): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('pauses')
    .where('channel', '=', seen.channel)
    .where('since', '=', seen.since)
    .where('reason', '=', seen.reason)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** A delivery that will not be sent any more cannot probe: whichever comes first does. */
export async function freeProbe(tx: Tx, deliveryId: string): Promise<void> {
  await tx.updateTable('pauses').set({ probe: null }).where('probe', '=', deliveryId).execute()
}
