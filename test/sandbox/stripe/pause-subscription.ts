import type Stripe from 'stripe'
import { changeSubscription } from './change-subscription.ts'
import { emit } from './emit-event.ts'
import { featuresOf } from './entitle.ts'
import { periodOf } from './periods.ts'
import { beginPeriod, billPeriod, pauseAs } from './renew-subscription.ts'
import { idOf, must, type State, seconds } from './state.ts'

/** A subscription that cannot be paused, or is not. */
export class PauseRefused extends Error {
  override name = 'PauseRefused'
}

/**
 * The member's own pause: the time not used is credited, and nothing is billed until it is resumed.
 * `resumeAt` (Unix seconds): ends by itself then. Throws PauseRefused unless the status is active.
 */
export function pauseSubscription(
  state: State,
  subscription: Stripe.Subscription,
  options: { resumeAt?: number | null; credit?: boolean } = {},
): void {
  if (subscription.status !== 'active') {
    throw new PauseRefused(
      `This subscription cannot be paused because its status is \`${subscription.status}\`.`,
    )
  }
  state.subscriptionNotes.get(subscription.id)!.resumeAt = options.resumeAt ?? null
  if (options.credit ?? true) creditUnusedTime(state, subscription)
  pauseAs(state, subscription, 'pause_requested')
}

function creditUnusedTime(state: State, subscription: Stripe.Subscription): void {
  const customer = must(state.customers, idOf(subscription.customer))
  const { start, end } = periodOf(subscription)
  const left = Math.max(0, end - seconds(state)) / (end - start)
  for (const { price, quantity } of subscription.items.data) {
    customer.balance -= Math.round((price.unit_amount ?? 0) * (quantity ?? 1) * left)
  }
}

/**
 * It goes on: by Stripe's default with a new period from now on, billed at once; with `unchanged` in
 * the period that runs. Throws PauseRefused when it is not paused.
 */
export function resumeSubscription(
  state: State,
  subscription: Stripe.Subscription,
  anchor: 'now' | 'unchanged' = 'now',
): void {
  if (subscription.status !== 'paused') {
    throw new PauseRefused(
      `This subscription cannot be resumed because its status is \`${subscription.status}\`.`,
    )
  }
  const notes = state.subscriptionNotes.get(subscription.id)!
  notes.resumeAt = null
  notes.features = featuresOf(state, subscription)
  const stillRuns = anchor === 'unchanged' && periodOf(subscription).end > seconds(state)
  changeSubscription(state, subscription, (one) => {
    one.status = 'active'
    delete one.status_details
    if (stillRuns) return
    if (anchor === 'now') one.billing_cycle_anchor = seconds(state)
    beginPeriod(one, seconds(state))
  })
  emit(state, 'customer.subscription.resumed', subscription)
  if (!stillRuns) billPeriod(state, subscription, 'subscription_update')
}
