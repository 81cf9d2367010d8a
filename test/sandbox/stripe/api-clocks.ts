import type { FastifyInstance } from 'fastify'
import type Stripe from 'stripe'
import { livingCustomer } from './api-customers.ts'
import { ApiError, noSuch } from './api-errors.ts'
import { findOrThrow } from './api-reads.ts'
import { endOfPeriod } from './end-of-period.ts'
import { required, shapedBody, wholeIn } from './form-body.ts'
import { createClock, deleteClock, moveClock } from './move-clock.ts'
import { textOf } from './parse-form.ts'
import { isLiving } from './periods.ts'
import type { State } from './state.ts'

type ById = { Params: { id: string } }

/** Test clocks: Stripe's own time machine. */
export function serveClocks(app: FastifyInstance, state: State): void {
  const clockOf = (id: string, livemode: boolean) => {
    if (state.deleted.has(id)) throw noSuch('test_clock', id)
    return findOrThrow({ kind: 'test_clock', shelf: state.clocks }, id, livemode)
  }

  app.post('/test_helpers/test_clocks', (request) => {
    const form = shapedBody(request, { frozen_time: true, name: true, customer: true })
    required(form, 'frozen_time')
    const id = textOf(form['customer'])
    const customer = id === undefined ? null : livingCustomer(state, id, false, 'customer')
    if (customer?.test_clock) {
      throw new ApiError(400, 'The customer is already attached to a test clock.', {
        param: 'customer',
      })
    }
    const name = textOf(form['name']) ?? null
    return createClock(state, { at: wholeIn(form, 'frozen_time')!, name, customer })
  })

  app.post<ById>('/test_helpers/test_clocks/:id/advance', (request) => {
    const clock = clockOf(request.params.id, request.livemode)
    const form = shapedBody(request, { frozen_time: true })
    required(form, 'frozen_time')
    const target = wholeIn(form, 'frozen_time')!
    checkTarget(state, clock, target)
    // Stripe answers before the work is done; the clock says `ready` on the next look here.
    const answer = {
      ...clock,
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: target } },
    } satisfies Stripe.TestHelpers.TestClock
    for (const _step of moveClock(state, clock, target));
    return answer
  })

  app.delete<ById>('/test_helpers/test_clocks/:id', (request) => {
    const clock = clockOf(request.params.id, request.livemode)
    deleteClock(state, clock)
    return {
      id: clock.id,
      object: 'test_helpers.test_clock',
      deleted: true,
    } satisfies Stripe.TestHelpers.DeletedTestClock
  })
}

/** Forwards only, and no further than two intervals of the shortest subscription, or two years without any. */
function checkTarget(state: State, clock: Stripe.TestHelpers.TestClock, target: number): void {
  const now = clock.frozen_time
  const refuse = (message: string) => new ApiError(400, message, { param: 'frozen_time' })
  if (target <= now) throw refuse('A test clock can only be moved to a later time.')
  const ends = [...(state.onClock.get(clock.id) ?? [])]
    .flatMap((customer) => [...state.subscriptions.newestFirst({ group: customer })])
    .filter(isLiving)
    .flatMap(({ items }) => items.data.map(({ price }) => price.recurring!))
    .map(({ interval, interval_count }) =>
      endOfPeriod(now, { interval, interval_count: interval_count * 2 }),
    )
  const furthest = Math.min(endOfPeriod(now, { interval: 'year', interval_count: 2 }), ...ends)
  if (target > furthest) {
    throw refuse(
      'A test clock can be advanced by no more than two intervals of its shortest subscription.',
    )
  }
}
