import type Stripe from 'stripe'
import { totalsOf } from './price-cart.ts'
import { type State, seconds } from './state.ts'

/** Checkout closes an unused session after 24 hours. */
const OPEN_FOR = 24 * 60 * 60

export type SessionPlan = {
  link: Stripe.PaymentLink | null
  items: readonly Stripe.LineItem[]
  mode: 'payment' | 'subscription'
  currency: string
  livemode: boolean
  reference: string | null
  email: string | null
  locale: string | null
  coupon: string | null
  successUrl: string
  optional?: Stripe.Checkout.Session.OptionalItem[] | null
  /** Instead of the link's own */
  shipping?: Stripe.Checkout.Session.ShippingOption[]
}

/** A session as Stripe shows it while it is open: nothing of the buyer yet, no payment. */
export function buildSession(state: State, plan: SessionPlan): Stripe.Checkout.Session {
  const id = `${state.ids.id(plan.livemode ? 'cs_live_a1' : 'cs_test_a1', 58)}`
  const options = plan.shipping ?? plan.link?.shipping_options ?? []
  const option = options[0] ?? null
  const totals = totalsOf(plan.items, option?.shipping_amount ?? 0)
  const created = seconds(state)
  return {
    ...PLAIN,
    id,
    object: 'checkout.session',
    amount_subtotal: totals.subtotal,
    amount_total: totals.total,
    automatic_tax: {
      enabled: totals.tax > 0,
      liability: null,
      provider: null,
      status: totals.tax > 0 ? 'complete' : null,
    },
    client_reference_id: plan.reference,
    created,
    currency: plan.currency,
    customer_creation: plan.mode === 'subscription' ? 'always' : 'if_required',
    customer_details: plan.email ? { ...NOBODY, email: plan.email } : null,
    discounts: plan.coupon ? [{ coupon: plan.coupon, promotion_code: null }] : [],
    expires_at: created + OPEN_FOR,
    livemode: plan.livemode,
    locale: plan.locale,
    metadata: { ...plan.link?.metadata },
    mode: plan.mode,
    optional_items: plan.optional ?? null,
    payment_link: plan.link?.id ?? null,
    payment_method_types: [...(plan.link?.payment_method_types ?? ['card'])],
    shipping_address_collection: plan.link?.shipping_address_collection ? COLLECTS_JP : null,
    shipping_cost: option && {
      amount_subtotal: option.shipping_amount,
      amount_tax: 0,
      amount_total: option.shipping_amount,
      shipping_rate: option.shipping_rate,
    },
    shipping_options: options,
    success_url: plan.successUrl,
    total_details: {
      amount_discount: totals.discount,
      amount_shipping: totals.shipping,
      amount_tax: totals.tax,
    },
    url: `${state.url}/pay/session/${id}`,
  } satisfies Stripe.Checkout.Session
}

/** Brings the session's figures up to date after its rows changed. */
export function refreshTotals(
  session: Stripe.Checkout.Session,
  items: readonly Stripe.LineItem[],
): void {
  const totals = totalsOf(items, session.shipping_cost?.amount_total ?? 0)
  session.amount_subtotal = totals.subtotal
  session.amount_total = totals.total
  session.total_details = {
    amount_discount: totals.discount,
    amount_shipping: totals.shipping,
    amount_tax: totals.tax,
  }
}

export const NOBODY = {
  address: null,
  business_name: null,
  email: null,
  individual_name: null,
  name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: null,
} satisfies Stripe.Checkout.Session.CustomerDetails

const COLLECTS_JP: Stripe.Checkout.Session.ShippingAddressCollection = { allowed_countries: ['JP'] }

/** What is the same in every session that this sandbox makes. */
const PLAIN = {
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allow_promotion_codes: false,
  allowed_payment_method_types: null,
  billing_address_collection: 'auto',
  cancel_url: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer: null,
  customer_account: null,
  customer_email: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  managed_payments: { enabled: false },
  origin_context: null,
  payment_intent: null,
  payment_method_collection: 'always',
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_status: 'unpaid',
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  status: 'open',
  submit_type: 'auto',
  subscription: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<Stripe.Checkout.Session>
