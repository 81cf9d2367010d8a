import { createHash } from 'node:crypto'
import type { LegalItem } from '../../shared/api.ts'
import { LEGAL_ITEMS } from '../../shared/api.ts'
import type { Localized } from '../../shared/language.ts'
import type { StripeOffer } from '../ports.ts'
import type { ShopConfig } from './define-shop.ts'

/** What somebody agrees to: the notice, and what this offer costs and how it goes on. */
export type Terms = {
  legal: Partial<Record<LegalItem, Localized>>
  taxNote: Localized
  offer: Pick<
    StripeOffer,
    'id' | 'name' | 'amount' | 'currency' | 'interval' | 'intervalCount' | 'trialDays' | 'shipping'
  >
}

export function termsOf(shop: ShopConfig, offer: StripeOffer): Terms {
  const { id, name, amount, currency, interval, intervalCount, trialDays, shipping } = offer
  return {
    legal: Object.fromEntries(
      LEGAL_ITEMS.flatMap((item) => (shop.legal[item] ? [[item, shop.legal[item]]] : [])),
    ),
    taxNote: shop.taxNote,
    offer: { id, name, amount, currency, interval, intervalCount, trialDays, shipping },
  }
}

/** The same words have the same version, in every process and after every restart. */
export function termsVersion(terms: Terms): string {
  return createHash('sha256').update(JSON.stringify(terms)).digest('hex').slice(0, 16)
}
