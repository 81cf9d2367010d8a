import type { OrderStatus } from '../../shared/api.ts'
import type { SessionGlance } from '../ports.ts'
import { isPaid } from './order-status.ts'
import { maySellRole, type OwnershipRules, whoseOrigin } from './whose-order.ts'

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
 * cost no further question; but a subscription from nowhere we know may be one from a pricing table, and
 * is asked for once. `opened`: sessions from before that are ours only with a reference, since a
 * new house should not report the sales of the day before it was built; null when nobody knows.
 */
export function mayBeOurs(
  glance: SessionGlance,
  house: { rules: OwnershipRules; livemode: boolean; opened: string | null },
): boolean {
  if (glance.livemode !== house.livemode) return false
  const whose = whoseOrigin(glance, house.rules)
  if (!whose && !maySellRole(glance, house.rules)) return false
  const known = whose !== null && whose.userId !== null
  return house.opened === null || glance.createdAt >= house.opened || known
}
