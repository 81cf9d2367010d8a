import type Stripe from 'stripe'
import { endOfPeriod } from './end-of-period.ts'

/**
 * The first end of a period after `start`, counted from the anchor, so that a subscription of the
 * 31st comes back to the 31st after February. Unix seconds.
 */
export function nextPeriodEnd(
  anchor: number,
  start: number,
  recurring: Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>,
): number {
  for (let periods = 1; ; periods++) {
    const interval_count = recurring.interval_count * periods
    const end = endOfPeriod(anchor, { interval: recurring.interval, interval_count })
    if (end > start) return end
  }
}

/** Where the running period ends: all items of a subscription end together here. */
export function periodOf(subscription: Stripe.Subscription): { start: number; end: number } {
  const item = subscription.items.data[0]!
  return { start: item.current_period_start, end: item.current_period_end }
}

/** Not ended, and not waiting for a first payment. */
export function isLiving(subscription: Stripe.Subscription): boolean {
  return subscription.status !== 'canceled' && subscription.status !== 'incomplete_expired'
}
