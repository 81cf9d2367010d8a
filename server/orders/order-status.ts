import type { OrderStatus } from '../../shared/api.ts'
import type { CheckoutFacts } from '../ports.ts'

/** The money has arrived (or none was asked for); what happened to it afterwards is another matter. */
export const PAID_FAMILY: readonly OrderStatus[] = [
  'paid',
  'partially_refunded',
  'refunded',
  'disputed',
]

export function isPaid(status: OrderStatus | undefined): boolean {
  return status !== undefined && PAID_FAMILY.includes(status)
}

/**
 * What an order is, from what Stripe says now. Fulfilment goes by `payment_status`: "completed" alone
 * means that the buyer finished the page, and at the konbini the money comes days later or never.
 * null: the session is still open, so there is no order yet.
 */
export function orderStatus(facts: CheckoutFacts): OrderStatus | null {
  if (facts.session === 'open') return null
  if (facts.session === 'expired') return 'expired'
  if (facts.payment === 'unpaid') return facts.intent === 'failed' ? 'failed' : 'awaiting_payment'
  const refunded = refundedAmount(facts)
  if (facts.disputed) return 'disputed'
  if (refunded === 0) return 'paid'
  return refunded >= facts.amount ? 'refunded' : 'partially_refunded'
}

/** In minor units: all refunds that Stripe has not failed or cancelled. */
export function refundedAmount(facts: CheckoutFacts): number {
  return facts.refunds.reduce((sum, refund) => sum + refund.amount, 0)
}

/**
 * Whether an order may go from one state to the next. Money that has arrived never turns back into
 * money that is awaited, whatever a slow answer says; a payment that lapsed can still be paid.
 */
export function mayBecome(before: OrderStatus | undefined, after: OrderStatus): boolean {
  if (isPaid(before)) return isPaid(after)
  return !(before === 'failed' && after === 'awaiting_payment')
}
