import type { Localized } from '../../shared/language.ts'
import type { ShopConfig } from './define-shop.ts'

/** A pricing table as it is in the mode of our key. */
export type Table = { id: string; title: Localized | null; table: string; publishableKey: string }

/** The shop's pricing tables of this mode, in the shop's order. */
export function tablesOf({ pricingTables = [] }: ShopConfig, livemode: boolean): Table[] {
  const mode = livemode ? 'live' : 'test'
  return pricingTables.flatMap(({ id, title = null, ...each }) => {
    const table = each.table[mode]
    const publishableKey = each.publishableKey[mode]
    return table && publishableKey ? [{ id, title, table, publishableKey }] : []
  })
}
