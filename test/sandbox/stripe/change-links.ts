import type Stripe from 'stripe'
import type { LinkSeed } from '../types.ts'
import { emit } from './emit-event.ts'
import { adjustableBy, priceCart } from './price-cart.ts'
import { must, type State, seconds } from './state.ts'
import { stockCoupon, stockItem, stockShippingRate } from './stock-catalogue.ts'

/** What the shopkeeper does in the dashboard: a link with its products and prices. Emits nothing; it was there before. */
export function addLink(state: State, seed: LinkSeed): Stripe.PaymentLink {
  const currency = (seed.currency ?? 'jpy').toLowerCase()
  const terms = {
    currency,
    ...(seed.recurring && { recurring: seed.recurring }),
    taxed: seed.taxPercent !== undefined,
    livemode: false,
  }
  const rows = seed.items.map((item) => ({
    price: stockItem(state, item, terms),
    name: item.name,
    quantity: item.quantity ?? 1,
  }))
  const coupon = seed.discount ? stockCoupon(state, seed.discount, currency) : null
  const notes = {
    taxPercent: seed.taxPercent ?? 0,
    discountOff: coupon && { coupon: coupon.id, amount: coupon.amount_off ?? 0 },
    adjustableQuantity: seed.adjustableQuantity ?? false,
    trialDays: seed.trialDays ?? 0,
  }
  const link = state.links.put(buildLink(state, seed, currency))
  link.optional_items =
    seed.optionalItems?.map((item) => ({
      price: stockItem(state, item, terms).id,
      quantity: item.quantity ?? 1,
      adjustable_quantity: adjustableBy({ adjustableQuantity: item.adjustable ?? false }),
    })) ?? null
  state.linkNotes.set(link.id, notes)
  const rules = { ...notes, discount: 0, taxPercent: 0, trial: false }
  state.lineItems.set(link.id, priceCart(state.ids, rows, rules))
  return link
}

function buildLink(state: State, seed: LinkSeed, currency: string): Stripe.PaymentLink {
  const id = seed.id ?? state.ids.id('plink_')
  const rate = seed.shipping && stockShippingRate(state, seed.shipping, currency)
  return {
    id,
    object: 'payment_link',
    active: seed.active ?? true,
    after_completion: seed.returnUrl
      ? { type: 'redirect', redirect: { url: seed.returnUrl } }
      : { type: 'hosted_confirmation', hosted_confirmation: { custom_message: null } },
    allow_promotion_codes: false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: seed.taxPercent !== undefined, liability: null },
    billing_address_collection: 'auto',
    consent_collection: null,
    currency,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer_creation: seed.recurring ? 'always' : 'if_required',
    inactive_message: null,
    invoice_creation: seed.recurring ? null : { enabled: false, invoice_data: null },
    livemode: false,
    managed_payments: { enabled: false },
    metadata: {},
    on_behalf_of: null,
    optional_items: null,
    payment_intent_data: null,
    payment_method_collection: 'always',
    payment_method_options: null,
    payment_method_types: seed.paymentMethods ?? ['card'],
    phone_number_collection: { enabled: false },
    restrictions: seed.limit ? { completed_sessions: { count: 0, limit: seed.limit } } : null,
    shipping_address_collection: rate ? { allowed_countries: ['JP'] } : null,
    shipping_options: rate
      ? [{ shipping_amount: rate.fixed_amount?.amount ?? 0, shipping_rate: rate.id }]
      : [],
    submit_type: 'auto',
    subscription_data: seed.recurring ? subscriptionDataOf(seed) : null,
    tax_id_collection: { enabled: false, required: 'never' },
    transfer_data: null,
    url: `${state.url}/pay/${id}`,
  } satisfies Stripe.PaymentLink
}

function subscriptionDataOf(seed: LinkSeed): Stripe.PaymentLink.SubscriptionData {
  return {
    description: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    metadata: {},
    trial_period_days: seed.trialDays ?? null,
    trial_settings: null,
  }
}

type LinkChange = {
  active?: boolean
  metadata?: Stripe.Metadata
  inactive_message?: string | null
  after_completion?: Stripe.PaymentLink.AfterCompletion
}

export function updateLink(state: State, id: string, change: LinkChange): Stripe.PaymentLink {
  const link = must(state.links, id)
  const before = Object.fromEntries(
    Object.keys(change).map((key) => [key, link[key as keyof LinkChange]]),
  )
  Object.assign(link, change)
  emit(state, 'payment_link.updated', link, { previous: before })
  return link
}

/** Counts a completed session against the link's limit; Stripe switches the link off at the limit. */
export function countCompletedSession(state: State, linkId: string): void {
  const link = must(state.links, linkId)
  const completed = link.restrictions?.completed_sessions
  if (!completed) return
  completed.count += 1
  if (completed.count >= completed.limit && link.active)
    updateLink(state, linkId, { active: false })
}

/** Links show the product's new name at once; sessions that were opened before keep the old one. */
export function renameProduct(state: State, id: string, name: string): Stripe.Product {
  const product = must(state.products, id)
  const previous = { name: product.name, updated: product.updated }
  product.name = name
  product.updated = seconds(state)
  for (const link of state.links.newestFirst()) {
    for (const item of state.lineItems.get(link.id) ?? []) {
      if (item.price?.product === id) item.description = name
    }
  }
  emit(state, 'product.updated', product, { previous })
  return product
}

export function deactivatePrice(state: State, id: string): Stripe.Price {
  const price = must(state.prices, id)
  price.active = false
  emit(state, 'price.updated', price, { previous: { active: true } })
  return price
}
