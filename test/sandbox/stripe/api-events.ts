import type { FastifyInstance } from 'fastify'
import { ApiError, noSuch } from './api-errors.ts'
import { createdFilter, newerThan, pageOf, readPaging } from './page-lists.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import { pathOf } from './serve-api.ts'
import { type State, type StoredEvent, seconds } from './state.ts'

const FILTERS = ['type', 'types', 'created', 'delivery_success']
const MOST_TYPES = 20
/** https://docs.stripe.com/webhooks/process-undelivered-events: 30 days */
const KEPT_SECONDS = 30 * 86_400

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

function select(state: State, query: Form, after: string | undefined, livemode: boolean) {
  const types = [...textsOf(query['types']), ...textsOf(query['type'])]
  if (types.length > MOST_TYPES) {
    throw new ApiError(400, `You may specify up to ${MOST_TYPES} types`, { param: 'types' })
  }
  const delivered = textOf(query['delivery_success'])
  const inTime = createdFilter(query['created'])
  const fits = ({ event, delivered: wasDelivered }: StoredEvent) =>
    event.livemode === livemode &&
    inTime(event) &&
    (types.length === 0 || types.includes(event.type)) &&
    (delivered === undefined || String(wasDelivered) === delivered)
  return newerThan(walkBack(state, after, fits), query['created'])
}

function* walkBack(state: State, after: string | undefined, fits: (one: StoredEvent) => boolean) {
  const oldest = seconds(state) - KEPT_SECONDS
  let reached = after === undefined
  for (let at = state.events.length - 1; at >= 0; at--) {
    const stored = state.events[at]!
    if (stored.event.created < oldest) return
    if (reached && fits(stored)) yield stored.event
    if (stored.event.id === after) reached = true
  }
}
