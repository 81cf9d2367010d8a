import type Stripe from 'stripe'
import { type Form, textOf } from './parse-form.ts'
import { type State, seconds } from './state.ts'

/** One visit to Stripe's customer portal. */
export function openPortal(
  state: State,
  customer: Stripe.Customer,
  form: Form,
): Stripe.BillingPortal.Session {
  const id = state.ids.id('bps_1')
  const session = {
    id,
    object: 'billing_portal.session',
    configuration: textOf(form['configuration']) ?? 'bpc_sandbox',
    created: seconds(state),
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: customer.livemode,
    locale: textOf(form['locale']) ?? null,
    on_behalf_of: null,
    return_url: textOf(form['return_url']) ?? null,
    url: `${state.url}/portal/${id}`,
  } satisfies Stripe.BillingPortal.Session
  state.portalSessions.set(id, session)
  return session
}
