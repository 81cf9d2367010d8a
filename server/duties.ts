import type { Furnished } from './furnish.ts'
import type { Duty } from './operations/do-duties.ts'
import { backfillOrders } from './orders/backfill-orders.ts'
import { WANTED_EVENTS } from './reactions.ts'

const HOUR = 3_600

/** When it is time, do Y: what one process of many does now and then. A new duty is one more line here. */
export function dutiesOf({ desk }: Omit<Furnished, 'stripe'>): Duty[] {
  return [
    {
      name: 'backfill',
      everySeconds: HOUR,
      atStartAfterSeconds: 60,
      run: (turn) => backfillOrders({ desk, wanted: WANTED_EVENTS }, turn),
    },
  ]
}
