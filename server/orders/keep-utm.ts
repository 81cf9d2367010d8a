import { sourceOfUtm, type Utm } from '../../shared/utm.ts'
import type { Db } from '../ports.ts'

/**
 * What the return page brought along (Stripe carries UTM on to it) of an order that has none yet, such as
 * one that was paid by a poster's link. Says where it came from too, if nothing else did.
 */
export async function keepUtm(db: Db, id: string, utm: Utm): Promise<void> {
  await db
    .updateTable('orders')
    .set({ utm: JSON.stringify(utm) })
    .set((eb) => ({ source: eb.fn.coalesce('source', eb.val(sourceOfUtm(utm))) }))
    .where('id', '=', id)
    .where('utm', 'is', null)
    .execute()
}
