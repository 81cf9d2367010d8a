import type { OrderStatus } from '../../shared/api.ts'
import type { SessionGlance } from '../ports.ts'
import { isPaid } from './order-status.ts'
import { type OwnershipRules, whoseOrder } from './whose-order.ts'

/** What a list of sessions says of one. */
export type Said = 'paid' | 'unpaid' | 'expired'

/** null: still open, so there is nothing to know yet. */
export function saidOf({ session, payment }: SessionGlance): Said | null {
  if (session === 'open') return null
  if (session === 'expired') return 'expired'
  return payment === 'unpaid' ? 'unpaid' : 'paid'
}

/**
 * Whether the order says it already. Refunds and lapsed payments are not in the list: events tell of
 * the first, and orders that wait too long are asked for by themselves.
 */
export function isHeld(said: Said, status: OrderStatus | undefined): boolean {
  if (isPaid(status)) return true
  if (said === 'expired') return status === 'expired'
  return said === 'unpaid' && (status === 'awaiting_payment' || status === 'failed')
}

/**
 * Whether a session may be an order of ours, from the list alone, so that other products on the account
 * cost no further question. `opened`: sessions from before that are ours only with a reference, since a
 * new house should not report the sales of the day before it was built; null when nobody knows.
 */
export function mayBeOurs(
  glance: SessionGlance,
  house: { rules: OwnershipRules; livemode: boolean; opened: string | null },
): boolean {
  if (glance.livemode !== house.livemode) return false
  const whose = whoseOrder(glance, house.rules)
  if (!whose) return false
  return house.opened === null || glance.createdAt >= house.opened || whose.userId !== null
}
