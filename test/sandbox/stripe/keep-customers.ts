import type Stripe from 'stripe'
import { endSubscription } from './change-subscription.ts'
import { stateFor } from './customer-time.ts'
import { emit } from './emit-event.ts'
import { type State, seconds } from './state.ts'

/** What is left of a customer who was deleted. */
export function tombstone(id: string): Stripe.DeletedCustomer {
  return { id, object: 'customer', deleted: true }
}

/** The customer goes, and with them at once whatever they subscribe to. */
export function deleteCustomer(state: State, customer: Stripe.Customer): void {
  const here = stateFor(state, customer.id)
  for (const one of [...state.subscriptions.newestFirst({ group: customer.id })].reverse()) {
    endSubscription(here, one)
  }
  state.deleted.add(customer.id)
  emit(here, 'customer.deleted', customer)
}

/** Changes what is known of a customer and tells it, with what was there before. */
export function changeCustomer(
  state: State,
  customer: Stripe.Customer,
  change: Partial<Stripe.Customer>,
): void {
  const keys = Object.keys(change) as (keyof Stripe.Customer)[]
  const previous = Object.fromEntries(keys.map((key) => [key, customer[key]]))
  const past = state.pastCustomers.get(customer.id) ?? []
  state.pastCustomers.set(customer.id, past)
  past.push({ until: seconds({ now: state.wall }), was: { ...customer } })
  Object.assign(customer, change)
  state.customers.refile(customer)
  if (keys.length > 0) emit(state, 'customer.updated', customer, { previous })
}
