import type Stripe from 'stripe'
import { ApiError, noSuch } from './api-errors.ts'
import { enabledIn, needs } from './configuration-features.ts'
import { flagIn, partsOf, required, rowsIn, wholeIn, wordIn } from './form-body.ts'
import { type Form, textsOf } from './parse-form.ts'
import { idOf, type State } from './state.ts'

type Update = Stripe.BillingPortal.Configuration.Features.SubscriptionUpdate

const AT = 'features[subscription_update]'
const MOST_PRODUCTS = 10
const ALLOWED = ['price', 'promotion_code', 'quantity'] as const
const CONDITIONS = ['decreasing_item_amount', 'shortening_interval'] as const

/** Which plans a member may change to. Throws ApiError 400 and 404 for what the shop does not sell. */
export function updateFeature(state: State, part: Form, was: Update): Update {
  const enabled = enabledIn(part, 'subscription_update')
  const told = part['default_allowed_updates']
  const allowed = told === undefined ? was.default_allowed_updates : allowedIn(part)
  const products = part['products'] === undefined ? (was.products ?? []) : productsIn(state, part)
  if (enabled && allowed.length === 0) throw needs('subscription_update', 'default_allowed_updates')
  if (enabled && products.length === 0) throw needs('subscription_update', 'products')
  const schedule = partsOf(part, 'schedule_at_period_end')
  return {
    billing_cycle_anchor:
      wordIn(part, 'billing_cycle_anchor', ['now', 'unchanged']) ?? was.billing_cycle_anchor,
    default_allowed_updates: allowed,
    enabled,
    products,
    proration_behavior:
      wordIn(part, 'proration_behavior', ['none', 'create_prorations', 'always_invoice']) ??
      was.proration_behavior,
    schedule_at_period_end:
      part['schedule_at_period_end'] === undefined
        ? was.schedule_at_period_end
        : {
            conditions: rowsIn(schedule, 'conditions').map((row) => ({
              type: wordIn(row, 'type', CONDITIONS)!,
            })),
          },
    trial_update_behavior:
      wordIn(part, 'trial_update_behavior', ['continue_trial', 'end_trial']) ??
      was.trial_update_behavior,
  }
}

function allowedIn(part: Form) {
  return textsOf(part['default_allowed_updates'])
    .filter(Boolean)
    .map((word) => wordIn({ word }, 'word', ALLOWED, `${AT}[default_allowed_updates]`)!)
}

function productsIn(state: State, part: Form): NonNullable<Update['products']> {
  const rows = rowsIn(part, 'products')
  if (rows.length > MOST_PRODUCTS) {
    throw new ApiError(400, `You may only specify up to ${MOST_PRODUCTS} products.`, {
      param: `${AT}[products]`,
    })
  }
  return rows.map((row, at) => {
    const param = `${AT}[products][${at}]`
    const product = required(row, 'product', `${param}[product]`)
    if (!state.products.get(product)) throw noSuch('product', product, `${param}[product]`)
    const prices = textsOf(row['prices'])
    if (prices.length === 0) required(row, 'prices', `${param}[prices]`)
    for (const price of prices) checkPrice(state, price, product, `${param}[prices]`)
    const quantity = partsOf(row, 'adjustable_quantity')
    return {
      adjustable_quantity: {
        enabled: flagIn(quantity, 'enabled', false),
        maximum: wholeIn(quantity, 'maximum') ?? null,
        minimum: wholeIn(quantity, 'minimum') ?? 1,
      },
      prices,
      product,
    }
  })
}

function checkPrice(state: State, id: string, product: string, param: string): void {
  const price = state.prices.get(id)
  if (!price) throw noSuch('price', id, param)
  if (idOf(price.product) === product && price.recurring && price.active) return
  throw new ApiError(
    400,
    `The price ${id} must be active, recurring and belong to the product ${product}.`,
    { param },
  )
}
