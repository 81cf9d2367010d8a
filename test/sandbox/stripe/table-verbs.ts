import type { StripeSandbox } from '../types.ts'
import { openFromTable } from './open-from-table.ts'
import { idOf, must, type State } from './state.ts'

const MOST_PRODUCTS = 4
const MOST_PRICES = 3

/** A pricing table: made in the dashboard (there is no API for it), used on a web page. */
export function tableVerbs(state: State): Pick<StripeSandbox, 'addPricingTable' | 'chooseInTable'> {
  return {
    addPricingTable({ id = state.ids.id('prctbl_1'), prices, returnUrl = null }) {
      const products = prices.map(({ price }) => idOf(must(state.prices, price).product))
      const counts = [...Map.groupBy(products, (product) => product).values()]
      if (counts.length > MOST_PRODUCTS || counts.some(({ length }) => length > MOST_PRICES))
        throw new Error('a pricing table holds up to four products with up to three prices each')
      state.pricingTables.set(id, {
        id,
        prices: prices.map(({ price, trialDays = 0 }) => ({ price, trialDays })),
        returnUrl,
      })
      return id
    },
    chooseInTable: (table, chosen) => openFromTable(state, table, chosen).id,
  }
}
