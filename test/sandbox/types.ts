import type { messagingApi } from '@line/bot-sdk'
import type {
  APIApplicationCommand,
  APIEmbed,
  APIMessageTopLevelComponent,
} from 'discord-api-types/v10'
import type Stripe from 'stripe'
import type { RateLimit, RateSeen } from './strict-limit.ts'

/** One thing that happened between the rooms of the demo: what the timeline beside the phone shows. */
export type Happening = {
  at: number
  from: 'buyer' | 'stripe' | 'line' | 'discord' | 'noren' | 'shop'
  to: 'buyer' | 'stripe' | 'line' | 'discord' | 'noren' | 'shop'
  /** e.g. "POST /v2/bot/message/push" or "checkout.session.completed" */
  title: string
  status?: number
  milliseconds?: number
  detail?: unknown
}
export type Watch = (happening: Happening) => void

export type LinkSeed = {
  id?: string
  items: { name: string; description?: string; image?: string; amount: number; quantity?: number }[]
  currency?: string
  recurring?: { interval: 'day' | 'week' | 'month' | 'year'; interval_count?: number }
  trialDays?: number
  paymentMethods?: ('card' | 'konbini' | 'paypay')[]
  returnUrl?: string
  active?: boolean
  /** restrictions.completed_sessions.limit */
  limit?: number
  shipping?: { name: string; amount: number }
  discount?: { name: string; amount: number }
  taxPercent?: number
  adjustableQuantity?: boolean
  /** Cross-sell: what the payment page offers besides (`optional_items`) */
  optionalItems?: (LinkSeed['items'][number] & { adjustable?: boolean })[]
}

/** A card on file; what is not said is the test card's: Visa 4242, good until 12/2034. */
export type CardSeed = { brand?: string; last4?: string; expMonth?: number; expYear?: number }
/** What the shop puts into a pricing table in the dashboard. */
export type PricingTableSeed = {
  id?: string
  /** Prices of up to four products, up to three each, which are on the shelf already */
  prices: { price: string; trialDays?: number }[]
  /** Where the buyer goes after the payment; otherwise Stripe's own page says thanks */
  returnUrl?: string
}
/** The attributes of <stripe-pricing-table>, whoever wrote them, and what was chosen in it. */
export type ChosenInTable = {
  price: string
  reference?: string
  email?: string
  customerSession?: string
}

export type Fault = {
  /** Tested against "GET /v1/checkout/sessions/cs_…" */
  on: RegExp
  /** How many requests it spoils; Infinity until cleared. */
  times: number
  /** So many are let through first */
  skip?: number
  /** Asked for each request that fits: spoils only those for which it says yes. */
  when?: () => boolean
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Answered so after Stripe has begun its work: the same Idempotency-Key hears it again and again. */
  begun?: boolean
  /** Wait this long, then answer (normally when no status is given). */
  delayMs?: number
  /** Close the socket without an answer; 'after' does the work first (accepted, then lost). */
  drop?: 'before' | 'after'
  /** Never answer; 'after' does the work first (accepted, and nobody is told). */
  hang?: boolean | 'after'
}

/** Somebody on Discord. */
export type DiscordUser = {
  /** A snowflake */
  id: string
  name: string
  /** As Discord writes it: ja, en-US … */
  locale: string
}

/** A message as somebody on Discord sees it. */
export type DiscordMessage = {
  id: string
  /** A channel of the server, or the chat between the bot and one user */
  channel: string
  at: string
  /** null: everybody; else who alone sees it */
  onlyFor: string | null
  /** What was typed that this answers, such as /join */
  answers: string | null
  /** Discord shows "… is thinking" until the answer is there */
  thinking: boolean
  content: string
  embeds: APIEmbed[]
  components: APIMessageTopLevelComponent[]
}

/** What Discord's audit log says of a change of roles. */
export type DiscordAudit = {
  at: string
  /** The bot's name, or `moderator` */
  by: string
  /** Whose roles: their id */
  user: string
  gave: string[]
  took: string[]
  reason: string | null
}

