import { Refusal } from '../errors.ts'
import type { PortalTask } from '../ports.ts'
import type { PortalCustomer } from './portal.store.ts'

/** Those whose portal it may be: who subscribes, and only where nobody does, everybody. */
export function candidates(customers: readonly PortalCustomer[]): readonly PortalCustomer[] {
  const living = customers.filter((customer) => customer.living.length > 0)
  return living.length > 0 ? living : customers
}

/** Throws 404 where there is none, or the named one is not theirs, and 409 where the person must pick. */
export function chooseCustomer(
  customers: readonly PortalCustomer[],
  named: string | undefined,
): PortalCustomer {
  if (named !== undefined) {
    const customer = customers.find(({ id }) => id === named)
    if (customer) return customer
    throw new Refusal(404, 'no_customer', 'There is nothing of this customer to manage for you.')
  }
  const [only, ...more] = candidates(customers)
  if (!only)
    throw new Refusal(404, 'no_customer', 'There is no subscription to manage for you here.')
  if (more.length === 0) return only
  throw new Refusal(
    409,
    'several_customers',
    'There are several here. Say which one by its customer id.',
  )
}

/**
 * The task with what it is about, for Stripe. null, so that the portal opens on its first page, where
 * one of several subscriptions can be picked. Throws 403 where there is none.
 */
export function taskFor(
  customer: PortalCustomer,
  task: PortalTask | null,
): { name: PortalTask; subscription: string | null } | null {
  if (!task || task === 'card') return task && { name: task, subscription: null }
  const [only, ...more] = customer.living
  if (!only)
    throw new Refusal(
      403,
      'view_not_allowed',
      'There is no subscription to do this with at present.',
    )
  return more.length === 0 ? { name: task, subscription: only.id } : null
}
