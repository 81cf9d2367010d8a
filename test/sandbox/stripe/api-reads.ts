import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError, noSuch } from './api-errors.ts'
import { expandObject } from './expand-objects.ts'
import { createdFilter, newerThan, pageOf, pageOfRow, readPaging } from './page-lists.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import type { Shelf } from './shelf.ts'
import type { State } from './state.ts'

/** Payment Links carry no `created`, refunds no `livemode`; Stripe's own are made so. */
type Stored = { id: string; created?: number; livemode?: boolean }

type Resource = {
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

function resourcesOf(state: State): Resource[] {
  return [
    {
      path: '/v1/checkout/sessions',
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
      path: '/v1/payment_links',
      kind: 'payment_link',
      shelf: state.links,
      filters: ['active'],
      untimed: true,
    },
    { path: '/v1/products', kind: 'product', shelf: state.products, filters: ['active'] },
    {
      path: '/v1/prices',
      kind: 'price',
      shelf: state.prices,
      filters: ['active', 'product', 'currency', 'type'],
      grouped: 'product',
    },
    {
      path: '/v1/payment_intents',
      kind: 'payment_intent',
      shelf: state.intents,
      filters: ['customer'],
    },
    {
      path: '/v1/charges',
      kind: 'charge',
      shelf: state.charges,
      filters: ['payment_intent', 'customer'],
      grouped: 'payment_intent',
    },
    {
      path: '/v1/refunds',
      kind: 'refund',
      shelf: state.refunds,
      filters: ['payment_intent', 'charge'],
      grouped: 'payment_intent',
    },
    {
      path: '/v1/disputes',
      kind: 'dispute',
      shelf: state.disputes,
      filters: ['payment_intent', 'charge'],
      grouped: 'payment_intent',
    },
    {
      path: '/v1/customers',
      kind: 'customer',
      shelf: state.customers,
      filters: ['email'],
      grouped: 'email',
    },
    {
      path: '/v1/subscriptions',
      kind: 'subscription',
      shelf: state.subscriptions,
      filters: ['customer', 'status'],
      grouped: 'customer',
    },
    {
      path: '/v1/invoices',
      kind: 'invoice',
      shelf: state.invoices,
      filters: ['customer', 'status'],
      grouped: 'customer',
    },
    {
      path: '/v1/invoice_payments',
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

/** Reading one and reading many, the same for every kind of object; and the rows of sessions and links. */
export function serveReads(app: FastifyInstance, state: State): void {
  for (const resource of resourcesOf(state)) {
    app.get(resource.path, (request) => list(state, resource, request))
    app.get<{ Params: { id: string } }>(`${resource.path}/:id`, (request) => {
      const item = findOrThrow(resource, request.params.id, request.livemode)
      return expandObject(state, item, expandOf(request.query))
    })
  }
  const withRows: [path: string, kind: string, shelf: Shelf<Stored>][] = [
    ['/v1/checkout/sessions', 'checkout.session', state.sessions],
    ['/v1/payment_links', 'payment_link', state.links],
  ]
  for (const [path, kind, shelf] of withRows) {
    app.get<{ Params: { id: string } }>(`${path}/:id/line_items`, (request) => {
      const { id } = findOrThrow({ kind, shelf }, request.params.id, request.livemode)
      const url = `${path}/${id}/line_items`
      const page = pageOfRow(state.lineItems.get(id) ?? [], url, request.query as Form)
      return expandObject(state, page, expandOf(request.query))
    })
  }
}

/** The object, in the mode of the caller's key. Throws ApiError 404, and says so when it is the other mode's. */
export function findOrThrow<T extends Stored>(
  resource: { kind: string; shelf: Shelf<T> },
  id: string,
  livemode: boolean,
): T {
  const item = resource.shelf.get(id)
  if (!item) throw noSuch(resource.kind, id)
  if ((item.livemode ?? livemode) === livemode) return item
  const [theirs, ours] = livemode ? ['test', 'live'] : ['live', 'test']
  throw new ApiError(
    404,
    `No such ${resource.kind}: '${id}'; a similar object exists in ${theirs} mode, but a ${ours} mode key was used to make this request.`,
    { code: 'resource_missing', param: 'id' },
  )
}

export function expandOf(form: unknown): string[] {
  return textsOf((form as Form | null)?.['expand'])
}

function list(state: State, resource: Resource, request: FastifyRequest) {
  const query = request.query as Form
  const { limit, after } = readPaging(query, [
    ...resource.filters,
    ...(resource.untimed ? [] : ['created']),
  ])
  if (after !== undefined && !resource.shelf.get(after)) {
    throw noSuch(resource.kind, after, 'starting_after')
  }
  const group = resource.grouped && textOf(query[resource.grouped])
  const candidates =
    resource.find?.(query) ??
    resource.shelf.newestFirst({ ...(group && { group }), ...(after && { after }) })
  const page = pageOf(select(candidates, resource, query, request.livemode), resource.path, limit)
  return expandObject(state, page, expandOf(query))
}

function* select(candidates: Iterable<Stored>, resource: Resource, query: Form, livemode: boolean) {
  const inTime = createdFilter(query['created'])
  const wanted = resource.filters.flatMap((name) => {
    const value = textOf(query[name])
    return value === undefined ? [] : [{ name, value }]
  })
  for (const item of newerThan(candidates, query['created'])) {
    const inMode = (item.livemode ?? livemode) === livemode
    if (inMode && inTime(item) && wanted.every((one) => hasValue(item, one))) yield item
  }
}

function hasValue(item: object, { name, value }: { name: string; value: string }): boolean {
  return String((item as Record<string, unknown>)[name]) === value
}