/** Our stand-in for Discord: a server with roles, its own limits, and interactions signed with a real key. */
export interface DiscordSandbox {
  /** For DISCORD_API_BASE */
  url: string
  applicationId: string
  /** Hex, as the Developer Portal shows it */
  publicKey: string
  botToken: string
  guildId: string
  /** The server's roles, from the highest down; the bot's own is among them */
  roles: {
    owner: string
    moderator: string
    bot: string
    premium: string
    member: string
    tea: string
  }
  sendInteractionsTo(url: string): void
  /** `away`: not on the server. `dms: false`: takes no messages from members of a server */
  addUser(seed: {
    name: string
    locale?: string
    away?: boolean
    dms?: boolean
    roles?: string[]
  }): DiscordUser
  users(): DiscordUser[]
  /**
   * Types a slash command (by its English name) in the server; resolves when Noren's first answer is there. Returns
   * what the user sees. Once commands were registered, nothing but those can be typed.
   */
  type(
    user: DiscordUser,
    command: string,
    options?: Record<string, string>,
  ): Promise<DiscordMessage>
  /** Presses a button of a message; resolves as `type` does. `label`: of several, the one with these words */
  press(user: DiscordUser, message: DiscordMessage, label?: string): Promise<DiscordMessage>
  /** The answer as it is by now: Noren may have changed it since. */
  message(id: string): DiscordMessage | undefined
  /** The chat between the bot and this user, oldest first; what only they see there is in `seen`. */
  dms(user: DiscordUser): DiscordMessage[]
  /** All that this user sees of the bot: their chat, and what only they see on the server. */
  seen(user: DiscordUser): DiscordMessage[]
  leave(user: DiscordUser): void
  comeBack(user: DiscordUser): void
  allowDms(user: DiscordUser, allowed: boolean): void
  rolesOf(user: DiscordUser): string[]
  /** A moderator's hand */
  giveRole(user: DiscordUser, role: string): void
  takeRole(user: DiscordUser, role: string): void
  /** Drags the bot's role below (or above) another */
  putBotBelow(role: string): void
  putBotAbove(role: string): void
  deleteRole(role: string): void
  /** What the bot may: Manage Roles, and the privileged intent "Server Members" */
  allow(what: { manageRoles?: boolean; serverMembers?: boolean; inServer?: boolean }): void
  audit(): DiscordAudit[]
  /** Commands that are registered on the server */
  commands(): APIApplicationCommand[]
  /** Every request of the bot's: "PUT /guilds/…/members/…/roles/…" and what it was answered */
  requests(): { what: string; status: number; at: string }[]
  /** Buckets and the global limit as Discord has them; off unless asked for */
  limit(on: boolean): void
  fault(fault: Fault): void
  clearFaults(): void
  /** Interactions on the way are answered */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Our stand-in for Stripe: keeps state, applies Stripe's own silent rules, signs its webhooks. */
export interface StripeSandbox {
  /** http://127.0.0.1:PORT, for STRIPE_API_BASE; the hosted pay pages live there too. */
  url: string
  secretKey: string
  /** pk_test_…, for what runs in a browser */
  publishableKey: string
  webhookSecret: string
  /** Adds a destination; several may exist. `thin` sends v2.core.event notifications instead of snapshots. */
  sendWebhooksTo(
    url: string,
    options?: {
      secret?: string
      thin?: boolean
      /** Beginnings of the event types it takes; `['']` is all. Default: those that Noren asks for. */
      types?: readonly string[]
    },
  ): void
  /** The shop disables or deletes its destinations: from now on nothing is sent, and nothing counts as undelivered. */
  switchOffWebhooks(): void
  addLink(seed: LinkSeed): Stripe.PaymentLink
  updateLink(id: string, change: { active?: boolean }): void
  renameProduct(id: string, name: string): void
  link(id: string): Stripe.PaymentLink | undefined
  /** Makes a pricing table; returns its id. */
  addPricingTable(seed: PricingTableSeed): string
  /**
   * Somebody chooses a plan in a pricing table on some web page: Stripe opens a session with no link behind
   * it, and drops a bad reference or e-mail without a word. Returns its id.
   */
  chooseInTable(table: string, chosen: ChosenInTable): string
  /** What a link sells. */
  soldBy(link: string): { price: string; product: string }[]

  /** The buyer opens the link's URL (with its query): Stripe makes a session lazily. Returns its id. */
  visit(linkUrl: string): string
  /** A session that came from no link (another product of the same account, or one opened by us). */
  openSession(seed: {
    reference?: string
    items: LinkSeed['items']
    currency?: string
    livemode?: boolean
  }): string
  /** The buyer changes how many, row by row, where the row lets them. */
  changeQuantities(session: string, quantities: readonly number[]): void
  /** The buyer takes what the page offers besides, or puts it back. */
  takeOptional(session: string, price: string): void
  payByCard(
    session: string,
    buyer?: { email?: string; name?: string; card?: CardSeed },
  ): Promise<void>
  payByKonbini(session: string, buyer?: { email?: string; name?: string }): Promise<void>
  /** The buyer pays at the till: async_payment_succeeded. */
  settleKonbini(session: string): Promise<void>
  /** The deadline passes: async_payment_failed. */
  lapseKonbini(session: string): Promise<void>
  /** An open session times out: checkout.session.expired. */
  expire(session: string): Promise<void>
  /** Without an amount: all that is left. */
  refund(session: string, amount?: number): Promise<Stripe.Refund>
  dispute(session: string): Promise<void>
  /** The bank has decided about the newest dispute of this session's (or subscription's) money. */
  decideDispute(id: string, outcome: 'won' | 'lost'): Promise<void>

