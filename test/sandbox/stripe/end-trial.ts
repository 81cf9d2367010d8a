import type Stripe from 'stripe'
import { changeSubscription } from './change-subscription.ts'
import { beginPeriod, billPeriod } from './renew-subscription.ts'
import { type State, seconds } from './state.ts'

/** The trial is over at once: the first paid period begins and is billed. */
export function endTrialNow(state: State, subscription: Stripe.Subscription): void {
  const now = seconds(state)
  changeSubscription(state, subscription, (one) => {
    one.trial_end = now
    one.billing_cycle_anchor = now
    one.status = 'active'
    beginPeriod(one, now)
  })
  billPeriod(state, subscription, 'subscription_update')
}

/** The trial ends at another time (Unix seconds), or begins one that lasts until then. */
export function moveTrialEnd(state: State, subscription: Stripe.Subscription, end: number): void {
  state.subscriptionNotes.get(subscription.id)!.trialWarned = false
  changeSubscription(state, subscription, (one) => {
    one.trial_start ??= seconds(state)
    one.trial_end = end
    one.billing_cycle_anchor = end
    one.status = 'trialing'
    for (const item of one.items.data) item.current_period_end = end
  })
}
