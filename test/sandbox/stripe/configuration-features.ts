import type Stripe from 'stripe'
import { ApiError } from './api-errors.ts'
import { updateFeature } from './configuration-plans.ts'
import { flagIn, partsOf, rowsIn, wholeIn, wordIn } from './form-body.ts'
import { type Form, textsOf } from './parse-form.ts'
import type { State } from './state.ts'

export type Features = Stripe.BillingPortal.Configuration.Features
const MODES = ['at_period_end', 'immediately'] as const
const PRORATIONS = ['none', 'create_prorations', 'always_invoice'] as const
const INTERVALS = ['day', 'week', 'month', 'year'] as const

/** A feature that is not told of stays as it was; at first all are off. */
export const ALL_OFF: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: {
    duration: {
      interval_options: [{ interval: 'month', interval_count: 1 }],
      type: 'interval_options',
    },
    enabled: false,
  },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
}

/** The features as the form wants them, over those that there were. Throws ApiError 400. */
export function featuresFrom(state: State, form: Form, before: Features): Features {
  const features = partsOf(form, 'features')
  const told = <K extends keyof Features>(
    name: K,
    read: (part: Form, was: Features[K]) => Features[K],
  ) => (features[name] === undefined ? before[name] : read(partsOf(features, name), before[name]))
  return {
    customer_update: told('customer_update', customerUpdate),
    invoice_history: told('invoice_history', (part) => ({
      enabled: enabledIn(part, 'invoice_history'),
    })),
    payment_method_update: told('payment_method_update', (part, was) => ({
      ...was,
      enabled: enabledIn(part, 'payment_method_update'),
    })),
    subscription_cancel: told('subscription_cancel', cancel),
    subscription_pause: told('subscription_pause', pause),
    subscription_update: told('subscription_update', (part, was) =>
      updateFeature(state, part, was),
    ),
  }
}

/** Every feature but the pause must say whether it is on. */
export function enabledIn(part: Form, feature: string): boolean {
  const param = `features[${feature}][enabled]`
  if (part['enabled'] !== undefined) return flagIn(part, 'enabled', false, param)
  throw new ApiError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function customerUpdate(part: Form, was: Features['customer_update']): Features['customer_update'] {
  const enabled = enabledIn(part, 'customer_update')
  const told = part['allowed_updates']
  const allowed_updates = told === undefined ? was.allowed_updates : textsOf(told).filter(Boolean)
  if (enabled && allowed_updates.length === 0) throw needs('customer_update', 'allowed_updates')
  return { enabled, allowed_updates }
}

function cancel(part: Form, was: Features['subscription_cancel']): Features['subscription_cancel'] {
  const reason = partsOf(part, 'cancellation_reason')
  const asks =
    reason['enabled'] === undefined
      ? was.cancellation_reason.enabled
      : flagIn(reason, 'enabled', false)
  const options =
    reason['options'] === undefined
      ? was.cancellation_reason.options
      : textsOf(reason['options']).filter(Boolean)
  if (asks && options.length === 0)
    throw needs('subscription_cancel', 'cancellation_reason][options')
  return {
    cancellation_reason: { enabled: asks, feedback_options: null, options },
    enabled: enabledIn(part, 'subscription_cancel'),
    mode: wordIn(part, 'mode', MODES, 'features[subscription_cancel][mode]') ?? was.mode,
    proration_behavior: wordIn(part, 'proration_behavior', PRORATIONS) ?? was.proration_behavior,
  }
}

function pause(part: Form, was: Features['subscription_pause']): Features['subscription_pause'] {
  const enabled = flagIn(part, 'enabled', was.enabled)
  if (part['duration'] === undefined) return { enabled, duration: was.duration }
  const duration = partsOf(part, 'duration')
  const type = wordIn(duration, 'type', ['indefinite', 'interval_options'])
  if (type === undefined) throw needs('subscription_pause', 'duration][type')
  const interval_options = rowsIn(duration, 'interval_options').map((row) => ({
    interval: wordIn(row, 'interval', INTERVALS) ?? 'month',
    interval_count: wholeIn(row, 'interval_count') ?? 1,
  }))
  if (type === 'interval_options' && interval_options.length === 0) {
    throw needs('subscription_pause', 'duration][interval_options')
  }
  return { enabled, duration: { interval_options, type } }
}

export function needs(feature: string, field: string): ApiError {
  const param = `features[${feature}][${field}]`
  return new ApiError(400, `You must provide \`${param}\` when this feature is enabled.`, { param })
}
