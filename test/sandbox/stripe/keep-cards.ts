import type Stripe from 'stripe'
import type { CardSeed } from '../types.ts'
import { emit } from './emit-event.ts'
import { changeCustomer } from './keep-customers.ts'
import { idOf, type State, seconds } from './state.ts'

/** 4242 4242 4242 4242, good for as long as any test runs. */
const TEST_CARD: Required<CardSeed> = {
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2034,
}

/** A way to pay that a customer keeps on file; nobody is told. */
export function stockMethod(
  state: State,
  customer: Stripe.Customer,
  seed: CardSeed | 'link' = {},
): Stripe.PaymentMethod {
  return state.methods.put({
    id: state.ids.id('pm_1'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: {
      address: null,
      email: customer.email,
      name: customer.name ?? null,
      phone: null,
      tax_id: null,
    },
    created: seconds(state),
    customer: customer.id,
    customer_account: null,
    livemode: customer.livemode,
    metadata: {},
    ...(seed === 'link'
      ? { type: 'link' as const, link: { email: customer.email, persistent_token: '' } }
      : { type: 'card' as const, card: cardPart({ ...TEST_CARD, ...seed }) }),
  } satisfies Stripe.PaymentMethod)
}

/** The same, told as Stripe tells it. */
export function attachMethod(
  state: State,
  customer: Stripe.Customer,
  seed?: CardSeed | 'link',
): Stripe.PaymentMethod {
  const method = stockMethod(state, customer, seed)
  emit(state, 'payment_method.attached', method)
  return method
}

/**
 * A new way to pay takes the place of the old one. Of `customer`: only as the customer's own, and no
 * subscription has one of its own any more.
 */
export function replaceMethod(
  state: State,
  customer: Stripe.Customer,
  seed: CardSeed | 'link',
  on: 'subscriptions' | 'customer' = 'subscriptions',
): void {
  const method = attachMethod(state, customer, seed)
  for (const one of state.subscriptions.newestFirst({ group: customer.id })) {
    one.default_payment_method = on === 'customer' ? null : method.id
    const notes = state.subscriptionNotes.get(one.id)
    if (notes) notes.withoutCard = null
  }
  changeCustomer(state, customer, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  })
}

/** The bank has sent another card, and the network (or the shop, by hand) puts its date in the old one's place. */
export function renewCard(
  state: State,
  customer: Stripe.Customer,
  seed: CardSeed,
  by: 'network' | 'shop',
): void {
  const method = methodInUse(state, customer)
  if (!method?.card) throw new Error(`the customer ${customer.id} has no card`)
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card
  const previous = { card: method.card }
  method.card = cardPart({ brand, last4, expMonth, expYear, ...seed })
  const type = by === 'network' ? 'payment_method.automatically_updated' : 'payment_method.updated'
  emit(state, type, method, { previous })
}

/** What is charged: of the newest subscription, else the customer's own. */
export function methodInUse(
  state: State,
  customer: Stripe.Customer,
  subscription: Stripe.Subscription | undefined = [
    ...state.subscriptions.newestFirst({ group: customer.id }),
  ][0],
): Stripe.PaymentMethod | undefined {
  const own = idOf(subscription?.default_payment_method)
  const theirs = idOf(customer.invoice_settings.default_payment_method)
  return state.methods.get(own ?? theirs ?? '')
}

/** Past the last day of its month. */
export function isExpired({ card }: Stripe.PaymentMethod, now: Date): boolean {
  return card !== undefined && Date.UTC(card.exp_year, card.exp_month, 1) <= now.getTime()
}

/** "12 / 34", as a form has it. */
export function expiryIn(typed: string): Pick<CardSeed, 'expMonth' | 'expYear'> {
  const [month, year] = typed.split('/').map(Number)
  return month && year ? { expMonth: month, expYear: 2000 + year } : {}
}

function cardPart({ brand, last4, expMonth, expYear }: Required<CardSeed>) {
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'JP',
    display_brand: brand,
    exp_month: expMonth,
    exp_year: expYear,
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    regulated_status: null,
    three_d_secure_usage: { supported: true },
    wallet: null,
  } satisfies Stripe.PaymentMethod.Card
}
