import type { FastifyInstance, FastifyRequest } from 'fastify'
import type Stripe from 'stripe'
import { ApiError } from './api-errors.ts'
import { expandOf, findOrThrow } from './api-reads.ts'
import { deactivatePrice, renameProduct, updateLink } from './change-links.ts'
import { expandObject } from './expand-objects.ts'
import { expireSession } from './expire-session.ts'
import { bodyOf, merged, required } from './form-body.ts'
import { RefundRefused, refundIntent } from './give-back.ts'
import { type Form, textOf } from './parse-form.ts'
import { idOf, must, type State } from './state.ts'

type ById = { Params: { id: string } }

/** The changes that the API lets a server make. */
export function serveWrites(app: FastifyInstance, state: State): void {
  app.post<ById>('/checkout/sessions/:id/expire', (request) => {
    const kind = { kind: 'checkout.session', shelf: state.sessions }
    const session = findOrThrow(kind, request.params.id, request.livemode)
    if (session.status !== 'open') {
      throw new ApiError(
        400,
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      )
    }
    expireSession(state, session)
    return expandObject(state, session, expandOf(request.body))
  })

  app.post<ById>('/payment_links/:id', (request) => {
    const kind = { kind: 'payment_link', shelf: state.links }
    const link = findOrThrow(kind, request.params.id, request.livemode)
    const form = bodyOf(request, ['active', 'metadata', 'inactive_message'])
    const changed = updateLink(state, link.id, {
      ...(form['active'] !== undefined && { active: form['active'] === 'true' }),
      ...(form['metadata'] !== undefined && { metadata: merged(link.metadata, form) }),
      ...(form['inactive_message'] !== undefined && {
        inactive_message: textOf(form['inactive_message']) || null,
      }),
    })
    return expandObject(state, changed, expandOf(request.body))
  })

  app.post<ById>('/products/:id', (request) => {
    const kind = { kind: 'product', shelf: state.products }
    const product = findOrThrow(kind, request.params.id, request.livemode)
    const name = textOf(bodyOf(request, ['name'])['name'])
    return name === undefined ? product : renameProduct(state, product.id, name)
  })

  app.post<ById>('/prices/:id', (request) => {
    const price = findOrThrow(
      { kind: 'price', shelf: state.prices },
      request.params.id,
      request.livemode,
    )
    return bodyOf(request, ['active'])['active'] === 'false'
      ? deactivatePrice(state, price.id)
      : price
  })

  app.post('/refunds', (request) => refund(state, request))
}

function refund(state: State, request: FastifyRequest): Stripe.Refund {
  const form = bodyOf(request, ['payment_intent', 'charge', 'amount', 'reason', 'metadata'])
  const intent = findOrThrow(
    { kind: 'payment_intent', shelf: state.intents },
    intentNamedBy(state, form),
    request.livemode,
  )
  const amount = textOf(form['amount'])
  const reason = textOf(form['reason'])
  try {
    const made = refundIntent(state, intent, {
      ...(amount !== undefined && { amount: Number(amount) }),
      ...(reason !== undefined && { reason }),
      metadata: merged({}, form),
    })
    return expandObject(state, made, expandOf(request.body))
  } catch (error) {
    if (!(error instanceof RefundRefused)) throw error
    throw new ApiError(400, error.message, { code: error.code })
  }
}

function intentNamedBy(state: State, form: Form): string {
  const charge = textOf(form['charge'])
  if (charge === undefined) return required(form, 'payment_intent')
  return idOf(state.charges.get(charge)?.payment_intent) ?? must(state.charges, charge).id
}
