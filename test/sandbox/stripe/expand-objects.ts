import { ApiError } from './api-errors.ts'
import { tombstone } from './keep-customers.ts'
import { pageOf } from './page-lists.ts'
import type { State } from './state.ts'

type Json = Record<string, unknown>

/** Stripe goes four levels deep and no further. */
const DEEPEST = 4

/**
 * A copy of the object with each of these paths ("payment_intent.latest_charge") filled in. What is not
 * on a path is shared with the original, never changed. Throws ApiError for a path that leads nowhere.
 */
export function expandObject<T extends object>(state: State, object: T, paths: string[]): T {
  return paths.reduce<T>((result, path) => {
    const keys = path.split('.')
    // The `data` of a list counts as a level too.
    if (keys.length > DEEPEST) {
      const words = `You cannot expand more than ${DEEPEST} levels of a property. Property: ${path}`
      throw new ApiError(400, words, { param: 'expand' })
    }
    return expandAlong(state, result, keys, path) as T
  }, object)
}

function expandAlong(state: State, value: unknown, keys: string[], path: string): unknown {
  const [key, ...rest] = keys
  if (key === undefined || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((part) => expandAlong(state, part, keys, path))
  const object = value as Json
  // A tombstone has nothing left to look into.
  if (object['deleted'] === true) return object
  const inner = includable(state, object, key) ?? object[key]
  if (inner === undefined) throw cannotExpand(path)
  const opened = typeof inner === 'string' ? findById(state, inner) : inner
  if (opened === undefined) throw cannotExpand(path)
  return { ...object, [key]: expandAlong(state, opened, rest, path) }
}

function cannotExpand(path: string): ApiError {
  return new ApiError(400, `This property cannot be expanded (${path}).`, { param: 'expand' })
}

/** Lists that Stripe leaves out until they are asked for by name. */
function includable(state: State, object: Json, key: string): Json | undefined {
  if (object[key] !== undefined) return undefined
  const id = String(object['id'])
  if (key === 'line_items' && state.lineItems.has(id)) {
    const kind = object['object'] === 'payment_link' ? 'payment_links' : 'checkout/sessions'
    return pageOf(state.lineItems.get(id)!, `/v1/${kind}/${id}/line_items`)
  }
  if (key === 'refunds' && object['object'] === 'charge') {
    return pageOf(state.refunds.newestFirst({ group: id }), `/v1/charges/${id}/refunds`)
  }
  if (key === 'payments' && object['object'] === 'invoice') {
    return pageOf(state.invoicePayments.newestFirst({ group: id }), '/v1/invoice_payments')
  }
  return undefined
}

/** Every kind of object that another one may point to. */
function findById(state: State, id: string): object | undefined {
  if (state.deleted.has(id) && state.customers.get(id)) return tombstone(id)
  const shelves = [
    state.intents,
    state.charges,
    state.products,
    state.prices,
    state.customers,
    state.methods,
    state.sessions,
    state.links,
    state.subscriptions,
    state.invoices,
    state.refunds,
    state.coupons,
    state.shippingRates,
    state.clocks,
    state.features,
    state.configurations,
    state.disputes,
    state.invoicePayments,
  ]
  for (const shelf of shelves) {
    const found = shelf.get(id)
    if (found) return found
  }
  return undefined
}
