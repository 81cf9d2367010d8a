import type { Furnished } from './furnish.ts'
import type { Duty } from './operations/do-duties.ts'
import { backfillOrders } from './orders/backfill-orders.ts'
import { Later } from './ports.ts'
import { WANTED_EVENTS } from './reactions.ts'

const HOUR = 3_600

/** When it is time, do Y: what one process of many does now and then. A new duty is one more line here. */
export function dutiesOf({ desk, reads }: Omit<Furnished, 'stripe'>): Duty[] {
  return [
    {
      name: 'backfill',
      everySeconds: HOUR,
      atStartAfterSeconds: 60,
      run: async (turn) => {
        // Whoever was away must look, whatever it costs; each hour it may step back behind the orders.
        if (!turn.atStart && !(await reads.mayReadIdly()))
          throw new Later(HOUR, 'what Stripe lets us read in a month is nearly used up')
        await backfillOrders({ desk, wanted: WANTED_EVENTS }, turn)
      },
    },
  ]
}
