import type Stripe from 'stripe'
import { canDo, type PlanTask } from './act-in-portal.ts'
import type { Html } from './html.ts'
import type { FlowType } from './portal-flow.ts'
import {
  cancelTask,
  cardTask,
  confirmTask,
  customerTask,
  offeredPrices,
  pauseTask,
  planTask,
  resumeTask,
} from './portal-tasks.ts'
import { livingPlans, type PortalView } from './portal-view.ts'
import { must } from './state.ts'

const TASK_OF: Partial<Record<FlowType, PlanTask>> = {
  subscription_cancel: 'cancel',
  subscription_pause: 'pause',
  subscription_update: 'plan',
  subscription_update_confirm: 'plan',
}

/** The page of a task about one plan; null where it has none. */
export function planPage(
  view: PortalView,
  task: PlanTask,
  one: Stripe.Subscription,
  priceId?: string,
): Html | null {
  if (task === 'cancel') return cancelTask(view, one)
  if (task === 'pause') return pauseTask(view, one)
  if (task === 'resume') return resumeTask(view, one)
  if (task === 'keep') return null
  const price = offeredPrices(view).find(({ id }) => id === priceId)
  if (!price) return planTask(view, one)
  return confirmTask(view, one, { price, quantity: one.items.data[0]!.quantity ?? 1 })
}

/** The task that a visit was opened for; null when there is none, or it is done already. */
export function flowPage(
  view: PortalView,
  sampleCard: { number: string; expiry: string; cvc: string },
): Html | null {
  const { flow } = view.portal
  if (!flow) return null
  if (flow.type === 'payment_method_update') return cardTask(view, sampleCard, null)
  if (flow.type === 'customer_update') return customerTask(view)
  const task = TASK_OF[flow.type as FlowType]
  const subject =
    flow.subscription_cancel ??
    flow.subscription_pause ??
    flow.subscription_update ??
    flow.subscription_update_confirm
  const one = livingPlans(view).find(({ id }) => id === subject?.subscription)
  if (!task || !one || !canDo(task, one)) return null
  const item = flow.subscription_update_confirm?.items[0]
  if (!item?.price) return planPage(view, task, one)
  if (one.items.data[0]!.price.id === item.price) return null
  const price = must(view.state.prices, item.price)
  return confirmTask(view, one, { price, quantity: item.quantity ?? 1 })
}

/** Where a visitor is led when a task is done. */
export function onward(portal: Stripe.BillingPortal.Session): string {
  const home = `/portal/${portal.id}?home`
  if (!portal.flow) return home
  const { type, redirect } = portal.flow.after_completion
  if (type === 'hosted_confirmation') return `/portal/${portal.id}/done`
  return redirect?.return_url ?? home
}
