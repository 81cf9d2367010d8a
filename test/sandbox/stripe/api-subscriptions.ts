import type { FastifyInstance, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { ApiError } from './api-errors.ts'
import { expandOf, findOrThrow } from './api-reads.ts'
import { endSubscription } from './change-subscription.ts'
import { stateFor } from './customer-time.ts'
import { expandObject } from './expand-objects.ts'
import { partsOf, type Shape, shapedBody, wordIn } from './form-body.ts'
import { type Form, textOf } from './parse-form.ts'
import { PauseRefused, pauseSubscription, resumeSubscription } from './pause-subscription.ts'
import { idOf, type State } from './state.ts'
import { UPDATE, updateSubscription } from './update-subscription.ts'

type ById = { Params: { id: string } }

const CANCEL: Shape = {
  cancellation_details: { comment: true, feedback: true, feedback_option: true },
  invoice_now: true,
  prorate: true,
}
const PAUSE: Shape = {
  bill_for: { outstanding_usage_through: { type: true }, unused_time_from: { type: true } },
  invoicing_behavior: true,
  type: true,
}
const RESUME: Shape = {
  billing_cycle_anchor: { type: true },
  payment_behavior: true,
  proration_behavior: true,
  proration_date: true,
}

/** What a server may do to a subscription. */
export function serveSubscriptions(app: FastifyInstance, state: State): void {
  const change = (
    request: FastifyRequest<ById>,
    shape: Shape,
    act: (here: State, one: Stripe.Subscription, form: Form) => void,
  ) => {
    const kind = { kind: 'subscription', shelf: state.subscriptions }
    const one = findOrThrow(kind, request.params.id, request.livemode)
    const form = shapedBody(request, shape)
    if (one.status === 'canceled') throw gone(one)
    try {
      act(stateFor(state, idOf(one.customer)), one, form)
    } catch (error) {
      if (error instanceof PauseRefused) throw new ApiError(400, error.message)
      throw error
    }
    return expandObject(state, one, expandOf(request.body ?? request.query))
  }

  app.post<ById>('/subscriptions/:id', (request) => change(request, UPDATE, updateSubscription))
  app.delete<ById>('/subscriptions/:id', (request) =>
    change(request, CANCEL, (here, one, form) => endSubscription(here, one, saidIn(form))),
  )
  app.post<ById>('/subscriptions/:id/pause', (request) =>
    change(request, PAUSE, (here, one, form) => {
      const from = partsOf(partsOf(form, 'bill_for'), 'unused_time_from')
      pauseSubscription(here, one, { credit: from['type'] !== 'none' })
    }),
  )
  app.post<ById>('/subscriptions/:id/resume', (request) =>
    change(request, RESUME, (here, one, form) => {
      const anchor = partsOf(form, 'billing_cycle_anchor')
      resumeSubscription(here, one, wordIn(anchor, 'type', ['now', 'unchanged']))
    }),
  )
}

/** The reason that a member or the shop gave for the end. */
export function saidIn(form: Form): Partial<Stripe.Subscription.CancellationDetails> {
  const said = partsOf(form, 'cancellation_details')
  const texts = (['comment', 'feedback'] as const).flatMap((key) =>
    said[key] === undefined ? [] : [[key, textOf(said[key]) || null]],
  )
  return Object.fromEntries(texts)
}

function gone(one: Stripe.Subscription): ApiError {
  return new ApiError(404, `No such subscription: '${one.id}'`, {
    code: 'resource_missing',
    param: 'id',
  })
}
