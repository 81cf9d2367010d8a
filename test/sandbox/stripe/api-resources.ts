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
        const intent = textOf(query['payment_intent'])
        if (intent === undefined) return undefined
        const session = state.sessions.get(state.sessionOfIntent.get(intent) ?? '')
        return session ? [session] : []
      },
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
    {
      path: '/customers',
      kind: 'customer',
      shelf: state.customers,
      filters: ['email'],
      grouped: 'email',
    },
    {
      path: '/subscriptions',
      kind: 'subscription',
      shelf: state.subscriptions,
      filters: ['customer', 'status'],
      grouped: 'customer',
    },
    {
      path: '/invoices',
      kind: 'invoice',
      shelf: state.invoices,
      filters: ['customer', 'status'],
      grouped: 'customer',
    },
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
