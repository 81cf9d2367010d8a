import type { FastifyInstance } from 'fastify'
import type Stripe from 'stripe'
import { ApiError, noSuch } from './api-errors.ts'
import { expandOf, findOrThrow } from './api-reads.ts'
import { buildCustomer } from './build-customer.ts'
import { emit } from './emit-event.ts'
import { expandObject } from './expand-objects.ts'
import { merged, type Shape, shapedBody } from './form-body.ts'
import { changeCustomer, deleteCustomer, tombstone } from './keep-customers.ts'
import { putOnClock } from './move-clock.ts'
import { type Form, textOf, textsOf } from './parse-form.ts'
import type { State } from './state.ts'

type ById = { Params: { id: string } }

const ADDRESS = {
  city: true,
  country: true,
  line1: true,
  line2: true,
  postal_code: true,
  state: true,
} as const
const UPDATE: Shape = {
  address: ADDRESS,
  description: true,
  email: true,
  invoice_settings: { default_payment_method: true, footer: true },
  metadata: 'any',
  name: true,
  phone: true,
  preferred_locales: [true],
  shipping: { address: ADDRESS, name: true, phone: true },
  tax_exempt: true,
}
const CREATE: Shape = { ...UPDATE, payment_method: true, test_clock: true }

/** Customers that a server makes, changes and deletes. */
export function serveCustomers(app: FastifyInstance, state: State): void {
  app.post('/customers', (request) => {
    const form = shapedBody(request, CREATE)
    const clockId = textOf(form['test_clock'])
    const clock = clockId === undefined ? null : state.clocks.get(clockId)
    if (clock === undefined) throw noSuch('test_clock', clockId!, 'test_clock')
    const here = clock ? { ...state, now: () => new Date(clock.frozen_time * 1000) } : state
    const { livemode } = request
    const customer = state.customers.put(
      buildCustomer(here, {
        ...toldIn(form),
        metadata: merged({}, form),
        livemode,
        test_clock: clock?.id ?? null,
      }),
    )
    if (clock) putOnClock(state, clock, customer)
    emit(state, 'customer.created', customer)
    return expandObject(state, customer, expandOf(request.body))
  })

  app.post<ById>('/customers/:id', (request) => {
    const customer = livingCustomer(state, request.params.id, request.livemode)
    const form = shapedBody(request, UPDATE)
    const metadata =
      form['metadata'] === undefined ? {} : { metadata: merged(customer.metadata, form) }
    changeCustomer(state, customer, { ...toldIn(form), ...metadata })
    return expandObject(state, customer, expandOf(request.body))
  })

  app.delete<ById>('/customers/:id', (request) => {
    deleteCustomer(state, livingCustomer(state, request.params.id, request.livemode))
    return tombstone(request.params.id)
  })
}

/** The customer, unless deleted: Stripe then knows no such customer for anything but reading. Throws ApiError 404. */
export function livingCustomer(
  state: State,
  id: string,
  livemode: boolean,
  param = 'id',
): Stripe.Customer {
  if (state.deleted.has(id)) throw noSuch('customer', id, param)
  return findOrThrow({ kind: 'customer', shelf: state.customers }, id, livemode, param)
}

type Told = Pick<Stripe.Customer, 'email' | 'name' | 'phone' | 'description' | 'preferred_locales'>

/** An empty text takes away what was known. */
function toldIn(form: Form): Partial<Told> {
  const email = textOf(form['email'])
  if (email && !email.includes('@')) {
    throw new ApiError(400, `Invalid email address: ${email}`, {
      code: 'email_invalid',
      param: 'email',
    })
  }
  const keys = ['email', 'name', 'phone', 'description'] as const
  return {
    ...Object.fromEntries(
      keys.flatMap((key) => (form[key] === undefined ? [] : [[key, textOf(form[key]) || null]])),
    ),
    ...(form['preferred_locales'] === undefined
      ? {}
      : { preferred_locales: textsOf(form['preferred_locales']) }),
  }
}
