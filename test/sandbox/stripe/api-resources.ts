import { expireIfLate } from './expire-session.ts'
import { memberResources } from './member-resources.ts'
import { type Form, textOf } from './parse-form.ts'
import type { Shelf } from './shelf.ts'
import type { State } from './state.ts'

/** Payment Links carry no `created`, refunds no `livemode`; Stripe's own are made so. */
export type Stored = { id: string; created?: number; livemode?: boolean }

export type Resource = {
  path: string
  kind: string
  shelf: Shelf<Stored>
  /** Parameters that ask for a property of the same name to be equal */
  filters: readonly string[]
  /** The filter whose values the shelf keeps grouped */
  grouped?: string
  /** `created` is no filter here */
  untimed?: boolean
  /** Parameters that are no plain property, answered by `fits` */
  ownFilters?: readonly string[]
  /** Whether an object belongs in this list at all */
  fits?: (item: Stored, query: Form) => boolean
  /** What is shown instead: nothing of a deleted object but its id, or the object brought up to date */
  show?: (item: Stored, expand: readonly string[]) => Stored
  /** Where an index knows the answer better than a walk along the shelf */
  find?: (query: Form) => Iterable<Stored> | undefined
}

/** Every kind of object that can be read and listed. */
export function resourcesOf(state: State): Resource[] {
  return [
    {
      path: '/checkout/sessions',
      kind: 'checkout.session',
      shelf: state.sessions,
      filters: ['payment_link', 'payment_intent', 'status', 'customer', 'subscription'],
      grouped: 'payment_link',
      find: (query) => {
        // The intent of a subscription's invoice leads to no session: the filter on the property sees to it.
        const intent = textOf(query['payment_intent'])
        const subscription = textOf(query['subscription'])
        if (intent === undefined && subscription === undefined) return undefined
        const id =
          subscription === undefined
            ? state.sessionOfIntent.get(intent ?? '')
            : state.sessionOfSubscription.get(subscription)
        const session = state.sessions.get(id ?? '')
        return session ? [session] : []
      },
      show: (item) => expireIfLate(state, item.id),
    },
    {
      path: '/payment_links',
      kind: 'payment_link',
      shelf: state.links,
      filters: ['active'],
      untimed: true,
    },
    { path: '/products', kind: 'product', shelf: state.products, filters: ['active'] },
    {
      path: '/prices',
      kind: 'price',
      shelf: state.prices,
      filters: ['active', 'product', 'currency', 'type'],
      grouped: 'product',
    },
    {
      path: '/payment_intents',
      kind: 'payment_intent',
      shelf: state.intents,
      filters: ['customer'],
    },
    {
      path: '/charges',
      kind: 'charge',
      shelf: state.charges,
      filters: ['payment_intent', 'customer'],
      grouped: 'payment_intent',
    },
    {
      path: '/refunds',
      kind: 'refund',
      shelf: state.refunds,
      filters: ['payment_intent', 'charge'],
      grouped: 'payment_intent',
    },
    {
      path: '/disputes',
      kind: 'dispute',
      shelf: state.disputes,
      filters: ['payment_intent', 'charge'],
      grouped: 'payment_intent',
    },
    ...memberResources(state),
    {
      path: '/invoice_payments',
      kind: 'invoice_payment',
      shelf: state.invoicePayments,
      filters: ['invoice', 'payment', 'status'],
      grouped: 'invoice',
      find: ({ payment }) =>
        typeof payment === 'object' && !Array.isArray(payment)
          ? state.invoicePayments.newestFirst({ group: textOf(payment['payment_intent']) ?? '' })
          : undefined,
    },
  ]
}
