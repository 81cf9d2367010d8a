import type Stripe from 'stripe'
import { ApiError, noSuch } from './api-errors.ts'
import { saidIn } from './api-subscriptions.ts'
import { changePrice, type ItemChange } from './change-price.ts'
import { changeSubscription } from './change-subscription.ts'
import { endTrialNow, moveTrialEnd } from './end-trial.ts'
import {
  flagIn,
  merged,
  partsOf,
  required,
  rowsIn,
  type Shape,
  wholeIn,
  wordIn,
} from './form-body.ts'
import { type Form, textOf } from './parse-form.ts'
import { periodOf } from './periods.ts'
import { type State, seconds } from './state.ts'

/** The parameters that this sandbox understands. */
export const UPDATE: Shape = {
  cancel_at: true,
  cancel_at_period_end: true,
  cancellation_details: { comment: true, feedback: true, feedback_option: true },
  description: true,
  items: [{ id: true, price: true, quantity: true }],
  metadata: 'any',
  pause_collection: { behavior: true, resumes_at: true },
  payment_behavior: true,
  proration_behavior: true,
  trial_end: true,
}
const BEHAVIOURS = ['keep_as_draft', 'mark_uncollectible', 'void'] as const
const PRORATIONS = ['always_invoice', 'create_prorations', 'none'] as const

/** What `POST /v1/subscriptions/:id` says is done, all of it or nothing. Throws ApiError 400 and 404. */
export function updateSubscription(state: State, one: Stripe.Subscription, form: Form): void {
  const items = rowsIn(form, 'items').map((row, at) => itemChange(state, one, row, at))
  const cancel = cancelWish(state, one, form)
  const pause = pauseWish(form)
  const proration = wordIn(form, 'proration_behavior', PRORATIONS) ?? 'create_prorations'
  changeSubscription(state, one, (changed) => {
    if (form['metadata'] !== undefined) changed.metadata = merged(changed.metadata, form)
    if (form['description'] !== undefined) changed.description = textOf(form['description']) || null
    if (pause !== undefined) changed.pause_collection = pause
    Object.assign(changed, cancel)
    const reason = cancel.cancel_at ? { reason: 'cancellation_requested' } : {}
    Object.assign(changed.cancellation_details!, reason, saidIn(form))
  })
  for (const item of items) changePrice(state, one, item, proration)
  if (form['trial_end'] === undefined) return
  if (textOf(form['trial_end']) === 'now') endTrialNow(state, one)
  else moveTrialEnd(state, one, wholeIn(form, 'trial_end')!)
}

type Cancel = Partial<
  Pick<Stripe.Subscription, 'cancel_at' | 'cancel_at_period_end' | 'canceled_at'>
>

/** `cancel_at_period_end` writes `cancel_at` too; `cancel_at` by itself leaves the flag down. */
function cancelWish(state: State, one: Stripe.Subscription, form: Form): Cancel {
  const stay = { cancel_at: null, cancel_at_period_end: false, canceled_at: null }
  if (form['cancel_at_period_end'] !== undefined) {
    if (!flagIn(form, 'cancel_at_period_end', false)) return stay
    return { cancel_at: periodOf(one).end, cancel_at_period_end: true, canceled_at: seconds(state) }
  }
  const wanted = textOf(form['cancel_at'])
  if (wanted === undefined) return {}
  if (wanted === '') return stay
  const isPeriodEnd = wanted === 'min_period_end' || wanted === 'max_period_end'
  const at = isPeriodEnd ? periodOf(one).end : wholeIn(form, 'cancel_at')!
  if (at <= seconds(state)) {
    throw new ApiError(400, '`cancel_at` must be a timestamp in the future.', {
      param: 'cancel_at',
    })
  }
  return { cancel_at: at, cancel_at_period_end: false, canceled_at: seconds(state) }
}

function pauseWish(form: Form): Stripe.Subscription.PauseCollection | null | undefined {
  if (form['pause_collection'] === undefined) return undefined
  if (form['pause_collection'] === '') return null
  const parts = partsOf(form, 'pause_collection')
  required(parts, 'behavior', 'pause_collection[behavior]')
  return {
    behavior: wordIn(parts, 'behavior', BEHAVIOURS, 'pause_collection[behavior]')!,
    resumes_at: wholeIn(parts, 'resumes_at', 'pause_collection[resumes_at]') ?? null,
  }
}

function itemChange(state: State, one: Stripe.Subscription, row: Form, at: number): ItemChange {
  const id = required(row, 'id', `items[${at}][id]`)
  const item = one.items.data.find((known) => known.id === id)
  if (!item) throw noSuch('subscription_item', id, `items[${at}][id]`)
  const wanted = textOf(row['price'])
  const price = wanted === undefined ? item.price : state.prices.get(wanted)
  if (!price) throw noSuch('price', wanted!, `items[${at}][price]`)
  if (!price.active || !price.recurring) {
    const words = price.active ? 'is set to be a one-time price' : 'is inactive'
    throw new ApiError(400, `The price \`${price.id}\` ${words}.`, { param: `items[${at}][price]` })
  }
  return { item: id, price, quantity: wholeIn(row, 'quantity') ?? item.quantity ?? 1 }
}
