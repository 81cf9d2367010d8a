import { type Language, localized } from '../../shared/language.ts'
import type { PlanWords } from '../ports.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'

/** What can be subscribed to for a role, in the shop's own words where it has any. None when Stripe is away. */
export async function plansIn(catalogue: Catalogue, language: Language): Promise<PlanWords[]> {
  const list = await readCatalogue(catalogue, () => {}).catch(() => [])
  return list.flatMap(({ offer }) => {
    const { interval, role } = offer
    if (!role || !interval || !offer.active || offer.soldOut) return []
    const name = offer.names ? localized(offer.names, language) : offer.name
    const { amount, currency, intervalCount } = offer
    return [{ name, amount, currency, interval, intervalCount }]
  })
}
