import type Stripe from 'stripe'
import type { PaymentMethod } from './build-payment.ts'

/** How a charge says with what it was paid. */
export function methodDetails(
  method: PaymentMethod,
  amount: number,
): Stripe.Charge.PaymentMethodDetails {
  if (method === 'konbini') return { type: 'konbini', konbini: { store: { chain: 'familymart' } } }
  if (method === 'paypay') return { type: 'paypay', paypay: {} }
  return { type: 'card', card: { ...TEST_CARD, amount_authorized: amount } }
}

/** The card that Stripe hands out for tests: 4242 4242 4242 4242. */
const TEST_CARD = {
  authorization_code: null,
  brand: 'visa',
  checks: {
    address_line1_check: null,
    address_postal_code_check: null,
    cvc_check: 'pass',
  },
  country: 'US',
  electronic_commerce_indicator: null,
  exp_month: 12,
  exp_year: 2034,
  funding: 'credit',
  installments: null,
  last4: '4242',
  mandate: null,
  network: 'visa',
  network_transaction_id: null,
  regulated_status: 'unregulated',
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
} satisfies Omit<Stripe.Charge.PaymentMethodDetails.Card, 'amount_authorized'>
