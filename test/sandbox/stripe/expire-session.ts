import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { must, type State } from './state.ts'

/** Nobody paid in time, or the shop closed it. Throws when the session is not open any more. */
export function expireSession(state: State, session: Stripe.Checkout.Session) {
  if (session.status !== 'open') throw new Error(`session ${session.id} is ${session.status}`)
  session.status = 'expired'
  session.url = null
  return emit(state, 'checkout.session.expired', session)
}

/** Stripe closes a session that nobody used in time; here that shows as soon as somebody looks. */
export function expireIfLate(state: State, id: string): Stripe.Checkout.Session {
  const session = must(state.sessions, id)
  const isLate = session.expires_at <= state.wall().getTime() / 1000
  if (session.status === 'open' && isLate) expireSession(state, session)
  return session
}
