import type Stripe from 'stripe'
import { livingCustomer } from './api-customers.ts'
import { ApiError, noSuch } from './api-errors.ts'
import { findOrThrow } from './api-reads.ts'
import { emit } from './emit-event.ts'
import { required, type Shape } from './form-body.ts'
import { type Form, textOf } from './parse-form.ts'
import { FLOW_SHAPE, flowFrom } from './portal-flow.ts'
import { type State, seconds } from './state.ts'

/** What `POST /v1/billing_portal/sessions` takes. */
export const PORTAL_SHAPE: Shape = {
  after_expiration: { customer_login: { expires_at: true }, type: true },
  configuration: true,
  customer: true,
  flow_data: FLOW_SHAPE,
  locale: true,
  return_url: true,
}

/** One visit to Stripe's customer portal. Throws ApiError as Stripe would. */
export function createPortalSession(
  state: State,
  form: Form,
  livemode: boolean,
): Stripe.BillingPortal.Session {
  const customer = livingCustomer(state, required(form, 'customer'), livemode, 'customer')
  const configuration = wantedConfiguration(state, form, livemode)
  const flow = form['flow_data'] ? flowFrom(state, form, configuration, customer) : null
  const id = state.ids.id('bps_1')
  const session = {
    id,
    object: 'billing_portal.session',
    configuration: configuration.id,
    created: seconds(state),
    customer: customer.id,
    customer_account: null,
    flow,
    livemode,
    locale: textOf(form['locale']) ?? null,
    on_behalf_of: null,
    return_url: textOf(form['return_url']) ?? configuration.default_return_url,
    url: `${state.url}/portal/${id}`,
  } satisfies Stripe.BillingPortal.Session
  state.portalSessions.set(id, session)
  emit(state, 'billing_portal.session.created', session)
  return session
}

function wantedConfiguration(state: State, form: Form, livemode: boolean) {
  const id = textOf(form['configuration'])
  if (id === undefined) return defaultConfiguration(state, livemode)
  const configuration = configurationOf(state, id, livemode, 'configuration')
  if (configuration.active) return configuration
  throw new ApiError(400, `The portal configuration ${id} is not active.`, {
    param: 'configuration',
  })
}

function defaultConfiguration(state: State, livemode: boolean) {
  for (const one of state.configurations.newestFirst()) {
    if (one.is_default && one.livemode === livemode && !state.deleted.has(one.id)) return one
  }
  const mode = livemode ? 'live' : 'test'
  throw new ApiError(
    400,
    `You can’t create a portal session in ${mode} mode until you save your customer portal settings in ${mode} mode at https://dashboard.stripe.com/settings/billing/portal.`,
  )
}

/** Throws ApiError 404 when it was deleted or belongs to the other mode. */
export function configurationOf(
  state: State,
  id: string,
  livemode: boolean,
  param: string,
): Stripe.BillingPortal.Configuration {
  if (state.deleted.has(id)) throw noSuch('configuration', id, param)
  return findOrThrow({ kind: 'configuration', shelf: state.configurations }, id, livemode, param)
}

/** Stripe takes the products of a configuration and shows them only to who expands them by name. */
export function shownConfiguration(
  configuration: Stripe.BillingPortal.Configuration,
  expand: readonly string[],
): Stripe.BillingPortal.Configuration {
  if (expand.some((path) => path.endsWith('features.subscription_update.products'))) {
    return configuration
  }
  const { products: _left_out, ...update } = configuration.features.subscription_update
  return { ...configuration, features: { ...configuration.features, subscription_update: update } }
}
