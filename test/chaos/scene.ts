import type { LineStandIn } from '../sandbox/line/start.ts'
import type { StripeSandbox } from '../sandbox/types.ts'

/** One order on its way, and everything that a trap may look at. */
export type Scene = {
  stripe: StripeSandbox
  line: LineStandIn
  session: string
  /** Aborted when the trap has waited long enough */
  signal: AbortSignal
  /** Where the house answers */
  url: string
  /** The statuses that Stripe heard for this order's webhook, 0 for none */
  answers: number[]
  /** Holds the database's lock from now on: the house can finish nothing that it wants to write. */
  lock(): void
  /** The same if nobody else holds it just now */
  tryLock(): boolean
  unlock(): void
  /** Is there a row? `$session` stands for the order's. */
  holds(text: string): boolean
  /** Resolves with the vendor's next answer to such a request. */
  answered(on: RegExp): Promise<void>
}

/** Parts of questions to the books; `$session` stands for the order's. */
export const EVENT = `from events where doorbell like '%' || $session || '%'`
export const EVENT_JOB = `from jobs where kind = 'event' and ref in (select id ${EVENT})`
export const OUR_DELIVERY = `from deliveries where kind = 'paid' and order_id = $session`
export const DELIVER_JOB = `from jobs where kind = 'deliver' and ref in (select id ${OUR_DELIVERY})`

export const inBook = ({ line, session }: Scene) =>
  line.book().some(({ messages }) => JSON.stringify(messages).includes(session))

export function isThrough({ holds }: Scene): boolean {
  return (
    holds(`select 1 ${OUR_DELIVERY} and state = 'accepted'`) &&
    !holds(`select 1 ${DELIVER_JOB}`) &&
    !holds(`select 1 ${EVENT_JOB}`)
  )
}
