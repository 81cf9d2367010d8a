import type { LegalItem, Offer, ShopView } from '../shared/api.ts'
import { formatJapanDay } from '../shared/japan-time.ts'
import { type Language, type Localized, localized } from '../shared/language.ts'
import type { AllTexts } from './app-context.ts'
import { purchasePrice } from './purchase-price.ts'

/** One line of the last check: our own sentences and the shop's. */
export type Term = {
  name: 'seller' | 'quantity' | 'total' | 'payment' | 'delivery' | 'validity' | 'cancellation'
  says: Localized[]
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

const DAY_MS = 86_400_000

/**
 * The six things that the law wants in sight before the last step of an order (特定商取引法 12条の6):
 * quantity and term, price, payment (of a subscription each one, and the day a trial turns into it),
 * delivery, how long the offer stands, and how to get out of it, with whom to contact; before them,
 * from whom. Lines the shop has nothing to say on are left out.
 */
export function purchaseTerms(
  offer: Offer,
  shop: ShopView,
  reader: { texts: AllTexts; language: Language; now: Date },
): Term[] {
  const { texts, language } = reader
  const own: OwnWords = {
    quantity: [offer.interval ? texts.checkout.renews(every(offer, texts)) : texts.checkout.once],
    total: purchasePrice(offer, texts, language, localized(shop.taxNote, language)),
    payment: offer.interval ? charges(offer, reader) : [],
    delivery: offer.role ? [texts.join.starts] : [],
    cancellation: offer.role && offer.interval ? waysOut(offer, shop, texts) : [],
  }
  return withNotice(own, shop, reader, offer.interval !== null)
}

/** The same where the prices stand in a table of Stripe's, which the page cannot read. */
export function tableTerms(
  shop: ShopView,
  reader: { texts: AllTexts; language: Language },
): Term[] {
  const { texts } = reader
  const own: OwnWords = {
    quantity: [texts.plans.renews],
    total: [texts.plans.total, texts.checkout.finalOnStripe],
    payment: [texts.plans.charged],
    delivery: [texts.join.starts],
    cancellation: waysOut({ trialDays: 1 }, shop, texts),
  }
  return withNotice(own, shop, reader, true)
}

type OwnWords = Partial<Record<Term['name'], string[]>>

/** Our sentences first, then what the shop's notice says on the same thing. */
function withNotice(
  own: OwnWords,
  shop: ShopView,
  { texts, language }: { texts: AllTexts; language: Language },
  renews: boolean,
): Term[] {
  const noticeOf = (item: LegalItem) =>
    shop.legal.filter((each) => each.item === item).map(({ text }) => text)
  const contact = [...noticeOf('phone'), ...noticeOf('email')].map((text) =>
    localized(text, language),
  )
  const after: Partial<Record<Term['name'], Localized[]>> = {
    cancellation: [
      ...(renews ? noticeOf('subscription') : []),
      ...(contact.length > 0 ? [texts.checkout.contact(contact.join(' / '))] : []),
    ],
  }
  const names = Object.keys(FROM_NOTICE) as Term['name'][]
  return names
    .map((name) => ({
      name,
      says: [...(own[name] ?? []), ...FROM_NOTICE[name].flatMap(noticeOf), ...(after[name] ?? [])],
    }))
    .filter(({ says }) => says.length > 0)
}

/** "毎月"; nothing for a single purchase. */
function every({ interval, intervalCount }: Offer, { checkout }: AllTexts): string {
  return interval ? checkout.every[interval](intervalCount) : ''
}

/** How one leaves a membership, and until when one stays a member (特定商取引法 12条の6: 解除に関する事項). */
function waysOut(
  offer: Pick<Offer, 'trialDays'>,
  shop: ShopView,
  { join, commands }: AllTexts,
): string[] {
  return [
    join.howToCancel(commands.cancel),
    shop.cancels === 'now' ? join.endsAtOnce : join.memberUntil,
    ...(offer.trialDays > 0 ? [join.trialUntil] : []),
  ]
}

function charges(
  offer: Offer,
  reader: { texts: AllTexts; language: Language; now: Date },
): string[] {
  const { texts, language, now } = reader
  const rhythm = every(offer, texts)
  if (offer.trialDays === 0) return [texts.checkout.charged(rhythm)]
  const first = new Date(now.getTime() + offer.trialDays * DAY_MS)
  return [
    texts.checkout.chargedAfterTrial(formatJapanDay(first, language), rhythm),
    ...(offer.role ? [texts.join.trialOnce] : []),
  ]
}
