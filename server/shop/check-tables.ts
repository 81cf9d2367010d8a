import type { PricingTable, ShopConfig } from './define-shop.ts'
import { isText } from './is-text.ts'

type Fault = (where: string, sentence: string) => void
type Mode = 'test' | 'live'

const MODES: readonly Mode[] = ['test', 'live']

/** What is wrong with the pricing tables, in sentences. The file may be plain JavaScript. */
export function checkTables(shop: ShopConfig, livemode: boolean, fault: Fault): void {
  const { pricingTables: tables = [] } = shop
  if (!Array.isArray(tables)) {
    fault(
      'pricingTables',
      'must be a list: [{ id: "plans", table: { … }, publishableKey: { … } }].',
    )
    return
  }
  const seen = new Set<string>()
  for (const table of tables as (PricingTable | null)[]) {
    const id = typeof table?.id === 'string' ? table.id : ''
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(id))
      fault('pricingTables', `: "${id}" is no id; use one lower-case word, like plans.`)
    else if (seen.has(id)) fault('pricingTables', `: "${id}" stands there twice.`)
    seen.add(id)
    if (table)
      checkTable(table, livemode, (where, says) => fault(`pricingTables.${id}${where}`, says))
  }
}

function checkTable(table: PricingTable, livemode: boolean, fault: Fault): void {
  const here: Mode = livemode ? 'live' : 'test'
  for (const mode of MODES) {
    const id = table.table?.[mode]
    const key = table.publishableKey?.[mode]
    if (id === undefined && key === undefined && mode !== here) continue
    if (!/^prctbl_\w+$/.test(String(id)))
      fault(
        `.table.${mode}`,
        `must be the table’s id in ${mode} mode (prctbl_…), from its code in the Stripe dashboard.`,
      )
    if (!new RegExp(`^pk_${mode}_\\w+$`).test(String(key)))
      fault(
        `.publishableKey.${mode}`,
        `must be the publishable key of ${mode} mode (pk_${mode}_…). The secret key never stands here.`,
      )
  }
  if (table.title !== undefined && !isText(table.title))
    fault('.title', 'must be a text, or one a language with ja among them.')
}
