import type Stripe from 'stripe'
import { type State, seconds } from './state.ts'

export type CustomerPlan = Partial<
  Pick<
    Stripe.Customer,
    | 'email'
    | 'name'
    | 'phone'
    | 'description'
    | 'metadata'
    | 'currency'
    | 'test_clock'
    | 'preferred_locales'
  >
> & { livemode: boolean; locale?: string | null }

/** A new Customer; what is not told about them stays empty. */
export function buildCustomer(state: State, plan: CustomerPlan): Stripe.Customer {
  return {
    id: state.ids.id('cus_', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: seconds(state),
    currency: plan.currency ?? null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: plan.description ?? null,
    discount: null,
    email: plan.email ?? null,
    invoice_prefix: state.ids.id('', 8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: plan.livemode,
    metadata: plan.metadata ?? {},
    name: plan.name ?? null,
    next_invoice_sequence: 1,
    phone: plan.phone ?? null,
    preferred_locales:
      plan.preferred_locales ?? (plan.locale && plan.locale !== 'auto' ? [plan.locale] : []),
    shipping: null,
    tax_exempt: 'none',
    test_clock: plan.test_clock ?? null,
  } satisfies Stripe.Customer
}
