import type { Order, RoleView } from '../shared/api.ts'
import { useApp } from './app-context.ts'
import { roleOf } from './membership-words.ts'
import { useOffers } from './use-offers.ts'

/** What this order has made of the buyer; null until it is paid, and for what makes nobody a member. */
export function useBoughtRole(order: Order | null): RoleView | null {
  const { boot } = useApp()
  const { answer } = useOffers()
  if (order?.status !== 'paid' || answer.state !== 'ready') return null
  const offer = answer.value.find(({ id }) => id === order.offer)
  return roleOf(boot.shop, offer?.role ?? null)
}
