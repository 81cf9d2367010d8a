import type { FastifyInstance, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { ApiError } from './api-errors.ts'
import { expandOf } from './api-reads.ts'
import { ALL_OFF, featuresFrom } from './configuration-features.ts'
import { CONFIGURATION_SHAPE, CONFIGURATION_UPDATE_SHAPE } from './configuration-shape.ts'
import { emit } from './emit-event.ts'
import { expandObject } from './expand-objects.ts'
import { flagIn, merged, partsOf, required, shapedBody } from './form-body.ts'
import {
  configurationOf,
  createPortalSession,
  PORTAL_SHAPE,
  shownConfiguration,
} from './open-portal.ts'
import { type Form, textOf } from './parse-form.ts'
import { type State, seconds } from './state.ts'

type ById = { Params: { id: string } }
type Configuration = Stripe.BillingPortal.Configuration

/** The customer portal's settings, and the door to it. */
export function servePortalApi(app: FastifyInstance, state: State): void {
  const answer = (configuration: Configuration, request: FastifyRequest) => {
    const expand = expandOf(request.body)
    return expandObject(state, shownConfiguration(configuration, expand), expand)
  }

  app.post('/billing_portal/configurations', (request) => {
    const form = shapedBody(request, CONFIGURATION_SHAPE)
    if (Object.keys(partsOf(form, 'features')).length === 0) required(form, 'features')
    const made = addConfiguration(state, form, request.livemode)
    emit(state, 'billing_portal.configuration.created', shownConfiguration(made, []))
    return answer(made, request)
  })

  app.post<ById>('/billing_portal/configurations/:id', (request) => {
    const { id } = request.params
    const configuration = configurationOf(state, id, request.livemode, 'configuration')
    const form = shapedBody(request, CONFIGURATION_UPDATE_SHAPE)
    const change = changeOf(state, form, configuration)
    if (configuration.is_default && change.active === false) {
      throw new ApiError(400, 'You cannot deactivate the default portal configuration.', {
        param: 'active',
      })
    }
    Object.assign(configuration, change, { updated: seconds(state) })
    emit(state, 'billing_portal.configuration.updated', shownConfiguration(configuration, []))
    return answer(configuration, request)
  })

  app.post('/billing_portal/sessions', (request) => {
    const form = shapedBody(request, PORTAL_SHAPE)
    return expandObject(
      state,
      createPortalSession(state, form, request.livemode),
      expandOf(request.body),
    )
  })
}

function addConfiguration(state: State, form: Form, livemode: boolean): Configuration {
  return state.configurations.put({
    ...emptyConfiguration(state, livemode),
    ...changeOf(state, form, emptyConfiguration(state, livemode)),
  })
}

/** The one that a shop has from the beginning: made when its settings are saved in the dashboard. */
export function seedDefaultConfiguration(state: State): void {
  state.configurations.put({
    ...emptyConfiguration(state, false),
    features: {
      ...structuredClone(ALL_OFF),
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true, payment_method_configuration: null },
      subscription_cancel: { ...structuredClone(ALL_OFF.subscription_cancel), enabled: true },
    },
    is_default: true,
  })
}

function emptyConfiguration(state: State, livemode: boolean): Configuration {
  return {
    id: state.ids.id('bpc_1'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: seconds(state),
    default_return_url: null,
    features: structuredClone(ALL_OFF),
    is_default: false,
    livemode,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: seconds(state),
  } satisfies Configuration
}

function changeOf(state: State, form: Form, before: Configuration): Partial<Configuration> {
  const text = (parts: Form, key: string, was: string | null) =>
    parts[key] === undefined ? was : textOf(parts[key]) || null
  const profile = partsOf(form, 'business_profile')
  const was = before.business_profile
  const enabled = flagIn(partsOf(form, 'login_page'), 'enabled', before.login_page.enabled)
  return {
    active: flagIn(form, 'active', before.active),
    business_profile: {
      headline: text(profile, 'headline', was.headline),
      privacy_policy_url: text(profile, 'privacy_policy_url', was.privacy_policy_url),
      terms_of_service_url: text(profile, 'terms_of_service_url', was.terms_of_service_url),
    },
    default_return_url: text(form, 'default_return_url', before.default_return_url),
    features: featuresFrom(state, form, before.features),
    login_page: { enabled, url: enabled ? `${state.url}/portal/login/${before.id}` : null },
    metadata: merged(before.metadata ?? {}, form),
    name: text(form, 'name', before.name),
  }
}
