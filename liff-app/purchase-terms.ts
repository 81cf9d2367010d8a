import type { LegalItem, Offer, ShopView } from '../shared/api.ts'
import type { Localized } from '../shared/language.ts'
import type { AllTexts } from './app-context.ts'

/** One line of the last check: our own sentences first, then the shop's. */
export type Term = {
  name: 'seller' | 'quantity' | 'total' | 'payment' | 'delivery' | 'validity' | 'cancellation'
  ours: string[]
  shops: Localized[]
}

/** What of the legal notice answers which of the six things. */
const FROM_NOTICE: Record<Term['name'], readonly LegalItem[]> = {
  seller: ['seller'],
  quantity: ['quantity'],
  total: ['fees'],
  payment: ['paymentTiming', 'paymentMethods'],
  delivery: ['delivery'],
  validity: ['validity'],
  cancellation: ['returns'],
}

/**
 * The six things that the law wants in sight before the last step of an order (特定商取引法 12条の6):
 * quantity and term, price, payment, delivery, how long the offer stands, and how to get out of it;
 * before them, from whom. `total` is the price in words. Lines the shop has nothing to say on are left out.
 */
export function purchaseTerms(
  offer: Offer,
  shop: ShopView,
  texts: AllTexts,
  total: string,
): Term[] {
  const noticeOf = (item: LegalItem) => shop.legal.filter((each) => each.item === item)
  const subscription = offer.interval ? noticeOf('subscription').map(({ text }) => text) : []
  const ours: Partial<Record<Term['name'], string[]>> = {
    quantity: [
      offer.interval
        ? texts.checkout.renews[offer.interval](offer.intervalCount)
        : texts.checkout.once,
    ],
    total: [total],
  }
  const names = Object.keys(FROM_NOTICE) as Term['name'][]
  return names
    .map((name) => ({
      name,
      ours: ours[name] ?? [],
      shops: [
        ...FROM_NOTICE[name].flatMap(noticeOf).map(({ text }) => text),
        ...(name === 'cancellation' ? subscription : []),
      ],
    }))
    .filter((term) => term.ours.length + term.shops.length > 0)
}
