import type { SubscribedItem } from '../ports.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { itemsOf, type RoleRules, roleOfItems } from './reasons.ts'
import { sumOf } from './sum-of-items.ts'

export type PlanOfItems = Pick<
  SubscribedItem,
  'price' | 'name' | 'amount' | 'interval' | 'intervalCount'
> & { currency: string }

/**
 * A subscription as one plan: called by what gives the role, at what all of it costs in one go, in minor
 * units. No amount where its parts are not charged together. null: there is nothing in it.
 */
export function planOfItems(
  subscription: SubscriptionRow | null,
  rules: RoleRules,
): PlanOfItems | null {
  const items = subscription ? itemsOf(subscription) : []
  const role = roleOfItems(items, rules)
  const main = items.find((item) => roleOfItems([item], rules) === role) ?? items[0]
  if (!main || !subscription) return null
  const { price, name, interval, intervalCount } = main
  const together = items.every(
    (item) => item.interval === interval && item.intervalCount === intervalCount,
  )
  const amount = together ? sumOf(items) : null
  return { price, name, amount, interval, intervalCount, currency: subscription.currency }
}
