import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError, noSuch } from './api-errors.ts'
import { type Resource, resourcesOf, type Stored } from './api-resources.ts'
import { expandObject } from './expand-objects.ts'
import { createdFilter, newerThan, pageOf, pageOfRow, readPaging } from './page-lists.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import { pathOf } from './serve-api.ts'
import type { Shelf } from './shelf.ts'
import type { State } from './state.ts'

/** Reading one and reading many, the same for every kind of object; and the rows of sessions and links. */
export function serveReads(app: FastifyInstance, state: State): void {
  for (const resource of resourcesOf(state)) {
    app.get(resource.path, (request) => list(state, resource, request))
    app.get<{ Params: { id: string } }>(`${resource.path}/:id`, (request) => {
      const item = findOrThrow(resource, request.params.id, request.livemode)
      if (resource.path !== '/customers' && state.deleted.has(item.id))
        throw noSuch(resource.kind, item.id)
      return expandObject(
        state,
        resource.show?.(item, expandOf(request.query)) ?? item,
        expandOf(request.query),
      )
    })
  }
  const withRows: [path: string, kind: string, shelf: Shelf<Stored>][] = [
    ['/checkout/sessions', 'checkout.session', state.sessions],
    ['/payment_links', 'payment_link', state.links],
  ]
  for (const [path, kind, shelf] of withRows) {
    app.get<{ Params: { id: string } }>(`${path}/:id/line_items`, (request) => {
      const { id } = findOrThrow({ kind, shelf }, request.params.id, request.livemode)
      const row = state.lineItems.get(id) ?? []
      const page = pageOfRow(row, pathOf(request), request.query as Form)
      return expandObject(state, page, expandOf(request.query))
    })
  }
}

/** The object, in the mode of the caller's key. Throws ApiError 404, and says so when it is the other mode's. */
export function findOrThrow<T extends Stored>(
  resource: { kind: string; shelf: Shelf<T> },
  id: string,
  livemode: boolean,
  param = 'id',
): T {
  const item = resource.shelf.get(id)
  if (!item) throw noSuch(resource.kind, id, param)
  if ((item.livemode ?? livemode) === livemode) return item
  const [theirs, ours] = livemode ? ['test', 'live'] : ['live', 'test']
  throw new ApiError(
    404,
    `No such ${resource.kind}: '${id}'; a similar object exists in ${theirs} mode, but a ${ours} mode key was used to make this request.`,
    { code: 'resource_missing', param },
  )
}

export function expandOf(form: unknown): string[] {
  return textsOf((form as Form | null)?.['expand'])
}

function list(state: State, resource: Resource, request: FastifyRequest) {
  const query = request.query as Form
  const { limit, after } = readPaging(query, [
    ...resource.filters,
    ...(resource.ownFilters ?? []),
    ...(resource.untimed ? [] : ['created']),
  ])
  if (after !== undefined && !resource.shelf.get(after)) {
    throw noSuch(resource.kind, after, 'starting_after')
  }
  const group = resource.grouped && textOf(query[resource.grouped])
  const candidates =
    resource.find?.(query) ??
    resource.shelf.newestFirst({ ...(group && { group }), ...(after && { after }) })
  const items = select(candidates, resource, query, request.livemode)
  const page = pageOf(items, pathOf(request), limit)
  return expandObject(state, page, expandOf(query))
}

function* select(candidates: Iterable<Stored>, resource: Resource, query: Form, livemode: boolean) {
  const inTime = createdFilter(query['created'])
  const wanted = resource.filters.flatMap((name) => {
    const value = textOf(query[name])
    return value === undefined ? [] : [{ name, value }]
  })
  for (const stored of newerThan(candidates, query['created'])) {
    const item = resource.show?.(stored, expandOf(query)) ?? stored
    if (resource.fits?.(stored, query) === false) continue
    const inMode = (item.livemode ?? livemode) === livemode
    if (inMode && inTime(item) && wanted.every((one) => hasValue(item, one))) yield item
  }
}

function hasValue(item: object, { name, value }: { name: string; value: string }): boolean {
  return String((item as Record<string, unknown>)[name]) === value
}
