import Stripe from 'stripe'
import type { State, StoredEvent } from './state.ts'

/** A summary of entitlements has no id of its own. */
type Subject = { id?: string; object: string }

/** Where each kind of object is read; a thin notification carries this address. */
const READ_AT: Record<string, string> = {
  'billing_portal.configuration': '/v1/billing_portal/configurations/',
  'checkout.session': '/v1/checkout/sessions/',
  charge: '/v1/charges/',
  customer: '/v1/customers/',
  dispute: '/v1/disputes/',
  invoice: '/v1/invoices/',
  invoice_payment: '/v1/invoice_payments/',
  payment_intent: '/v1/payment_intents/',
  payment_link: '/v1/payment_links/',
  payment_method: '/v1/payment_methods/',
  price: '/v1/prices/',
  product: '/v1/products/',
  refund: '/v1/refunds/',
  subscription: '/v1/subscriptions/',
  'test_helpers.test_clock': '/v1/test_helpers/test_clocks/',
}

/**
 * Makes the snapshot event and its thin twin. The bytes are fixed here, once: later changes of the
 * object do not reach an event that is already on its way, just as with Stripe.
 */
export function emit(
  state: State,
  type: Stripe.Event['type'],
  subject: Subject,
  options: { livemode?: boolean; previous?: Record<string, unknown> } = {},
): StoredEvent {
  const id = state.ids.id('evt_')
  const livemode = options.livemode ?? ('livemode' in subject && subject.livemode === true)
  const snapshot = {
    id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: Math.floor(state.wall().getTime() / 1000),
    data: {
      object: subject,
      ...(options.previous && { previous_attributes: options.previous }),
    },
    livemode,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  } satisfies Stripe.EventBase
  const payload = JSON.stringify(snapshot, null, 2)
  const stored: StoredEvent = {
    event: JSON.parse(payload),
    payload,
    thin: thinTwin(state, snapshot, subject),
    delivered: false,
  }
  keep(state, stored)
  state.onEvent(stored)
  return stored
}

/** https://docs.stripe.com/event-destinations: no data, only what to fetch, and the snapshot's id to tell twins by. */
function thinTwin(
  state: State,
  snapshot: { id: string; type: string; livemode: boolean },
  subject: Subject,
) {
  const id = state.ids.id('evt_')
  const readAt = READ_AT[subject.object]
  const notification = {
    id,
    object: 'v2.core.event',
    created: state.wall().toISOString(),
    livemode: snapshot.livemode,
    snapshot_event: snapshot.id,
    type: `v1.${snapshot.type}`,
    ...(readAt &&
      subject.id && {
        related_object: { id: subject.id, type: subject.object, url: readAt + subject.id },
      }),
  } satisfies Stripe.V2.Core.EventBase & { related_object?: unknown }
  return { id, payload: JSON.stringify(notification) }
}

function keep(state: State, stored: StoredEvent): void {
  state.events.push(stored)
  state.eventById.set(stored.event.id, stored)
  state.eventById.set(stored.thin.id, stored)
  if (state.events.length <= state.keep * 2) return
  for (const old of state.events.splice(0, state.events.length - state.keep)) {
    state.eventById.delete(old.event.id)
    state.eventById.delete(old.thin.id)
  }
}
