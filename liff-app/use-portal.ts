import { useEffect, useState } from 'preact/hooks'
import type { Membership } from '../shared/api.ts'
import { api } from './api.ts'
import { Problem, problemOf } from './problem.ts'
import { asBuyer } from './session.ts'
import { useLeaving } from './use-leaving.ts'

export type PortalTask = Membership['portal']['tasks'][number]
/** `payments` is the portal without a task: invoices and receipts. */
export type Task = PortalTask | 'payments'

/** The way to Stripe's customer portal, and which of several customers it is opened for. */
export type Portal = {
  going: string | null
  error: unknown
  customer: string | null
  choose(customer: string): void
  visit(task: Task): void
  /** The trouble has been read. */
  forget(): void
}

/** A portal's address dies in five minutes, so it is asked for on the tap and never kept. */
export function usePortal(membership: Membership | null): Portal {
  const { going, error, leave, forget } = useLeaving()
  const [chosen, choose] = useState<string | null>(null)
  const customers = membership?.portal.customers ?? []
  const customer = (customers.find(({ id }) => id === chosen) ?? customers[0])?.id ?? null
  useEffect(() => {
    // The button is far down the page, the trouble is told at its top.
    if (error !== null) window.scrollTo(0, 0)
  }, [error])
  const visit = (task: Task) =>
    leave(task, async () => {
      const asked = {
        ...(task === 'payments' ? {} : { view: task }),
        ...(customer ? { customer } : {}),
      }
      return (await asBuyer(() => api.portal(asked))).url
    })
  return { going, error: troubleOf(error), customer, choose, visit, forget }
}

/** Stripe's trouble is told at a till as one with a payment; here there is none. */
function troubleOf(error: unknown): unknown {
  return error !== null && problemOf(error) === 'stripeDown' ? new Problem('portalDown') : error
}
