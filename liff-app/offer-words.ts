import type { Offer } from '../shared/api.ts'
import type { PageTexts } from '../shared/i18n/pages/ja.ts'
import { type Language, localized } from '../shared/language.ts'
import { formatMoney } from '../shared/money.ts'

/** The shop's own words where it wrote any, else Stripe's. */
export function offerName(offer: Offer, language: Language): string {
  return offer.names ? localized(offer.names, language) : offer.name
}

export function offerDescription(offer: Offer, language: Language): string | null {
  return offer.descriptions ? localized(offer.descriptions, language) : offer.description
}

/** "¥1,280", or null where the buyer names the amount. */
export function offerAmount(offer: Offer, language: Language): string | null {
  return offer.amount === null ? null : formatMoney(offer.amount, offer.currency, language)
}

/** "/月" for a subscription, nothing for a single purchase. */
export function offerRhythm(offer: Offer, texts: PageTexts): string {
  return offer.interval ? texts.price.per[offer.interval](offer.intervalCount) : ''
}

export function canBeBought(offer: Offer): boolean {
  return offer.active && !offer.soldOut
}

/** What makes a member of whoever buys it, and can be bought now. */
export function isPlan(offer: Offer): boolean {
  return offer.role !== null && canBeBought(offer)
}
