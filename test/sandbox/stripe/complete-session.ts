import type Stripe from 'stripe'
import { type Buyer, buildCharge, buildIntent, type PaymentMethod } from './build-payment.ts'
import { NOBODY } from './build-session.ts'
import { countCompletedSession } from './change-links.ts'
import { stateFor } from './customer-time.ts'
import { emit } from './emit-event.ts'
import { methodDetails } from './payment-method-details.ts'
import { makeCustomer, startSubscription } from './start-subscription.ts'
import { idOf, type State, type StoredEvent } from './state.ts'

/** Checkout's page says no: the session stays open and the buyer may try again. */
export class PaymentRefused extends Error {
  override name = 'PaymentRefused'
  readonly code: 'session_closed' | 'method_not_offered' | 'card_declined' | 'konbini_amount'
  constructor(code: PaymentRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Throws PaymentRefused when this session cannot be paid this way (any more). */
export function checkPayable(session: Stripe.Checkout.Session, method: PaymentMethod): void {
  if (session.status !== 'open') {
    throw new PaymentRefused('session_closed', `session ${session.id} is ${session.status}`)
  }
  if (!session.payment_method_types.includes(method)) {
    throw new PaymentRefused('method_not_offered', `session ${session.id} does not take ${method}`)
  }
}

/**
 * The buyer pays and the money is there at once. Resolves to the `completed` event.
 * A total of nothing makes no payment at all (`no_payment_required`).
 */
export function payAtOnce(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
  method: Exclude<PaymentMethod, 'konbini'>,
): StoredEvent {
  const free = session.amount_total === 0
  if (session.mode === 'subscription') {
    const here = stateFor(state, idOf(session.customer))
    const intent = free ? null : intentOf(here, session, method)
    startSubscription(here, session, buyer, intent, () => {
      if (intent) receive(here, session, intent, buyer, method)
    })
  } else if (!free) {
    if (session.customer_creation === 'always') makeCustomer(state, session, buyer)
    const intent = intentOf(state, session, method)
    session.payment_intent = intent.id
    receive(state, session, intent, buyer, method)
  }
  return complete(state, session, buyer, free ? 'no_payment_required' : 'paid')
}

/** The intent behind this session, remembered so that a refund finds its way back. */
export function intentOf(
  state: State,
  session: Stripe.Checkout.Session,
  method: PaymentMethod,
): Stripe.PaymentIntent {
  const intent = buildIntent(state, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'jpy',
    livemode: session.livemode,
    methods: [method],
  })
  intent.payment_method = state.ids.id('pm_1')
  state.sessionOfIntent.set(intent.id, session.id)
  return state.intents.put(intent)
}

/** The money arrives: a charge, and the intent has succeeded. */
export function receive(
  state: State,
  { customer }: Pick<Stripe.Checkout.Session, 'customer'>,
  intent: Stripe.PaymentIntent,
  buyer: Buyer,
  method: PaymentMethod,
): void {
  const charge = state.charges.put(
    buildCharge(state, intent, buyer, methodDetails(method, intent.amount)),
  )
  intent.status = 'succeeded'
  intent.amount_received = intent.amount
  intent.latest_charge = charge.id
  intent.next_action = null
  intent.customer = charge.customer = idOf(customer)
  emit(state, 'charge.succeeded', charge)
  emit(state, 'payment_intent.succeeded', intent)
}

/** The buyer is through: what Stripe collected becomes visible, and the link counts one more. */
export function complete(
  state: State,
  session: Stripe.Checkout.Session,
  buyer: Buyer,
  status: 'paid' | 'unpaid' | 'no_payment_required',
): StoredEvent {
  session.status = 'complete'
  session.payment_status = status
  session.url = null
  session.customer_details = {
    ...NOBODY,
    address: { ...NO_ADDRESS, country: 'JP' },
    email: buyer.email,
    name: buyer.name,
  }
  session.collected_information = {
    business_name: null,
    individual_name: null,
    shipping_details: session.shipping_address_collection
      ? { address: SAMPLE_ADDRESS, name: buyer.name }
      : null,
  }
  const completed = emit(state, 'checkout.session.completed', session)
  const linkId = state.sessionNotes.get(session.id)?.linkId
  if (linkId) countCompletedSession(state, linkId)
  return completed
}

const NO_ADDRESS = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
} satisfies Stripe.Address

/** Where every parcel of the sandbox goes; the page says so. */
export const SAMPLE_ADDRESS = {
  city: '千代田区',
  country: 'JP',
  line1: '千代田1-1',
  line2: null,
  postal_code: '100-0001',
  state: '東京都',
} satisfies Stripe.Address
