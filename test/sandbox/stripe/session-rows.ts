import type Stripe from 'stripe'
import { ApiError, noSuch } from './api-errors.ts'
import { flagIn, partsOf, required, rowsIn, wholeIn, wordIn } from './form-body.ts'
import { type Form, textOf } from './parse-form.ts'
import type { CartRow } from './price-cart.ts'
import { idOf, must, type State } from './state.ts'
import { stockItem, stockShippingRate } from './stock-catalogue.ts'

const MOST_OPTIONAL = 10
const MOST = { payment: 100, subscription: 40 } as const

/** What is to be bought, by prices that the shop has or by such as are told along. Throws ApiError. */
export function rowsOfSession(state: State, form: Form, livemode: boolean): CartRow[] {
  const rows = rowsIn(form, 'line_items').map((row, at) => {
    const param = `line_items[${at}]`
    const price = row['price_data']
      ? madePrice(state, row, param, livemode)
      : known(state, row, param)
    const quantity = wholeIn(row, 'quantity', `${param}[quantity]`)
    if (quantity === undefined || quantity < 1) {
      throw new ApiError(400, 'Quantity is required. Add `quantity` to `line_items`.', {
        code: 'parameter_missing',
        param: `${param}[quantity]`,
      })
    }
    const { name } = must(state.products, idOf(price.product))
    return { price, name, quantity }
  })
  if (rows.length === 0) {
    throw new ApiError(400, 'Missing required param: line_items.', {
      code: 'parameter_missing',
      param: 'line_items',
    })
  }
  return rows
}

function known(state: State, row: Form, param: string): Stripe.Price {
  const id = required(row, 'price', `${param}[price]`)
  const price = state.prices.get(id)
  if (!price) throw noSuch('price', id, `${param}[price]`)
  if (price.active) return price
  throw new ApiError(
    400,
    `The price specified is inactive. This field only accepts active prices.`,
    {
      param: `${param}[price]`,
    },
  )
}

function madePrice(state: State, row: Form, param: string, livemode: boolean): Stripe.Price {
  const data = partsOf(row, 'price_data')
  const product = partsOf(data, 'product_data')
  const amount = wholeIn(data, 'unit_amount', `${param}[price_data][unit_amount]`)
  const recurring = partsOf(data, 'recurring')
  const interval = wordIn(recurring, 'interval', ['day', 'week', 'month', 'year'])
  const name = required(product, 'name', `${param}[price_data][product_data][name]`)
  return stockItem(
    state,
    { name, amount: amount ?? 0 },
    {
      currency: required(data, 'currency', `${param}[price_data][currency]`),
      ...(interval && {
        recurring: { interval, interval_count: wholeIn(recurring, 'interval_count') ?? 1 },
      }),
      taxed: data['tax_behavior'] === 'exclusive',
      livemode,
    },
  )
}

/** What the page is to offer besides; at most ten. Throws ApiError. */
export function optionalItems(
  state: State,
  form: Form,
): Stripe.Checkout.Session.OptionalItem[] | null {
  const rows = rowsIn(form, 'optional_items').map((row, at) => {
    const param = `optional_items[${at}]`
    const adjusts = partsOf(row, 'adjustable_quantity')
    const limit = (name: string) => wholeIn(adjusts, name) ?? null
    return {
      price: known(state, row, param).id,
      quantity: wholeIn(row, 'quantity', `${param}[quantity]`) ?? 1,
      adjustable_quantity: flagIn(adjusts, 'enabled', false)
        ? { enabled: true, minimum: limit('minimum'), maximum: limit('maximum') }
        : null,
    }
  })
  if (rows.length > MOST_OPTIONAL)
    throw new ApiError(400, `You may only specify up to ${MOST_OPTIONAL} optional items.`, {
      param: 'optional_items',
    })
  return rows.length > 0 ? rows : null
}

/** Modes and what they may hold. Throws ApiError 400. */
export function checkMode(
  form: Form,
  mode: 'payment' | 'subscription',
  rows: readonly CartRow[],
): void {
  const refuse = (message: string, param: string) => new ApiError(400, message, { param })
  const recurring = rows.some(({ price }) => price.recurring)
  if (mode === 'payment' && recurring) {
    throw refuse(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      'mode',
    )
  }
  if (mode === 'subscription' && !recurring) {
    throw refuse(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      'line_items',
    )
  }
  const others =
    mode === 'payment'
      ? ['subscription_data', 'payment_method_collection']
      : ['payment_intent_data', 'customer_creation', 'invoice_creation']
  for (const other of others) {
    if (form[other] !== undefined) {
      throw refuse(`You can not pass \`${other}\` in \`${mode}\` mode.`, other)
    }
  }
  if (new Set(rows.map(({ price }) => price.currency)).size > 1) {
    throw refuse('All prices on a Checkout Session must use the same currency.', 'line_items')
  }
  if (rows.length > MOST[mode]) {
    throw refuse(`You may only specify up to ${MOST[mode]} line items.`, 'line_items')
  }
}

/** Ways to send the goods: rates that exist or such as are told along. */
export function shippingOptions(
  state: State,
  form: Form,
  currency: string,
): Stripe.Checkout.Session.ShippingOption[] {
  return rowsIn(form, 'shipping_options').map((row, at) => {
    const param = `shipping_options[${at}]`
    const id = textOf(row['shipping_rate'])
    const data = partsOf(row, 'shipping_rate_data')
    if (id !== undefined && !state.shippingRates.get(id)) throw noSuch('shipping rate', id, param)
    const rate =
      state.shippingRates.get(id ?? '') ??
      stockShippingRate(
        state,
        {
          name: required(data, 'display_name', `${param}[shipping_rate_data][display_name]`),
          amount: wholeIn(partsOf(data, 'fixed_amount'), 'amount') ?? 0,
        },
        currency,
      )
    return { shipping_amount: rate.fixed_amount?.amount ?? 0, shipping_rate: rate.id }
  })
}
