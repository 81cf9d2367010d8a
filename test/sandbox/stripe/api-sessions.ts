import type { FastifyInstance } from 'fastify'
import { expandOf } from './api-reads.ts'
import { createSession } from './create-session.ts'
import { expandObject } from './expand-objects.ts'
import { shapedBody } from './form-body.ts'
import { SESSION_SHAPE } from './session-shape.ts'
import type { State } from './state.ts'

/** Checkout sessions that a server opens itself, for a customer it may know. */
export function serveSessions(app: FastifyInstance, state: State): void {
  app.post('/checkout/sessions', (request) => {
    const form = shapedBody(request, SESSION_SHAPE)
    const session = createSession(state, form, request.livemode)
    return expandObject(state, session, expandOf(request.body))
  })
}
