import Stripe from 'stripe'
import type { LinkSeed } from '../types.ts'
import { type State, seconds } from './state.ts'

type ItemSeed = LinkSeed['items'][number]

/** Puts a product and its price on the shelves, as the shopkeeper would in the dashboard. */
export function stockItem(state: State, item: ItemSeed, terms: Terms): Stripe.Price {
  const product = state.products.put(buildProduct(state, item, terms.livemode))
  const price = stockPrice(state, product.id, item.amount, terms)
  product.default_price = price.id
  return price
}

function buildProduct(state: State, item: ItemSeed, livemode: boolean): Stripe.Product {
  const now = seconds(state)
  return {
    id: state.ids.id('prod_', 14),
    object: 'product',
    active: true,
    created: now,
    default_price: null,
    description: item.description ?? null,
    images: item.image ? [item.image] : [],
    livemode,
    marketing_features: [],
    metadata: {},
    name: item.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: now,
    url: null,
  } satisfies Stripe.Product
}

type Terms = {
  currency: string
  recurring?: LinkSeed['recurring']
  taxed: boolean
  livemode: boolean
}

/** A price of a product that is there already; `amount` in minor units. */
export function stockPrice(
  state: State,
  product: string,
  amount: number,
  terms: Terms,
): Stripe.Price {
  return state.prices.put(buildPrice(state, amount, product, terms))
}

function buildPrice(state: State, amount: number, product: string, terms: Terms): Stripe.Price {
  return {
    id: state.ids.id('price_'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: seconds(state),
    currency: terms.currency,
    custom_unit_amount: null,
    livemode: terms.livemode,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product,
    recurring: terms.recurring
      ? {
          interval: terms.recurring.interval,
          interval_count: terms.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: terms.taxed ? 'exclusive' : 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: terms.recurring ? 'recurring' : 'one_time',
    unit_amount: amount,
    unit_amount_decimal: Stripe.Decimal.from(String(amount)),
  } satisfies Stripe.Price
}

export function stockCoupon(
  state: State,
  discount: NonNullable<LinkSeed['discount']>,
  currency: string,
): Stripe.Coupon {
  return state.coupons.put({
    id: state.ids.id('', 8),
    object: 'coupon',
    amount_off: discount.amount,
    created: seconds(state),
    currency,
    duration: 'once',
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: discount.name,
    percent_off: null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  } satisfies Stripe.Coupon)
}

export function stockShippingRate(
  state: State,
  shipping: NonNullable<LinkSeed['shipping']>,
  currency: string,
): Stripe.ShippingRate {
  return state.shippingRates.put({
    id: state.ids.id('shr_'),
    object: 'shipping_rate',
    active: true,
    created: seconds(state),
    delivery_estimate: null,
    display_name: shipping.name,
    fixed_amount: { amount: shipping.amount, currency },
    livemode: false,
    metadata: {},
    tax_behavior: 'unspecified',
    tax_code: null,
    type: 'fixed_amount',
  } satisfies Stripe.ShippingRate)
}
