import type Stripe from 'stripe'
import { ApiError } from './api-errors.ts'
import type { Resource, Stored } from './api-resources.ts'
import { tombstone } from './keep-customers.ts'
import { shownConfiguration } from './open-portal.ts'
import { type Form, textOf } from './parse-form.ts'
import { idOf, type State } from './state.ts'

const ENDED: ReadonlySet<string> = new Set(['canceled', 'incomplete_expired'])
const STATUSES: ReadonlySet<string> = new Set([
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
])

/** The lists that know of members: who lives by a test clock or was deleted is not in all of them. */
export function memberResources(state: State): Resource[] {
  const isThere = ({ id }: Stored) => !state.deleted.has(id)
  return [
    {
      path: '/customers',
      kind: 'customer',
      shelf: state.customers,
      filters: ['email'],
      ownFilters: ['test_clock'],
      grouped: 'email',
      fits: (item, query) => isThere(item) && onClock(item, query),
      show: (item) => (isThere(item) ? item : tombstone(item.id)),
    },
    {
      path: '/payment_methods',
      kind: 'payment_method',
      shelf: state.methods,
      filters: ['customer', 'type'],
      grouped: 'customer',
      untimed: true,
    },
    {
      path: '/subscriptions',
      kind: 'subscription',
      shelf: state.subscriptions,
      filters: ['customer', 'collection_method'],
      ownFilters: ['status', 'price', 'test_clock'],
      grouped: 'customer',
      fits: (item, query) => isThere(item) && fitsSubscription(item as Stripe.Subscription, query),
    },
    {
      path: '/invoices',
      kind: 'invoice',
      shelf: state.invoices,
      filters: ['customer', 'status', 'collection_method'],
      ownFilters: ['subscription', 'test_clock'],
      grouped: 'customer',
      fits: (item, query) => isThere(item) && fitsInvoice(item as Stripe.Invoice, query),
    },
    {
      path: '/test_helpers/test_clocks',
      kind: 'test_clock',
      shelf: state.clocks,
      filters: [],
      untimed: true,
      fits: isThere,
    },
    {
      path: '/entitlements/features',
      kind: 'entitlements.feature',
      shelf: state.features,
      filters: ['lookup_key'],
      ownFilters: ['archived'],
      untimed: true,
      fits: (item, query) =>
        (item as Stripe.Entitlements.Feature).active === (textOf(query['archived']) !== 'true'),
    },
    {
      path: '/billing_portal/configurations',
      kind: 'configuration',
      shelf: state.configurations,
      filters: ['active', 'is_default'],
      untimed: true,
      fits: isThere,
      show: (item, expand) =>
        shownConfiguration(item as Stripe.BillingPortal.Configuration, expand),
    },
  ]
}

/** What lives by a test clock stays out of lists, unless the clock or the customer is named. */
function onClock(item: Stored, query: Form): boolean {
  const clock = (item as { test_clock?: unknown }).test_clock ?? null
  const wanted = textOf(query['test_clock'])
  if (wanted !== undefined) return clock === wanted
  return clock === null || query['customer'] !== undefined || query['subscription'] !== undefined
}

function fitsSubscription(one: Stripe.Subscription, query: Form): boolean {
  const status = textOf(query['status'])
  if (status !== undefined && !STATUSES.has(status)) {
    throw new ApiError(400, `Invalid status: must be one of ${[...STATUSES].join(', ')}`, {
      param: 'status',
    })
  }
  const price = textOf(query['price'])
  return (
    onClock(one, query) &&
    (price === undefined || one.items.data.some((item) => item.price.id === price)) &&
    hasStatus(one.status, status)
  )
}

function hasStatus(status: string, wanted: string | undefined): boolean {
  if (wanted === 'all') return true
  if (wanted === 'ended') return ENDED.has(status)
  return wanted === undefined ? !ENDED.has(status) : status === wanted
}

function fitsInvoice(invoice: Stripe.Invoice, query: Form): boolean {
  const subscription = textOf(query['subscription'])
  const of = idOf(invoice.parent?.subscription_details?.subscription)
  return onClock(invoice, query) && (subscription === undefined || of === subscription)
}
