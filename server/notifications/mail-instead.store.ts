import type { Db, Tx } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { IS_OPEN, isOn } from './deliveries.store.ts'

/** What mail may bring by now, the longest due first; of what is on its way only LINE's, whose month may be used up. */
export function dueForMail(
  db: Db,
  state: 'pending' | 'waiting',
  now: string,
  most: number,
): Promise<Pick<DeliveryRow, 'id' | 'account_id' | 'message'>[]> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'account_id', 'message'])
    .where(IS_OPEN)
    .where('state', '=', state)
    .$if(state === 'pending', (leaving) => leaving.where(isOn('line')))
    .where('instead_at', '<=', now)
    .where('first_attempt_at', 'is', null)
    .orderBy('instead_at')
    .limit(most)
    .execute()
}

/** One that has not left, held against whoever sends or releases it. undefined: it is something else by now. */
export function holdUnsent(
  tx: Tx,
  id: string,
  states: readonly ('pending' | 'waiting')[],
): Promise<DeliveryRow | undefined> {
  return tx
    .updateTable('deliveries')
    .set((eb) => ({ attempts: eb.ref('attempts') }))
    .where('id', '=', id)
    .where('state', 'in', states)
    .where('first_attempt_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** The same was taken for another account of this person, so that they have heard. */
export async function hasOtherWay(
  tx: Tx,
  { id, subject, kind }: DeliveryRow,
  personId: string,
): Promise<boolean> {
  const heard = await tx
    .selectFrom('deliveries')
    .innerJoin('accounts', 'accounts.id', 'deliveries.account_id')
    .select('deliveries.id')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('state', '=', 'accepted')
    .where('accounts.person_id', '=', personId)
    .where('deliveries.id', '!=', id)
    .executeTakeFirst()
  return heard !== undefined
}

/** What mail was to bring later it may bring now: all that has not left for LINE, or what waits for one account. */
export async function hastenMail(
  tx: Tx,
  now: Date,
  whose: { account: string } | 'everybody',
): Promise<void> {
  const at = now.toISOString()
  await tx
    .updateTable('deliveries')
    .set({ instead_at: at })
    .where(IS_OPEN)
    .where('instead_at', '>', at)
    .$if(whose === 'everybody', (all) => all.where('state', '=', 'pending').where(isOn('line')))
    .$if(whose !== 'everybody', (all) =>
      all
        .where('state', '=', 'waiting')
        .where('account_id', '=', whose === 'everybody' ? '' : whose.account),
    )
    .execute()
}
