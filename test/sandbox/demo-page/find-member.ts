import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import type { DemoMember } from './state.ts'

const DAY_MS = 86_400_000
const LIVING = ['active', 'trialing', 'past_due', 'unpaid', 'paused']

export type Subscriber = { customers: string[]; subscription: Stripe.Subscription | null }

/**
 * What somebody subscribes to at Stripe, found as the shop finds it: by the reference that their payments
 * carried, which begins with their LINE id. Of several, the newest that is still alive.
 */
export function subscriberOf(stripe: StripeSandbox, userId: string | null): Subscriber {
  const paid = stripe
    .sessions()
    .filter(
      (each) =>
        userId !== null && each.subscription && each.client_reference_id?.startsWith(userId),
    )
  const customers = [...new Set(paid.map(({ customer }) => String(customer)))]
  const subscription =
    customers
      .flatMap((customer) => stripe.subscriptionsOf(customer))
      .find(({ status }) => LIVING.includes(status)) ?? null
  return { customers, subscription }
}

/** As the buttons of the time machine want it; null for who subscribes to nothing. */
export function memberOf(stripe: StripeSandbox, userId: string | null): DemoMember | null {
  const { subscription } = subscriberOf(stripe, userId)
  if (!subscription) return null
  return {
    time: stripe.timeOf(String(subscription.customer)).toISOString(),
    moved: subscription.test_clock !== null,
    status: subscription.status,
    leaving: subscription.cancel_at !== null || subscription.cancel_at_period_end,
  }
}

/** Whole days until Stripe asks for money again, and at least one. */
export function daysToPayment(stripe: StripeSandbox, subscription: Stripe.Subscription): number {
  const ends = subscription.items.data.map((item) => item.current_period_end * 1000)
  const now = stripe.timeOf(String(subscription.customer)).getTime()
  return Math.max(1, Math.ceil((Math.max(...ends) - now) / DAY_MS))
}
