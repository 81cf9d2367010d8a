import type Stripe from 'stripe'
import { Never, type PortalAsked } from '../ports.ts'
import { isRefusal } from './not-found.ts'

type Params = Stripe.BillingPortal.SessionCreateParams

/**
 * The portal's address, which dies after five minutes. null: the configuration is gone or switched off.
 * https://docs.stripe.com/api/customer_portal/sessions/create
 */
export async function openPortal(stripe: Stripe, ask: PortalAsked): Promise<string | null> {
  const params: Params = {
    customer: ask.customer,
    ...(ask.configuration ? { configuration: ask.configuration } : {}),
    return_url: ask.returnUrl,
    locale: ask.language,
    ...(ask.task ? { flow_data: flowOf(ask.task, ask.returnUrl) } : {}),
  }
  try {
    return (await stripe.billingPortal.sessions.create(params)).url
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (error.param === 'configuration') return null
    // A subscription that is gone will not come back, unlike most of what Stripe does not find.
    if (error.param?.startsWith('flow_data')) throw new Never(error.message)
    throw error
  }
}

/** Straight to one task, and straight back when it is done. */
function flowOf(
  { name, subscription: id }: NonNullable<PortalAsked['task']>,
  returnUrl: string,
): Stripe.BillingPortal.SessionCreateParams.FlowData {
  const after_completion = { type: 'redirect', redirect: { return_url: returnUrl } }
  if (name === 'card') return { type: 'payment_method_update', after_completion }
  const subscription = id ?? ''
  switch (name) {
    case 'cancel':
      return {
        type: 'subscription_cancel',
        subscription_cancel: { subscription },
        after_completion,
      }
    case 'pause':
      return { type: 'subscription_pause', subscription_pause: { subscription }, after_completion }
    case 'plan':
      return {
        type: 'subscription_update',
        subscription_update: { subscription },
        after_completion,
      }
  }
}
