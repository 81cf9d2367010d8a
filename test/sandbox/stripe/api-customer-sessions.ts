import type { FastifyInstance } from 'fastify'
import type Stripe from 'stripe'
import { livingCustomer } from './api-customers.ts'
import { ApiError } from './api-errors.ts'
import { flagIn, partsOf, required, type Shape, shapedBody } from './form-body.ts'
import { type State, seconds } from './state.ts'

const HALF_HOUR = 30 * 60
const SHAPE: Shape = {
  components: { buy_button: { enabled: true }, pricing_table: { enabled: true } },
  customer: true,
}

/** What lets a page in a browser act for one customer, for a while. */
export function serveCustomerSessions(app: FastifyInstance, state: State): void {
  app.post('/customer_sessions', (request): Stripe.CustomerSession => {
    const form = shapedBody(request, SHAPE)
    const id = required(form, 'customer')
    const customer = livingCustomer(state, id, request.livemode, 'customer')
    const components = partsOf(form, 'components')
    const enabled = (name: string) => flagIn(partsOf(components, name), 'enabled', false)
    if (!enabled('buy_button') && !enabled('pricing_table')) {
      throw new ApiError(400, 'You must enable at least one component.', { param: 'components' })
    }
    const created = seconds(state)
    const secret = state.ids.id('cuss_secret_', 48)
    state.customerSessions.set(secret, {
      customer: customer.id,
      until: created + HALF_HOUR,
      begun: false,
    })
    return {
      object: 'customer_session',
      client_secret: secret,
      components: {
        active_entitlements: { enabled: false },
        buy_button: { enabled: enabled('buy_button') },
        customer_portal: { enabled: false },
        customer_sheet: { enabled: false, features: null },
        mobile_payment_element: { enabled: false, features: null },
        payment_element: { enabled: false, features: null },
        pricing_table: { enabled: enabled('pricing_table') },
      },
      created,
      customer: customer.id,
      customer_account: null,
      expires_at: created + HALF_HOUR,
      livemode: request.livemode,
    } satisfies Stripe.CustomerSession
  })
}

/** The customer behind a secret; null: nobody's, or over. The first time begins its second half hour. */
export function customerBehind(state: State, secret: string): string | null {
  const notes = state.customerSessions.get(secret)
  const now = seconds(state)
  if (!notes || now > notes.until || state.deleted.has(notes.customer)) return null
  if (!notes.begun) Object.assign(notes, { begun: true, until: now + HALF_HOUR })
  return notes.customer
}
