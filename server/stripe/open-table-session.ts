import type Stripe from 'stripe'
import { isMissing } from './not-found.ts'

/**
 * A Customer Session for a pricing table: whoever subscribes there stays this customer, instead of becoming
 * another one. https://docs.stripe.com/payments/checkout/pricing-table#customer-session
 */
export async function openPricingTableSession(
  stripe: Stripe,
  customer: string,
): Promise<string | null> {
  try {
    const components = { pricing_table: { enabled: true } }
    return (await stripe.customerSessions.create({ customer, components })).client_secret
  } catch (error) {
    if (isMissing(error, 'customer')) return null
    throw error
  }
}
