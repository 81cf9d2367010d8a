import type Stripe from 'stripe'
import { livingCustomer } from './api-customers.ts'
import { ApiError } from './api-errors.ts'
import { buildSession, NOBODY } from './build-session.ts'
import { merged, partsOf, required, wholeIn, wordIn } from './form-body.ts'
import { file, REFERENCE } from './open-sessions.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import { priceCart } from './price-cart.ts'
import { optionsOf } from './session-options.ts'
import { checkMode, optionalItems, rowsOfSession, shippingOptions } from './session-rows.ts'
import { type SessionNotes, type State, seconds } from './state.ts'

const HALF_HOUR = 30 * 60
const DAY = 24 * 60 * 60
/** What this account has switched on; a subscription takes cards alone. */
const METHODS = { payment: ['card', 'konbini', 'paypay'], subscription: ['card'] } as const

/** A session that a server opens with `POST /v1/checkout/sessions`. Throws ApiError as Stripe would. */
export function createSession(
  state: State,
  form: Form,
  livemode: boolean,
): Stripe.Checkout.Session {
  required(form, 'mode')
  const mode = wordIn(form, 'mode', ['payment', 'subscription'])!
  const rows = rowsOfSession(state, form, livemode)
  checkMode(form, mode, rows)
  const customer = customerOf(state, form, livemode)
  const notes = notesOf(form, mode)
  const rules = { discount: 0, taxPercent: 0, trial: notes.trialDays > 0 }
  const items = priceCart(state.ids, rows, {
    ...rules,
    adjustableQuantity: notes.adjustableQuantity,
  })
  const successUrl = required(form, 'success_url')
  const session = buildSession(state, {
    link: null,
    items,
    mode,
    currency: rows[0]!.price.currency,
    livemode,
    reference: referenceIn(form),
    email: customer?.email ?? textOf(form['customer_email']) ?? null,
    locale: textOf(form['locale']) ?? null,
    coupon: null,
    successUrl,
    optional: optionalItems(state, form),
    shipping: shippingOptions(state, form, rows[0]!.price.currency),
  })
  if (customer) {
    session.customer = customer.id
    session.customer_creation = null
    session.customer_details = { ...NOBODY, email: customer.email, name: customer.name ?? null }
  }
  Object.assign(session, optionsOf(form, mode))
  session.expires_at = expiryIn(state, form)
  session.payment_method_types = methodsFor(form, mode, session.currency)
  session.metadata = merged({}, form)
  return file(state, session, items, notes)
}

function customerOf(state: State, form: Form, livemode: boolean): Stripe.Customer | null {
  const id = textOf(form['customer'])
  if (id === undefined) return null
  for (const other of ['customer_email', 'customer_creation']) {
    if (form[other] === undefined) continue
    throw new ApiError(400, `You may only specify one of these parameters: customer, ${other}.`, {
      param: 'customer',
    })
  }
  return livingCustomer(state, id, livemode, 'customer')
}

/** A link drops a bad reference without a word; the API refuses it. */
function referenceIn(form: Form): string | null {
  const reference = textOf(form['client_reference_id'])
  if (reference === undefined) return null
  if (REFERENCE.test(reference)) return reference
  throw new ApiError(400, 'Invalid client_reference_id.', { param: 'client_reference_id' })
}

function expiryIn(state: State, form: Form): number {
  const now = seconds(state)
  const at = wholeIn(form, 'expires_at') ?? now + DAY
  const refuse = (rule: string) =>
    new ApiError(400, `The \`expires_at\` timestamp must be ${rule}.`, { param: 'expires_at' })
  if (at < now + HALF_HOUR) throw refuse('at least 30 minutes from Checkout Session creation')
  if (at > now + DAY) throw refuse('less than 24 hours from Checkout Session creation')
  return at
}

function notesOf(form: Form, mode: 'payment' | 'subscription'): SessionNotes {
  const data = partsOf(form, 'subscription_data')
  const param = 'subscription_data[trial_period_days]'
  const end = partsOf(partsOf(data, 'trial_settings'), 'end_behavior')
  const without = wordIn(end, 'missing_payment_method', ['create_invoice', 'pause', 'cancel'])
  return {
    linkId: null,
    trialDays: mode === 'subscription' ? (wholeIn(data, 'trial_period_days', param) ?? 0) : 0,
    taxPercent: 0,
    discountOff: null,
    adjustableQuantity: JSON.stringify(form['line_items']).includes('"enabled":"true"'),
    returnQuery: [],
    opened: {
      successUrl: textOf(form['success_url']) ?? null,
      subscription: {
        metadata: merged({}, data),
        description: textOf(data['description']) ?? null,
        withoutCard: without ?? null,
      },
    },
  }
}

/** Konbini is for yen and for once. */
function methodsFor(form: Form, mode: 'payment' | 'subscription', currency: string | null) {
  const allowed = textsOf(form['allowed_payment_method_types'])
  const excluded = textsOf(form['excluded_payment_method_types'])
  const left = METHODS[mode].filter(
    (method) =>
      (allowed.length === 0 || allowed.includes(method)) &&
      !excluded.includes(method) &&
      (currency === 'jpy' || method === 'card'),
  )
  if (left.length > 0) return [...left]
  throw new ApiError(400, 'No valid payment method types for this Checkout Session.')
}
