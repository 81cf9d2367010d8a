import type { Shape } from './form-body.ts'

const PRODUCT: Shape = { description: true, images: [true], metadata: 'any', name: true }
const PRICE: Shape = {
  currency: true,
  product: true,
  product_data: PRODUCT,
  recurring: { interval: true, interval_count: true },
  tax_behavior: true,
  unit_amount: true,
}

/**
 * What `POST /v1/checkout/sessions` takes here. `payment_method_types` is not among them: endive took
 * it away, and Stripe refuses it like any unknown parameter.
 */
export const SESSION_SHAPE: Shape = {
  adaptive_pricing: { enabled: true },
  allow_promotion_codes: true,
  allowed_payment_method_types: [true],
  automatic_tax: { enabled: true, liability: 'any' },
  billing_address_collection: true,
  cancel_url: true,
  client_reference_id: true,
  consent_collection: {
    payment_method_reuse_agreement: { position: true },
    promotions: true,
    terms_of_service: true,
  },
  currency: true,
  custom_fields: 'any',
  custom_text: {
    after_submit: { message: true },
    shipping_address: { message: true },
    submit: { message: true },
    terms_of_service_acceptance: { message: true },
  },
  customer: true,
  customer_creation: true,
  customer_email: true,
  customer_update: { address: true, name: true, shipping: true },
  excluded_payment_method_types: [true],
  expires_at: true,
  invoice_creation: 'any',
  line_items: [
    {
      adjustable_quantity: { enabled: true, maximum: true, minimum: true },
      price: true,
      price_data: PRICE,
      quantity: true,
    },
  ],
  locale: true,
  metadata: 'any',
  mode: true,
  optional_items: [
    {
      adjustable_quantity: { enabled: true, maximum: true, minimum: true },
      price: true,
      quantity: true,
    },
  ],
  origin_context: true,
  payment_intent_data: 'any',
  payment_method_collection: true,
  payment_method_options: 'any',
  phone_number_collection: { enabled: true },
  saved_payment_method_options: {
    allow_redisplay_filters: [true],
    payment_method_remove: true,
    payment_method_save: true,
  },
  shipping_address_collection: { allowed_countries: [true] },
  shipping_options: 'any',
  submit_type: true,
  subscription_data: {
    billing_mode: 'any',
    description: true,
    invoice_settings: 'any',
    metadata: 'any',
    proration_behavior: true,
    trial_period_days: true,
    trial_settings: { end_behavior: { missing_payment_method: true } },
  },
  success_url: true,
  tax_id_collection: { enabled: true, required: true },
  ui_mode: true,
}
