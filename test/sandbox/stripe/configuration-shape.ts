import type { Shape } from './form-body.ts'

const FEATURES: Shape = {
  customer_update: { allowed_updates: [true], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: true },
  subscription_cancel: {
    cancellation_reason: { enabled: true, feedback_options: [true], options: [true] },
    enabled: true,
    mode: true,
    proration_behavior: true,
  },
  subscription_pause: {
    duration: { interval_options: [{ interval: true, interval_count: true }], type: true },
    enabled: true,
  },
  subscription_update: {
    billing_cycle_anchor: true,
    default_allowed_updates: [true],
    enabled: true,
    products: [
      {
        adjustable_quantity: { enabled: true, maximum: true, minimum: true },
        prices: [true],
        product: true,
      },
    ],
    proration_behavior: true,
    schedule_at_period_end: { conditions: [{ type: true }] },
    trial_update_behavior: true,
  },
}

/** What `POST /v1/billing_portal/configurations` takes. */
export const CONFIGURATION_SHAPE: Shape = {
  business_profile: { headline: true, privacy_policy_url: true, terms_of_service_url: true },
  default_return_url: true,
  features: FEATURES,
  login_page: { enabled: true },
  metadata: 'any',
  name: true,
}

/** The same for an update, which may also switch it off. */
export const CONFIGURATION_UPDATE_SHAPE: Shape = { ...CONFIGURATION_SHAPE, active: true }
