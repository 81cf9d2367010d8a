import type Stripe from 'stripe'
import { ApiError, noSuch } from './api-errors.ts'
import { partsOf, required, rowsIn, type Shape, wholeIn, wordIn } from './form-body.ts'
import { type Form, textOf } from './parse-form.ts'
import { isLiving } from './periods.ts'
import { idOf, type State } from './state.ts'

type Flow = Stripe.BillingPortal.Session.Flow
type Features = Stripe.BillingPortal.Configuration.Features

export const FLOW_SHAPE: Shape = {
  after_completion: {
    hosted_confirmation: { custom_message: true },
    redirect: { return_url: true },
    type: true,
  },
  subscription_cancel: {
    retention: { coupon_offer: { coupon: true }, type: true },
    subscription: true,
  },
  subscription_pause: { subscription: true },
  subscription_update: { subscription: true },
  subscription_update_confirm: {
    discounts: 'any',
    items: [{ id: true, price: true, quantity: true }],
    subscription: true,
  },
  type: true,
}

const TYPES = [
  'customer_update',
  'payment_method_update',
  'subscription_cancel',
  'subscription_pause',
  'subscription_update',
  'subscription_update_confirm',
] as const
export type FlowType = (typeof TYPES)[number]

/** Which feature of the configuration a task needs. */
const NEEDS: Record<FlowType, keyof Features> = {
  customer_update: 'customer_update',
  payment_method_update: 'payment_method_update',
  subscription_cancel: 'subscription_cancel',
  subscription_pause: 'subscription_pause',
  subscription_update: 'subscription_update',
  subscription_update_confirm: 'subscription_update',
}

/** The one task that a portal visit is for. Throws ApiError 400 when the configuration does not offer it. */
export function flowFrom(
  state: State,
  form: Form,
  configuration: Stripe.BillingPortal.Configuration,
  customer: Stripe.Customer,
): Flow {
  const data = partsOf(form, 'flow_data')
  required(data, 'type', 'flow_data[type]')
  const type = wordIn(data, 'type', TYPES, 'flow_data[type]')!
  if (!configuration.features[NEEDS[type]].enabled) {
    throw new ApiError(
      400,
      `This flow is disabled in the portal configuration: \`features[${NEEDS[type]}]\` is not enabled.`,
      { param: 'flow_data[type]' },
    )
  }
  const isTask = type.startsWith('subscription_')
  const task = partsOf(data, type)
  const subscription = isTask ? subscriptionIn(state, task, type, customer) : null
  const only = <T>(name: FlowType, make: (id: string) => T): T | null =>
    type === name && subscription ? make(subscription.id) : null
  return {
    after_completion: afterwards(partsOf(data, 'after_completion')),
    customer_update: type === 'customer_update' ? {} : null,
    subscription_cancel: only('subscription_cancel', (id) => ({
      retention: null,
      subscription: id,
    })),
    subscription_pause: only('subscription_pause', (id) => ({ subscription: id })),
    subscription_update: only('subscription_update', (id) => ({ subscription: id })),
    subscription_update_confirm: only('subscription_update_confirm', (id) => ({
      discounts: null,
      items: [confirmedItem(state, task, subscription!, configuration)],
      subscription: id,
    })),
    type,
  }
}

function afterwards(form: Form): Flow['after_completion'] {
  const type =
    wordIn(form, 'type', ['hosted_confirmation', 'portal_homepage', 'redirect']) ??
    'portal_homepage'
  const redirect = partsOf(form, 'redirect')
  const param = 'flow_data[after_completion][redirect][return_url]'
  return {
    hosted_confirmation:
      type === 'hosted_confirmation'
        ? { custom_message: textOf(partsOf(form, 'hosted_confirmation')['custom_message']) ?? null }
        : null,
    redirect: type === 'redirect' ? { return_url: required(redirect, 'return_url', param) } : null,
    type,
  }
}

function subscriptionIn(state: State, task: Form, type: FlowType, customer: Stripe.Customer) {
  const param = `flow_data[${type}][subscription]`
  const id = required(task, 'subscription', param)
  const one = state.subscriptions.get(id)
  if (!one || idOf(one.customer) !== customer.id) throw noSuch('subscription', id, param)
  const refuse = (words: string) => new ApiError(400, words, { param })
  if (!isLiving(one)) throw refuse(`The subscription ${id} is canceled.`)
  if (type === 'subscription_cancel' && one.cancel_at !== null) {
    throw refuse(`The subscription ${id} is already set to be canceled.`)
  }
  if (type === 'subscription_pause' && one.status !== 'active') {
    throw refuse(`The subscription ${id} cannot be paused because it is ${one.status}.`)
  }
  return one
}

/** Exactly one item, and a price that the configuration offers. */
function confirmedItem(
  state: State,
  task: Form,
  one: Stripe.Subscription,
  { features }: Stripe.BillingPortal.Configuration,
): NonNullable<Flow['subscription_update_confirm']>['items'][number] {
  const param = 'flow_data[subscription_update_confirm][items]'
  const rows = rowsIn(task, 'items')
  const [row] = rows
  if (!row || rows.length > 1) {
    throw new ApiError(400, 'You must provide exactly one item.', { param })
  }
  const id = required(row, 'id', `${param}[0][id]`)
  const item = one.items.data.find((known) => known.id === id)
  if (!item) throw noSuch('subscription item', id, `${param}[0][id]`)
  const price = textOf(row['price']) ?? item.price.id
  const offered = features.subscription_update.products?.flatMap(({ prices }) => prices) ?? []
  if (!state.prices.get(price)) throw noSuch('price', price, `${param}[0][price]`)
  if (!offered.includes(price)) {
    throw new ApiError(400, `The price ${price} is not in the portal configuration.`, { param })
  }
  return { id, price, quantity: wholeIn(row, 'quantity') ?? item.quantity ?? 1 }
}
