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
  staff?: Staff
  /** Mail to customers; it needs SMTP_URL and MAIL_FROM in .env. */
  mail?: CustomerMail
  /**
   * Who pays before we know them (from a poster, a mail, a pricing table, the dashboard) becomes a person
   * and gets a mail with a link to LINE: `buyers` of what this shop sells (the default), `everybody` who is
   * a customer of the Stripe account, or `nobody`.
   */
  payers?: 'buyers' | 'everybody' | 'nobody'
  /** Your Discord server; it needs the DISCORD_… settings in .env. */
  discord?: DiscordServer
  /** Stripe pricing tables, each on a page of its own: /plans and /plans/<id>. */
  pricingTables?: PricingTable[]
  /** What is offered to whom, by rule. Nothing is sent without one. */
  campaigns?: Campaigns
  /**
   * A summary that is older than this many hours goes to the staff, not to the buyer; a message that
   * could not leave for so long is not sent any more, and stands on the list. Default 72.
   */
  lateAfter?: number
  /**
   * What a customer can become, from the highest rank down: of several that somebody holds, the first in
   * this list counts. Who holds none is a `guest`, which may stand here too, for its menu.
   */
  roles?: Role[]
  membership?: MembershipRules
  /** What Stripe's customer portal offers, by name; a role says which. `guest`, `member` and `past_due` are there without it. */
  portal?: Record<string, PortalView>
}

/** What the shop itself is told. */
export const STAFF_TOPICS = [
  'order',
  'dispute',
  'refund',
  'payment_failed',
  'person',
  'quota',
  'trouble',
  'digest',
] as const
export type StaffTopic = (typeof STAFF_TOPICS)[number]

export type Staff = {
  /** A LINE user (U…), group (C…) or room (R…) that the bot can write to */
  line?: string
  mail?: string | string[]
  /** The LINE users (U…) who may open the desk */
  people?: string[]
  /**
   * What goes where. Without a word: `digest` by mail, everything else into LINE where there is a
   * `line`, by mail otherwise; `dispute`, `person`, `quota` and `trouble` by both.
   */
  tell?: Partial<Record<StaffTopic, 'line' | 'mail' | 'both' | false>>
}

/** News for customers that may go by mail. */
export const MAIL_TOPICS = [
  'receipt',
  'payment_failed',
  'card_expiring',
  'trial_ending',
  'renewal_ahead',
  'ended',
] as const
export type MailTopic = (typeof MAIL_TOPICS)[number]

export type CustomerMail = {
  /** Who has not become a friend after so many hours gets their receipt by mail. Default 3. */
  afterHours?: number
  /** Answers go here instead of to MAIL_FROM. */
  replyTo?: string
  /** `instead`, the default: when LINE cannot bring it. `also`: besides LINE. false: never. */
  tell?: Partial<Record<MailTopic, 'instead' | 'also' | false>>
}

export type DiscordServer = {
  /** The invitation for who is not there yet: https://discord.gg/… */
  invite?: string
}

export type PricingTable = {
  /** One lower-case word, for the address */
  id: string
  /** prctbl_…, one for test and one for live mode */
  table: { test?: string; live?: string }
  /** pk_test_… and pk_live_…: these keys may be seen by everybody */
  publishableKey: { test?: string; live?: string }
  title?: Localized
}

export type Campaigns = {
  /** No campaign leaves between these hours, in Japan. Default 21 to 9. */
  quietHours?: { from: number; to: number }
  /** The last so many of LINE's messages in a month are for receipts alone. Default: by what was needed lately. */
  keepForReceipts?: number
  rules: CampaignRule[]
}

export type CampaignRule = {
  /** One lower-case word. Somebody hears of it once; another word is another campaign. */
  id: string
  to: /** On trial, so many days after it began */
    | { trial: { afterDays: number } }
    /** A friend or payer without a role, so many days after they came */
    | { free: { afterDays: number } }
    /** Who has paid by the month for so many months, where there is a yearly plan */
    | { monthly: { forMonths: number } }
    /** Who was a member until so many days ago */
    | { lapsed: { afterDays: number } }
  /** The Payment Link that it offers; for `monthly`, the yearly plan */
  offer: string | string[]
  title: Localized
  /** {name}, {role} and {saves} are filled in */
  text: Localized
  /** LINE where they are a friend, mail otherwise; or only one of the two. Default both. */
  by?: 'line' | 'mail'
}

export type Role = {
  /** One lower-case word: `member`, `premium`; `guest` for everybody else. */
  id: string
  title: Localized
  /** What a member gets by it, on the join page. */
  benefits?: Localized
  /** What makes somebody one. The shop can always give a role by hand: `npm run noren -- grant`. */
  grants?: Grant[]
  menu?: Menu
  /** Their roles on your Discord server, by id. Noren gives and takes these, and leaves all others alone. */
  discordRoles?: string | string[]
  /** The portal views this role may open; the first opens by itself. Default: `guest` or `member`. */
  portal?: string | string[]
}

/** One for test and one for live mode may stand side by side, wherever an id stands. */
export type Grant =
  /** Subscribing to a product (prod_…), at whichever price */
  | { product: string | string[] }
  /** Subscribing at this very price (price_…) */
  | { price: string | string[] }
  /** Buying a Payment Link (plink_…) once: for so many days, or for good */
  | { offer: string | string[]; days?: number }

export type MembershipRules = {
  /** So many days a member stays one while a renewal could not be charged. Default 7. */
  graceDays?: number
  /** What a payment that a bank takes back means for the membership it paid for. Default `suspend`. */
  onDispute?: 'suspend' | 'keep'
}

/** The menu under the chat (LINE shows none on a computer: each of its words works as a command too). */
export type Menu = {
  /** Two rows of up to six tiles, or one of up to three. Default: by their number. */
  size?: 'large' | 'compact'
  /** On the bar below, up to 14 characters */
  bar?: Localized
  /** Your own picture instead of ours: a PNG or JPEG beside this file, under 1 MB, 2500×1686 or 2500×843. */
  picture?: string
  tiles: MenuTile[]
}

export const MENU_PLACES = [
  'shop',
  'orders',
  'membership',
  'join',
  'card',
  'plan',
  'cancel',
  'legal',
  'friend',
  'help',
] as const
export type MenuPlace = (typeof MENU_PLACES)[number]

export type MenuTile = {
  /** One of our pages, or an https or tel address of your own */
  opens: MenuPlace | `https://${string}` | `tel:${string}`
  /** Without one the place's own word stands there */
  label?: Localized
  icon?: string
}

export type PortalView = {
  headline?: Localized
  /** Invoices and receipts. Default true. */
  invoices?: boolean
  card?: boolean
  details?: ('address' | 'email' | 'name' | 'phone' | 'tax_id')[]
  cancel?: 'period_end' | 'now'
  /** Months to choose among, or until the member comes back. */
  pause?: number[] | 'open'
  /** true: among all products and prices that give a role */
  changePlan?: boolean
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