  /**
   * The time machine: puts the customer on a test clock of their own (the first call makes it, as
   * `testClocks.create({customer})` does) and moves it. What falls due on the way (renewals, trial
   * ends, retries, ends of period) happens one after the other, each with its events.
   */
  advance(customer: string, by: { days?: number; months?: number }): Promise<void>
  /** Where the customer's clock stands; the sandbox's own time without one. */
  timeOf(customer: string): Date
  /** From now on the card of this customer is refused, or taken again. */
  refuseCard(customer: string, refuse: boolean): void
  /**
   * Another card on file (or Link, which has no month). `member` gives a new one, as in the portal; `network`
   * and `shop` renew the one in use. `on`: only as the customer's own, no subscription's.
   */
  setCard(
    customer: string,
    card: CardSeed | 'link',
    how?: { by?: 'member' | 'network' | 'shop'; on?: 'subscriptions' | 'customer' },
  ): Promise<void>
  /** So many days before a renewal `invoice.upcoming` is told: 7, or what the shop has set (3, 15, 30, 45). */
  upcomingDays: number
  /** The member pays what is open, as the portal's card update or the invoice page lets them. */
  payOpenInvoice(customer: string): Promise<void>
  /** When a renewal keeps failing: tried again after so many days, and what then becomes of it. */
  dunning: { retryDays: readonly number[]; finally: 'cancel' | 'unpaid' | 'past_due' }
  cancelSubscription(id: string, when: 'now' | 'period_end'): Promise<void>
  /** The member thinks again before the period has ended. */
  keepSubscription(id: string): Promise<void>
  changePrice(subscription: string, price: string): Promise<void>
  /** The shop stops collecting (`pause_collection`, status stays active), or goes on with null. */
  pauseCollection(
    subscription: string,
    how: 'keep_as_draft' | 'mark_uncollectible' | 'void' | null,
  ): Promise<void>
  /** The member's own pause (status `paused`), as the portal offers it. */
  pauseSubscription(id: string): Promise<void>
  resumeSubscription(id: string): Promise<void>
  refundInvoice(invoice: string, amount?: number): Promise<void>
  deleteCustomer(id: string): Promise<void>
  subscription(id: string): Stripe.Subscription
  /** Newest first, ended ones too. */
  subscriptionsOf(customer: string): Stripe.Subscription[]
  /** A second price of a product, for plans; `interval` as the first unless told. Returns its id. */
  addPrice(
    product: string,
    price: { amount: number; interval?: 'month' | 'year'; intervalCount?: number },
  ): string
  /** Which entitlement features (lookup keys) a product carries. */
  setFeatures(product: string, lookupKeys: readonly string[]): void
  /** So many living subscribers at once, each with a customer of their own, without events. Returns [customer, subscription] pairs. */
  seedSubscribers(price: string, count: number): [customer: string, subscription: string][]
  portalConfigurations(): Stripe.BillingPortal.Configuration[]
  /** Somebody edits a configuration in the dashboard, behind our back. */
  editPortalConfiguration(
    id: string,
    change: (config: Stripe.BillingPortal.Configuration) => void,
  ): void
  /** Somebody deletes it: Stripe then answers "No such configuration". */
  deletePortalConfiguration(id: string): void
  portalSessions(): Stripe.BillingPortal.Session[]

  session(id: string): Stripe.Checkout.Session
  /** Newest first. */
  sessions(): Stripe.Checkout.Session[]

  /** Every event ever made, newest first. */
  events(): Stripe.Event[]
  /** Sends an event again, `times` times at once. Resolves with the answers' status codes. */
  resend(eventId: string, times?: number): Promise<number[]>
  /** While held, events pile up; `release` sends them in the order that the function gives back. */
  hold(): void
  release(reorder?: (events: Stripe.Event[]) => Stripe.Event[]): Promise<void>
  /** Resolves when every webhook sent so far was answered (or given up). */
  settled(): Promise<void>

