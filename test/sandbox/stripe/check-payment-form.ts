import type Stripe from 'stripe'
import type { Buyer, PaymentMethod } from './build-payment.ts'
import { expiryIn } from './keep-cards.ts'
import { KONBINI_STORES, type KonbiniStore } from './konbini-details.ts'
import type { PageWords } from './page-words.ts'
import { type Form, textOf } from './parse-form.ts'

export type FormError = keyof PageWords['errors']
export type Typed = Record<
  'email' | 'name' | 'method' | 'number' | 'expiry' | 'cvc' | 'store',
  string
>
export type CheckedForm =
  | { ok: true; buyer: Buyer; method: PaymentMethod; store: KonbiniStore }
  | { ok: false; error: FormError }

/** Stripe's published test cards (https://docs.stripe.com/testing); any other number is refused unread. */
const GOOD_CARDS = new Set([
  '4242424242424242',
  '5555555555554444',
  '378282246310005',
  '3566002020360505',
])
const DECLINED_CARDS = new Set(['4000000000000002', '4000000000009995'])

/** What stands in the form before the buyer touches it: a sample that pays. */
export function emptyForm(session: Stripe.Checkout.Session, buyer: Buyer): Typed {
  return {
    email: session.customer_details?.email ?? buyer.email,
    name: buyer.name,
    method: session.payment_method_types[0] ?? 'card',
    number: '4242 4242 4242 4242',
    expiry: '12 / 34',
    cvc: '123',
    store: KONBINI_STORES[0],
  }
}

export function typedIn(form: Form, before: Typed): Typed {
  const keys = Object.keys(before) as (keyof Typed)[]
  return Object.fromEntries(
    keys.map((key) => [key, (textOf(form[key]) ?? before[key]).trim()]),
  ) as Typed
}

/** Checks from top to bottom, so that the first fault told is the first one seen. */
export function checkPaymentForm(
  typed: Typed,
  session: Stripe.Checkout.Session,
  now: Date,
): CheckedForm {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email)) return { ok: false, error: 'email' }
  if (typed.name === '') return { ok: false, error: 'name' }
  const method = (['card', 'konbini', 'paypay'] as const).find((one) => one === typed.method)
  if (!method || !session.payment_method_types.includes(method)) {
    return { ok: false, error: 'method' }
  }
  const cardError = method === 'card' ? checkCard(typed, now) : null
  if (cardError) return { ok: false, error: cardError }
  const store = KONBINI_STORES.find((one) => one === typed.store) ?? KONBINI_STORES[0]
  const { email, name } = typed
  const card = { last4: typed.number.replace(/\D/g, '').slice(-4), ...expiryIn(typed.expiry) }
  return { ok: true, buyer: { email, name, ...(method === 'card' && { card }) }, method, store }
}

/** The card alone, as the portal asks for one. Null: it is good. */
export function checkCard(
  typed: Pick<Typed, 'number' | 'expiry' | 'cvc'>,
  now: Date,
): FormError | null {
  const number = typed.number.replace(/[\s-]/g, '')
  const known = GOOD_CARDS.has(number) || DECLINED_CARDS.has(number)
  if (!known) return 'card_unknown'
  const [, month = '', year = ''] = /^(\d{1,2})\s*\/\s*(\d{2})$/.exec(typed.expiry) ?? []
  const firstDayAfter = Date.UTC(2000 + Number(year), Number(month), 1)
  const isMonth = Number(month) >= 1 && Number(month) <= 12
  if (!isMonth || firstDayAfter <= now.getTime()) return 'card_expired'
  if (!/^\d{3,4}$/.test(typed.cvc)) return 'card_cvc'
  return DECLINED_CARDS.has(number) ? 'card_declined' : null
}
