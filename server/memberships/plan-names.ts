import type { Localized } from '../../shared/language.ts'
import type { Db, StripeOffer, Tx } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'

/** The shop's own words for what a price buys; null: it has none, and Stripe's name stands. */
export type PlanNames = (price: string) => Localized | null

/**
 * Stripe knows a product by one name, the shop by one in each language: it gave them to the Payment Link
 * that sells this price alone. From the shelf as it was kept last; asks nobody.
 */
export async function planNames(db: Db | Tx, { offers: displays }: ShopConfig): Promise<PlanNames> {
  if (!displays?.some(({ name }) => name)) return () => null
  const row = await db
    .selectFrom('catalogue')
    .select('offers')
    .where('id', '=', 1)
    .executeTakeFirst()
  const offers = row ? (JSON.parse(row.offers) as StripeOffer[]) : []
  return (price) => {
    const sellsIt = offers.find(
      ({ prices, interval }) => interval && prices?.length === 1 && prices[0]?.price === price,
    )
    const display = displays.find(({ link }) => sellsIt && [link].flat().includes(sellsIt.id))
    return display?.name ?? null
  }
}
