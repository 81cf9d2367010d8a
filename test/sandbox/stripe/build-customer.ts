import type Stripe from 'stripe'
import type { Buyer } from './build-payment.ts'
import { type State, seconds } from './state.ts'

/** A new Customer, as a subscription link makes one at every checkout. */
export function buildCustomer(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
): Stripe.Customer {
  return {
    id: state.ids.id('cus_', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: seconds(state),
    currency: session.currency,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: buyer.email,
    invoice_prefix: state.ids.id('', 8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: session.livemode,
    metadata: {},
    name: buyer.name,
    next_invoice_sequence: 2,
    phone: null,
    preferred_locales: session.locale && session.locale !== 'auto' ? [session.locale] : [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  } satisfies Stripe.Customer
}
