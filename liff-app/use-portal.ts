import { useState } from 'preact/hooks'
import type { Membership } from '../shared/api.ts'
import { api } from './api.ts'
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
  forget(): void
}

/** A portal's address dies in five minutes, so it is asked for on the tap and never kept. */
export function usePortal(membership: Membership | null): Portal {
  const { going, error, leave, forget } = useLeaving()
  const [customer, choose] = useState<string | null>(null)
  const customers = membership?.portal.customers ?? []
  const chosen = customers.find(({ id }) => id === customer) ?? customers[0]
  const visit = (task: Task) =>
    leave(task, async () => {
      const asked = {
        ...(task === 'payments' ? {} : { view: task }),
        ...(chosen ? { customer: chosen.id } : {}),
      }
      return (await asBuyer(() => api.portal(asked))).url
    })
  return { going, error, customer, choose, visit, forget }
}
