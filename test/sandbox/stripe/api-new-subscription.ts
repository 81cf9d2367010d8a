import type { FastifyInstance } from 'fastify'
import { livingCustomer } from './api-customers.ts'
import { ApiError } from './api-errors.ts'
import { expandOf, findOrThrow } from './api-reads.ts'
import { buildSubscription } from './build-subscription.ts'
import { stateFor } from './customer-time.ts'
import { emit } from './emit-event.ts'
import { featuresOf, tellEntitlements } from './entitle.ts'
import { expandObject } from './expand-objects.ts'
import { merged, required, rowsIn, type Shape, shapedBody, wholeIn } from './form-body.ts'
import { textOf } from './parse-form.ts'
import { stockSeedInvoice } from './seed-invoice.ts'
import { idOf, must, type State } from './state.ts'

const CREATE: Shape = {
  customer: true,
  items: [{ price: true, quantity: true }],
  metadata: 'any',
  description: true,
  trial_period_days: true,
}

/** A subscription that somebody makes for a customer who is there, in the dashboard or by a server: no checkout. */
export function serveNewSubscriptions(app: FastifyInstance, state: State): void {
  app.post('/subscriptions', (request) => {
    const form = shapedBody(request, CREATE)
    const { livemode } = request
    const customer = livingCustomer(state, required(form, 'customer'), livemode, 'customer')
    const here = stateFor(state, customer.id)
    const rows = rowsIn(form, 'items').map((row) => ({
      price: findOrThrow({ kind: 'price', shelf: state.prices }, required(row, 'price'), livemode),
      quantity: wholeIn(row, 'quantity') ?? 1,
    }))
    const [first] = rows
    if (!first) throw new ApiError(400, 'Missing required param: items.', { param: 'items' })
    const trialDays = wholeIn(form, 'trial_period_days') ?? 0
    const subscription = here.subscriptions.put(
      buildSubscription(here, {
        customer: customer.id,
        currency: first.price.currency,
        livemode,
        items: rows,
        trialDays,
        metadata: merged({}, form),
        description: textOf(form['description']) ?? null,
        clock: idOf(customer.test_clock),
      }),
    )
    subscription.default_payment_method = state.ids.id('pm_1')
    state.subscriptionNotes.set(subscription.id, {
      taxPercent: 0,
      trialWarned: false,
      resumeAt: null,
      features: featuresOf(here, subscription),
      withoutCard: null,
    })
    stockSeedInvoice(here, customer, subscription, first.price)
    emit(here, 'customer.subscription.created', subscription)
    emit(here, 'invoice.paid', must(here.invoices, idOf(subscription.latest_invoice)))
    tellEntitlements(here, customer.id)
    return expandObject(state, subscription, expandOf(request.body))
  })
}
