import type { FastifyInstance } from 'fastify'
import { noSuch } from './api-errors.ts'
import { createdFilter, pageOf, readPaging } from './page-lists.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import { pathOf } from './serve-api.ts'
import type { State } from './state.ts'

const FILTERS = ['type', 'types', 'created', 'delivery_success']

/** What happened, newest first: how a shop finds out what its letterbox missed. */
export function serveEvents(app: FastifyInstance, state: State): void {
  app.get('/events', (request) => {
    const query = request.query as Form
    const { limit, after } = readPaging(query, FILTERS)
    if (after !== undefined && !state.eventById.has(after)) {
      throw noSuch('event', after, 'starting_after')
    }
    return pageOf(select(state, query, after, request.livemode), pathOf(request), limit)
  })

  app.get<{ Params: { id: string } }>('/events/:id', (request) => {
    const stored = state.eventById.get(request.params.id)
    if (stored?.event.id !== request.params.id) throw noSuch('event', request.params.id)
    return stored.event
  })
}

/** The v2 side of the same events: notifications without their subject. */
export function serveThinEvents(app: FastifyInstance, state: State): void {
  app.get<{ Params: { id: string } }>('/core/events/:id', (request, reply) => {
    const stored = state.eventById.get(request.params.id)
    if (stored?.thin.id !== request.params.id) throw noSuch('event', request.params.id)
    return reply.type('application/json; charset=utf-8').send(stored.thin.payload)
  })
}

function* select(state: State, query: Form, after: string | undefined, livemode: boolean) {
  const types = [...textsOf(query['types']), ...textsOf(query['type'])]
  const delivered = textOf(query['delivery_success'])
  const inTime = createdFilter(query['created'])
  let reached = after === undefined
  for (let at = state.events.length - 1; at >= 0; at--) {
    const { event, delivered: wasDelivered } = state.events[at]!
    const fits =
      event.livemode === livemode &&
      inTime(event) &&
      (types.length === 0 || types.includes(event.type)) &&
      (delivered === undefined || String(wasDelivered) === delivered)
    if (reached && fits) yield event
    if (event.id === after) reached = true
  }
}
