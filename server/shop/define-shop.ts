import type { LEGAL_ITEMS_REQUIRED, LegalItem } from '../../shared/api.ts'
import type { Language, Localized } from '../../shared/language.ts'

/** What a shopkeeper edits. Texts may be one string, or one a language (Japanese is the fallback). */
export type ShopConfig = {
  name: Localized
  tagline?: Localized
  /** Brand colour as #rrggbb; texts on it are chosen so that they stay readable. */
  brand: string
  /** https address of a square logo */
  logo?: string
  /** Stands beside each price: 税込, "tax included" … */
  taxNote: Localized
  /** The language of messages to the shop, and to buyers whose language nobody knows. */
  language?: Language
  /** Where "add as a friend" leads: https://line.me/R/ti/p/@your-id */
  friendUrl?: string
  /** 特定商取引法に基づく表記. The law wants all of these before a purchase. */
  legal: LegalNotice
  /** How offers are shown, in this order; links not named here follow as Stripe describes them. */
  offers?: OfferDisplay[]
  /** Who hears of each paid order: a LINE user (U…), group (C…) or room (R…) that the bot can write to. */
  staff?: { line?: string }
  /**
   * A summary that is older than this many hours goes to the staff, not to the buyer; a message that
   * could not leave for so long is not sent any more, and stands on the list. Default 72.
   */
  lateAfter?: number
}

/** `sample: true` marks the notice that ships with Noren: `npm start` with a live key refuses it. */
export type LegalNotice = { sample?: boolean } & Record<RequiredLegalItem, Localized> &
  Partial<Record<OptionalLegalItem, Localized>>

type RequiredLegalItem = (typeof LEGAL_ITEMS_REQUIRED)[number]
type OptionalLegalItem = Exclude<LegalItem, RequiredLegalItem>

export type OfferDisplay = {
  /** The Payment Link's id; one for test and one for live mode may stand side by side. */
  link: string | string[]
  name?: Localized
  description?: Localized
  /** https address, or a path under the LIFF app's public folder */
  image?: string
  soldOut?: boolean
}

/** Gives the editor its types and its completion; returns what it was given. */
export function defineShop(shop: ShopConfig): ShopConfig {
  return shop
}