  /** What it allows from now on, in calls a second; null, the default: no limit. Counting begins anew. */
  limitRate(limit: RateLimit | null): void
  rateSeen(): RateSeen
  /** Artificial latency of the API, in ms. */
  latencyMs: number
  addFault(fault: Fault): void
  clearFaults(): void
  /** "GET /v1/checkout/sessions/cs_…" in order of arrival. */
  requests: string[]
  close(): Promise<void>
}

export type LineUser = {
  userId: string
  name: string
  friend: boolean
  language: string
  pictureUrl?: string
}

export type AcceptedPush = {
  to: string
  at: number
  retryKey: string | null
  messages: Record<string, unknown>[]
  /** false: LINE said 200 and dropped it (not a friend, blocked) */
  delivered: boolean
  /** true: a free answer to something the user did (a reply token), not a push */
  reply?: boolean
}

/** What somebody wrote: into the chat with the shop (`to` is themselves), or into a group. */
export type Said = { to: string; from: string; at: number; text: string }

/** A rich menu as LINE holds it, and the picture that was uploaded for it. */
export type RichMenu = messagingApi.RichMenuResponse & {
  image: { type: string; bytes: Buffer } | null
}

/** Our stand-in for LINE: Messaging API, LINE Login, the LIFF endpoints, and the webhooks. */
export interface LineSandbox {
  /** http://127.0.0.1:PORT, for LINE_API_BASE */
  url: string
  channelId: string
  channelSecret: string
  channelAccessToken: string
  liffId: string
  /** Where the LIFF app lives; set before the browser starts. */
  endpointUrl: string
  sendWebhooksTo(url: string): void

  addUser(user: Partial<LineUser> & { name: string }): LineUser
  /** Makes a group that pushes may go to; returns its C… id. */
  addGroup(name: string): string
  user(userId: string): LineUser | undefined
  /** Who holds the phone: whom LINE Login logs in. */
  holder: string | null
  /** Adds the shop as a friend / blocks it: state, and a follow / unfollow webhook. */
  follow(userId: string): Promise<void>
  unfollow(userId: string): Promise<void>
  say(userId: string, text: string): Promise<void>
  /** Somebody writes into a group or room. */
  sayInGroup(groupId: string, userId: string, text: string): Promise<void>
  /** A button with a postback action is tapped; `shown` (its displayText) appears as the user's own words. */
  tap(userId: string, data: string, shown?: string): Promise<void>
  /** Any webhook body (or exact text), correctly signed unless told otherwise. Returns the answer's status. */
  sendWebhook(body: unknown, options?: { signature?: string }): Promise<number>

  /** What LINE accepted for this user or group, oldest first. */
  chat(to: string): AcceptedPush[]
  /** What people wrote into this user's chat with the shop, or into this group, oldest first. */
  said(to: string): Said[]
  /** The menu that this user sees: their own, or the default; null for none, and for who is no friend. */
  menuOf(userId: string): RichMenu | null
  /** Everything the shop has made and not deleted, oldest first. */
  richMenus(): RichMenu[]
  /** Somebody deletes it in the Official Account Manager or by another program. */
  deleteRichMenu(richMenuId: string): void

  /** Everything accepted, whoever it was for. */
  book(): AcceptedPush[]

  /** A genuine ID token for this user; `over` changes claims, `header` the JOSE header. */
  idToken(
    userId: string,
    over?: Record<string, unknown>,
    header?: Record<string, unknown>,
  ): Promise<string>
  /** Path + query + fragment with which LINE's own browser opens the LIFF app at `path`. */
  inClientUrl(userId: string, path: string): Promise<string>
  /** Answers the hosts that the LIFF SDK talks to (api.line.me, access.line.me), for proxies and test browsers. */
  handle(request: Request): Promise<Response>

  /** Nobody listens any more: connections are refused until told otherwise. */
  refuseConnections(refuse: boolean): Promise<void>
  /** The same as Stripe's; LINE counts by endpoint only. */
  limitRate(limit: Pick<RateLimit, 'endpoint'> | null): void
  rateSeen(): RateSeen
  latencyMs: number
  addFault(fault: Fault): void
  clearFaults(): void
  /** "POST /v2/bot/message/push" in order of arrival. */
  requests: string[]
  close(): Promise<void>
}

/** A mail that our stand-in took, as a mailbox reads it. */
export type ReceivedMail = {
  at: number
  /** As the reader sees it: name and address */
  from: string
  /** Whom the envelope named */
  to: string[]
  subject: string
  text: string
  html: string
  messageId: string
  /** Names in lower case */
  headers: Record<string, string>
}

/** Our stand-in for a mail server: a real SMTP session, and a box instead of the world behind it. */
export interface MailSandbox {
  /** smtp://user:password@127.0.0.1:PORT, for SMTP_URL */
  url: string
  /** For MAIL_FROM */
  from: string
  /** What was taken for this address, or for anybody, oldest first. */
  box(address?: string): ReceivedMail[]
  /** Tested against "CONNECT", "AUTH", "MAIL FROM:<…>", "RCPT TO:<…>" and "DATA"; `body` is what the server says. */
  addFault(fault: Fault): void
  clearFaults(): void
  /** Nobody listens any more: connections are refused until told otherwise. */
  refuseConnections(refuse: boolean): Promise<void>
  /** The same titles in order of arrival. */
  requests: string[]
  close(): Promise<void>
}
