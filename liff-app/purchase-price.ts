import type { Offer } from '../shared/api.ts'
import type { Language } from '../shared/language.ts'
import { formatMoney } from '../shared/money.ts'
import type { AllTexts } from './app-context.ts'
import { offerAmount, offerRhythm } from './offer-words.ts'

/**
 * What has to be paid, in sentences; the first is the amount itself, with shipping where only one rate
 * can come to it. A subscription without an end also says what a year of it comes to, as the guide to
 * 特定商取引法 12条の6 recommends. `taxNote` in the reader's language.
 */
export function purchasePrice(
  offer: Offer,
  texts: AllTexts,
  language: Language,
  taxNote: string,
): string[] {
  const { checkout } = texts
  const shown = offerAmount(offer, language)
  const note = texts.price.note(taxNote)
  const money = (amount: number) => formatMoney(amount, offer.currency, language)
  const rates = [...new Set(offer.shipping)].sort((a, b) => a - b)
  const shipping = shippingOf(rates, texts, money)
  if (offer.amount === null || shown === null)
    return [goodsAnd(shipping, checkout.totalOpen, texts)]

  const price = `${shown}${offerRhythm(offer, texts)}${note}`
  if (offer.interval) {
    const first = offer.trialDays > 0 ? checkout.trialThen(offer.trialDays, price) : price
    const year = aYearOf(offer, offer.amount)
    return [
      goodsAnd(shipping, first, texts),
      ...(year === null ? [] : [checkout.yearOfPayments(`${money(year)}${note}`)]),
      checkout.finalOnStripe,
    ]
  }
  const [rate] = rates
  if (rates.length !== 1 || !rate) return [goodsAnd(shipping, price, texts), checkout.finalOnStripe]
  return [
    `${money(offer.amount + rate)}${note}`,
    checkout.goodsAndShipping(shown, money(rate)),
    checkout.finalOnStripe,
  ]
}

function goodsAnd(shipping: string | null, goods: string, { checkout }: AllTexts): string {
  return shipping === null ? goods : checkout.goodsAndShipping(goods, shipping)
}

/** null: nothing is added, now or by the buyer's choice. */
function shippingOf(
  rates: readonly number[],
  { checkout }: AllTexts,
  money: (amount: number) => string,
): string | null {
  const [least] = rates
  if (least === undefined || (rates.length === 1 && least === 0)) return null
  return rates.length === 1 ? money(least) : checkout.shippingFrom(money(least))
}

/** null where a year is one payment, or no whole number of them. */
function aYearOf({ interval, intervalCount }: Offer, amount: number): number | null {
  if (interval !== 'month' || intervalCount >= 12 || 12 % intervalCount !== 0) return null
  return amount * (12 / intervalCount)
}
