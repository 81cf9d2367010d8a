import type Stripe from 'stripe'
import type { LineSandbox, StripeSandbox } from '../types.ts'
import type { DemoMember, DemoServer } from './state.ts'

const DAY_MS = 86_400_000
const LIVING = ['active', 'trialing', 'past_due', 'unpaid', 'paused']

export type Subscriber = { customers: string[]; subscription: Stripe.Subscription | null }

/** By what ids references name whoever holds the phone. */
export function idsOfHolder(demo: { line: LineSandbox; discord?: DemoServer }): string[] {
  const { holder } = demo.line
  if (holder === null) return []
  const user = demo.discord?.users.get(holder)
  return user ? [holder, `D${user.id}`] : [holder]
}

/**
 * What somebody subscribes to at Stripe, found as the shop finds it: by the reference that their payments
 * carried, which begins with their id: `U…` on LINE, `D…` on Discord. Of several, the newest that is still alive.
 */
export function subscriberOf(stripe: StripeSandbox, ids: string[]): Subscriber {
  const paid = stripe
    .sessions()
    .filter(
      (each) => each.subscription && ids.some((id) => each.client_reference_id?.startsWith(id)),
    )
  const customers = [...new Set(paid.map(({ customer }) => String(customer)))]
  const subscription =
    customers
      .flatMap((customer) => stripe.subscriptionsOf(customer))
      .find(({ status }) => LIVING.includes(status)) ?? null
  return { customers, subscription }
}

/** As the buttons of the time machine want it; null for who subscribes to nothing. */
export function memberOf(stripe: StripeSandbox, ids: string[]): DemoMember | null {
  const { subscription } = subscriberOf(stripe, ids)
  if (!subscription) return null
  return {
    time: stripe.timeOf(String(subscription.customer)).toISOString(),
    moved: subscription.test_clock !== null,
    status: subscription.status,
    daysLeft: daysToPayment(stripe, subscription),
    leaving: subscription.cancel_at !== null || subscription.cancel_at_period_end,
  }
}

/** Whole days until Stripe asks for money again, and at least one. */
export function daysToPayment(stripe: StripeSandbox, subscription: Stripe.Subscription): number {
  const ends = subscription.items.data.map((item) => item.current_period_end * 1000)
  const now = stripe.timeOf(String(subscription.customer)).getTime()
  return Math.max(1, Math.ceil((Math.max(...ends) - now) / DAY_MS))
}
