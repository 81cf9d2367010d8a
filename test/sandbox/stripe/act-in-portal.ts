import type Stripe from 'stripe'
import { changePrice } from './change-price.ts'
import { cancelLater, endSubscription, keepSubscription } from './change-subscription.ts'
import { endOfPeriod } from './end-of-period.ts'
import { endTrialNow } from './end-trial.ts'
import { expiryIn, replaceMethod } from './keep-cards.ts'
import { changeCustomer } from './keep-customers.ts'
import { type Form, textOf } from './parse-form.ts'
import { pauseSubscription, resumeSubscription } from './pause-subscription.ts'
import { payWhatIsOpen } from './pay-what-is-open.ts'
import { offeredPrices } from './portal-tasks.ts'
import type { PortalView } from './portal-view.ts'
import { seconds } from './state.ts'

type Features = Stripe.BillingPortal.Configuration.Features
export type PlanTask = 'cancel' | 'keep' | 'pause' | 'resume' | 'plan'

/** Which feature must be on for a task. */
export const TASK_NEEDS: Record<PlanTask | 'card' | 'customer', keyof Features> = {
  card: 'payment_method_update',
  customer: 'customer_update',
  cancel: 'subscription_cancel',
  keep: 'subscription_cancel',
  pause: 'subscription_pause',
  resume: 'subscription_pause',
  plan: 'subscription_update',
}

/** Whether this can be done with the subscription as it stands. */
export function canDo(task: PlanTask, one: Stripe.Subscription): boolean {
  const runs = one.status === 'active' || one.status === 'trialing'
  if (task === 'cancel') return one.cancel_at === null
  if (task === 'keep') return one.cancel_at !== null
  if (task === 'pause') return one.status === 'active' && one.cancel_at === null
  if (task === 'resume') return one.status === 'paused'
  return runs && one.cancel_at === null
}

/** What the button of a task does. */
export function actOnPlan(view: PortalView, task: PlanTask, one: Stripe.Subscription, form: Form) {
  const { state } = view
  if (task === 'cancel') return cancel(view, one, form)
  if (task === 'keep') return keepSubscription(state, one)
  if (task === 'resume') return resumeSubscription(state, one)
  if (task === 'pause') {
    return pauseSubscription(state, one, { resumeAt: resumeAt(view, textOf(form['span']) ?? '') })
  }
  return takePlan(view, one, form)
}

/** Another of the plans on offer; a trial ends with it, unless the configuration lets it go on. */
function takePlan(view: PortalView, one: Stripe.Subscription, form: Form): void {
  const { state, features } = view
  const price = offeredPrices(view).find(({ id }) => id === textOf(form['price']))
  if (!price) return
  const item = one.items.data[0]!
  const quantity = Number(textOf(form['quantity']) ?? item.quantity ?? 1)
  const { proration_behavior: how, trial_update_behavior: trial } = features.subscription_update
  const endsTrial = one.status === 'trialing' && trial === 'end_trial'
  const proration = how === 'none' ? 'none' : 'always_invoice'
  changePrice(state, one, { item: item.id, price, quantity }, proration)
  if (endsTrial) endTrialNow(state, one)
}

function cancel({ state, features }: PortalView, one: Stripe.Subscription, form: Form): void {
  const { mode, cancellation_reason: reason } = features.subscription_cancel
  const feedback = reason.options.find((option) => option === textOf(form['feedback'])) ?? null
  const said = reason.enabled ? { feedback, comment: textOf(form['comment']) || null } : {}
  if (mode === 'immediately') endSubscription(state, one, said)
  // The newer portal writes the date alone, not the flag.
  else cancelLater(state, one, 'cancel_at', said)
}

/** "3 month" of the configuration's choices; null where the pause has no end. */
function resumeAt({ state, features }: PortalView, span: string): number | null {
  const { type, interval_options: options } = features.subscription_pause.duration
  if (type === 'indefinite') return null
  const chosen =
    options.find(({ interval, interval_count }) => `${interval_count} ${interval}` === span) ??
    options[0]!
  return endOfPeriod(seconds(state), chosen)
}

/** A card that works: it takes the place of the old one everywhere, and pays what is open. */
export function giveCard({ state, customer }: PortalView, number: string, expiry: string): void {
  state.refusedCards.delete(customer.id)
  const last4 = number.replace(/\D/g, '').slice(-4)
  replaceMethod(state, customer, { last4, ...expiryIn(expiry) })
  payWhatIsOpen(state, customer.id)
}

/** What the member typed about themselves, as far as the configuration lets them. */
export function changeDetails({ state, customer, features }: PortalView, form: Form): void {
  const allowed = features.customer_update.allowed_updates
  const told = (['email', 'name'] as const).flatMap((key) => {
    const text = textOf(form[key])?.trim()
    return text && allowed.includes(key) ? [[key, text]] : []
  })
  changeCustomer(state, customer, Object.fromEntries(told))
}
