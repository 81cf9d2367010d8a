import type { Kysely, Transaction } from 'kysely'
import type { Konbini, Order, OrderItem } from '../shared/api.ts'
import type { Language } from '../shared/language.ts'
import type { Answer } from './retry-policy.ts'
import type { NewEvent, Tables, WebhookFormat } from './store/tables.ts'

/** The outside in our words. Rooms know these and nothing of a vendor; adapters fill them in. */

export type { Tables } from './store/tables.ts'
export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** Time is an argument: tests move it, and nothing below reads the clock by itself. */
export interface Clock {
  now(): Date
}

export type Job = { kind: 'event' | 'deliver' | 'outbound'; ref: string }

/**
 * Throwing means "again later"; throwing this means "never": retrying cannot help, a person may have to
 * look. Whoever throws it to the queue has written the reason beside the event or delivery.
 */
export class Never extends Error {
  override name = 'Never'
}

/** Not now, for a reason that is known and is no fault of the job: try again in so many seconds. */
export class Later extends Error {
  override name = 'Later'
  readonly seconds: number
  constructor(seconds: number, reason: string) {
    super(reason)
    this.seconds = seconds
  }
}

/** As Later: the house is about to stop, so whatever is not done yet is left to the next start, whole. */
export class Closing extends Later {
  override name = 'Closing'
  constructor() {
    super(1, 'the house is closing')
  }
}

/** As Later, but only a person can mend it, such as a refused key: said aloud, and tried slowly. */
export class NeedsPerson extends Later {
  override name = 'NeedsPerson'
}

/** Does one job; `attempts` counts this try too. */
export type JobHandler = (job: Job & { attempts: number }) => Promise<void>

/** Asked again under the same key, the vendor says the same again, for a day: ask under another. */
export class KeySpent extends Error {
  override name = 'KeySpent'
}

/** What we hold of a vendor's goods is not what it sells any more: read it again. */
export class OutOfDate extends Error {
  override name = 'OutOfDate'
}

/** Structured lines. Nothing in them may name a person: ids of events, orders and deliveries only. */
export interface Log {
  debug(what: object, words: string): void
  info(what: object, words: string): void
  warn(what: object, words: string): void
  error(what: object, words: string): void
}

/** Counts what /metrics tells. Cheap: kept in memory, written to the store now and then. */
export interface Meter {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  /** One answer of a vendor: how long it took, in ms, and its status (`none`: no answer). */
  answered(vendor: string, endpoint: string, status: number | 'none', ms: number): void
}

/**
 * Keeps calls within what a vendor allows, over all processes together, and finds that rate by itself.
 * A lane is a vendor's own limit: `stripe`, `stripe GET /v1/checkout/sessions/:id`, `line push` …
 */
export interface Pace {
  /** Resolves when one call may leave on all these lanes. Throws Later when that is too far off, and Closing. */
  turn(lanes: readonly string[]): Promise<void>
  /** What the vendor said to it. Refused (429): every process slows down, for `retryAfter` seconds not at all. */
  heard(lanes: readonly string[], answer: { refused: boolean; retryAfter?: number }): void
}

/** What a vendor allows on one lane, in calls a second, and where the search for it begins (default: there). */
export type PaceLimit = { perSecond: number; start?: number }

/** Stripe allows so many reads a month; an order's own never wait for this, only what can be left. */
export interface ReadBudget {
  /** One read has left. */
  count(): void
  /** Reads that Stripe allows us in 30 days: 10,000, or 500 for each order of that time. */
  allowance(): Promise<number>
  /** May something that nobody waits for (a list by its age, a look for lost events) still ask? */
  mayReadIdly(): Promise<boolean>
}

export interface Store {
  engine: 'sqlite' | 'postgres'
  db: Db
  /** Brings the database to this version; many processes may do it at once. Throws a sentence. */
  migrate(): Promise<void>
  /** Is the database there, and at this version? Throws when it is not to be reached. */
  isMigrated(): Promise<boolean>
  /** Many callers may share one commit; each still resolves only after it is on disk. No network inside. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement, which is a transaction in itself: on Postgres a third of the round trips. */
  single<T>(statement: (db: Db) => Promise<T>): Promise<T>
  /** Puts a job into the caller's own transaction, so that it exists exactly if the row it is about does. */
  enqueue(tx: Tx, jobs: readonly Job[], runAt?: Date): Promise<void>
  /**
   * Runs every job that is due, and those they create, until none is. The worker's loop calls this too.
   * `stop`: takes nothing new from then on, and resolves when what is in hand is done.
   * The handler's error says what becomes of a job: Later puts it back and counts no attempt, Never
   * ends it (the row it is about must say why by then), any other is tried again with growing delays.
   */
  drain(handle: JobHandler, stop?: AbortSignal): Promise<number>
  /** When the next job (of a kind) that nobody holds is due, or null. */
  nextDue(kind?: Job['kind']): Promise<Date | null>
  /** Jobs waiting or in hand. */
  openJobs(): Promise<number>
  close(): Promise<void>
}

/** One process's turn at a duty that only one of many does at a time. */
export type Turn = {
  /** How far whoever had the turn before came, in the duty's own words */
  bookmark: string | null
  /** Writes down how far this turn came (or only that it goes on). Throws when the turn is over. */
  keep(bookmark?: string): Promise<void>
  /** Aborted when the house closes, or when this process was silent so long that another took the turn */
  stop: AbortSignal
  /** The process has just started: nobody knows what it missed */
  atStart: boolean
}

/** What rang: enough to know which object to fetch, and nothing personal beyond a LINE user id. */
export type Doorbell =
  | {
      from: 'stripe'
      objectId: string | null
      paymentIntent: string | null
      livemode: boolean
      /** Whose it is, where the letter says so; thin ones never do, nor do those before version 3 */
      customer?: string | null
    }
  | { from: 'line'; userId: string | null; at: number; active: boolean; chat?: ChatBell }
  | { from: 'discord'; userId: string; at: number; asked: Interaction }
  /** Rung by ourselves, about something of our own: a person, an account */
  | { from: 'noren'; about: string }

/** What somebody asked for in the chat. The words themselves are not kept. */
export type ChatBell = {
  command: ChatCommand
  replyToken: string
  /** In a group everybody reads the answer, so nothing personal may stand in it */
  group: boolean
}

/** What Discord's slash commands are called; each has a name and a description in the reader's language beside it. */
export const SLASH_COMMANDS = ['join', 'membership', 'orders', 'help'] as const
export type SlashCommand = (typeof SLASH_COMMANDS)[number]

/**
 * What somebody asked for on Discord, by a command or by one of our buttons. The token answers them, and them
 * alone, for 15 minutes; nothing that they typed is kept but a code of ours.
 */
export type Interaction = {
  does:
    | { command: SlashCommand; code?: string }
    /** A button under a message of ours: the page that it opens, such as /orders/cs_… */
    | { open: string }
    /** Asks for a link into LINE, to become one with an account there */
    | { link: true }
    /** Yes to becoming one with whoever made this code (its hash), and no to it */
    | { join: string }
    | { decline: true }
    /** The account stands alone again. `sure`: they were asked */
    | { unlink: true; sure: boolean }
  token: string
  /** As Discord writes it: ja, en-US, zh-TW … */
  locale: string | null
  /** On the shop's own server, where their roles are; else in our messages to them */
  onServer: boolean
}

/** So long its token answers one (https://docs.discord.com/developers/interactions/receiving-and-responding). */
export const ANSWER_MS = 15 * 60_000

export const CHAT_COMMANDS = ['membership', 'orders', 'cancel', 'friend', 'shop', 'help'] as const
/** Ends campaigns and has them again. Not listed under help: each campaign says them itself. */
export const CAMPAIGN_COMMANDS = ['stop', 'start'] as const
export type CampaignCommand = (typeof CAMPAIGN_COMMANDS)[number]
export type ChatCommand = (typeof CHAT_COMMANDS)[number] | CampaignCommand

/** Writes doorbells and their jobs; resolves when they are on disk. Already known ones are fine. */
export type RecordEvents = (events: readonly NewEvent[]) => Promise<void>

/** One line of an order. `amount` is what it costs before discounts, `amountTotal` after them and with tax. */
export type CheckoutItem = OrderItem & {
  product: string | null
  price: string | null
  amountTotal: number
}

/** One Checkout Session as Stripe tells it now, in our words. Amounts in minor units, times ISO UTC. */
export type CheckoutFacts = {
  id: string
  livemode: boolean
  link: string | null
  reference: string | null
  mode: 'payment' | 'subscription' | 'setup'
  session: 'open' | 'complete' | 'expired'
  payment: 'paid' | 'unpaid' | 'no_payment_required'
  /** What became of the money asked for: only this tells "waiting at the konbini" from "lapsed" */
  intent: 'waiting' | 'failed' | 'succeeded' | 'none'
  disputed: boolean
  currency: string
  amount: number
  subtotal: number
  discount: number
  shipping: number
  tax: number
  items: CheckoutItem[]
  refunds: { id: string; amount: number; createdAt: string }[]
  paymentMethod: string | null
  paymentIntent: string | null
  customer: string | null
  /** As the payer typed it on Stripe's page */
  payerMail: string | null
  konbini: Konbini | null
  locale: string | null
  createdAt: string
  paidAt: string | null
  /** As the payer typed it there */
  payerName: string | null
}

/** A session as a list of many tells it: enough to see whether it says something else than we hold. */
export type SessionGlance = Pick<
  CheckoutFacts,
  'id' | 'livemode' | 'link' | 'reference' | 'mode' | 'session' | 'payment' | 'createdAt'
>

/** An event out of Stripe's own book. `session`: what it is about, where that is a session. */
export type MissedEvent = {
  id: string
  type: string
  doorbell: Extract<Doorbell, { from: 'stripe' }>
  session: SessionGlance | null
}

export type SubscribedItem = {
  price: string
  product: string
  /** What Stripe calls the product */
  name: string
  /** For one; null where the price has no whole minor unit */
  amount: number | null
  quantity: number
  interval: 'day' | 'week' | 'month' | 'year'
  intervalCount: number
}

/** One subscription as Stripe tells it now. Amounts in minor units, times ISO UTC. */
export type SubscriptionFacts = {
  id: string
  customer: string
  /** active, trialing, past_due, unpaid, paused, incomplete, incomplete_expired, canceled, or a new word of Stripe's */
  status: string
  currency: string
  items: SubscribedItem[]
  startedAt: string
  /** The end of what is paid (or free) now, and when the next payment is due */
  periodEnd: string | null
  trialEnd: string | null
  /** When it ends by itself, if it does: Stripe's cancel_at, or the period's end for cancel_at_period_end */
  cancelAt: string | null
  endedAt: string | null
  pause: { how: string; until: string | null } | null
  /** The newest invoice, or the oldest that a past_due one owes. `unpaid`: its payment was tried, and it is still open */
  invoice: { id: string; unpaid: boolean; at: string; amount: number } | null
  /** What it is charged to, where that is a card; null: something else, or our key may not see it */
  card: PaymentCard | null
  testClock: string | null
}

/** A card as it may stand in a message. */
export type PaymentCard = {
  /** Stripe's word: visa, amex, jcb … */
  brand: string
  last4: string
  /** The last one in which it is good: 2026-12 */
  month: string
}

/** A customer and all of their subscriptions, ended ones too. */
export type CustomerFacts = {
  id: string
  /** Stripe knows it no longer */
  deleted: boolean
  /** Where Stripe writes to them; null: it did not say */
  mail: string | null
  subscriptions: SubscriptionFacts[]
  /** Lookup keys of Stripe's entitlements */
  features: string[]
  /** Stripe's own time for a customer on a test clock; null: everybody's */
  clockAt: string | null
}

/** A customer as Stripe's dashboard shows it. The mail is what somebody typed: it proves nothing. */
export type PayerFacts = {
  id: string
  email: string | null
  name: string | null
  /** The first of the languages that Stripe holds for them */
  locale: string | null
  createdAt: string
  /** What stands in its metadata about whose it is, by us or by others */
  note: CustomerNote
}

/** Whose a customer is, as we write it into Stripe's metadata (`line_user_id`, `noren_person`). */
export type CustomerNote = { lineUser: string | null; person: string | null }

/** A subscription as a list of many tells it: enough to see whether it says something else than we hold. */
export type SubscriptionGlance = Pick<
  SubscriptionFacts,
  'id' | 'customer' | 'status' | 'cancelAt' | 'periodEnd' | 'pause' | 'card'
> & { items: Pick<SubscribedItem, 'price' | 'product'>[] }

/** What Stripe's portal lets somebody do. */
export type PortalTask = 'card' | 'cancel' | 'plan' | 'pause'

/** One portal configuration, in our words. */
export type PortalSpec = {
  /** The view's name, which is also how it is found again at Stripe */
  view: string
  headline: string | null
  invoices: boolean
  card: boolean
  details: ('address' | 'email' | 'name' | 'phone' | 'tax_id')[]
  cancel: 'period_end' | 'now' | null
  /** null: no pause; a list: so many months to choose among; `open`: until the member comes back */
  pause: number[] | 'open' | null
  /** Products and their prices that a member may change to; null: no change */
  plans: { product: string; prices: string[] }[] | null
  returnUrl: string
}

/** What a link may change without becoming another link; a price of Stripe's never changes its amount. */
export type Conditions = {
  prices: { price: string; product: string; quantity: number }[]
  /** Free days before the first payment */
  trialDays: number
  /** In minor units, of each way to send it */
  shipping: number[]
}

/** An offer as Stripe holds it, before the shopkeeper's own words are laid over it. */
export type StripeOffer = {
  id: string
  url: string
  name: string
  description: string | null
  image: string | null
  amount: number | null
  currency: string
  interval: 'day' | 'week' | 'month' | 'year' | null
  intervalCount: number
  trialDays: number
  shipping: number[]
  active: boolean
  soldOut: boolean
  /** What it sells. Lists that were kept before version 3 do not say */
  prices?: Conditions['prices']
  /** Only so many may be sold, which Stripe counts for its own page alone */
  limited?: boolean
}

export type EventsAsked = {
  types: readonly string[]
  since: Date
  undelivered: boolean
  newestOnly?: boolean
}

export interface StripeGateway {
  /** true when our key is a live one; events of the other mode are none of ours */
  livemode: boolean
  /** null: Stripe does not know it (or not in this mode). */
  fetchCheckout(sessionId: string): Promise<CheckoutFacts | null>
  /** The session in which something was paid once, for refunds and disputes. */
  sessionOfPayment(paymentIntent: string): Promise<string | null>
  /** The session whose subscription this payment began; a renewal came from none. */
  sessionOfFirstPayment(paymentIntent: string): Promise<string | null>
  /** The payment behind a charge, refund or dispute id. */
  paymentOf(objectId: string): Promise<string | null>
  /** With ids: those links, active or not, skipping the other mode's. Without: every active link. */
  listOffers(ids: readonly string[] | null): Promise<StripeOffer[]>
  /**
   * Every session of the account made since then, whatever its link, newest first, a page of up to 100
   * at a time. `after`: goes on behind that session, the last of a page seen earlier.
   */
  listSessions(since: Date, after?: string | null): AsyncIterable<SessionGlance[]>
  /**
   * Events of these types made since then (Stripe keeps them for 30 days), newest first, by pages.
   * `undelivered`: only those that some letterbox has not taken. `newestOnly`: one is enough.
   */
  listEvents(ask: EventsAsked): AsyncIterable<MissedEvent[]>
  /** All that Stripe says of a customer now. `deleted` also where Stripe knows no such customer. */
  fetchCustomer(customer: string): Promise<CustomerFacts>
  /** What Stripe's dashboard shows of a customer. null: deleted, or unknown. */
  fetchPayer(customer: string): Promise<PayerFacts | null>
  /** Up to 100 Checkout Sessions of a customer, newest first. */
  sessionsOfCustomer(customer: string): Promise<SessionGlance[]>
  /** Writes whose it is beside the customer, for people to find; null takes a word away. False: there is no such customer. Throws NeedsPerson when our key may not. */
  noteCustomer(customer: string, note: CustomerNote): Promise<boolean>
  /**
   * Customers by mail, or by what a note says. For people who look for something, never for a rule: what
   * was typed proves nothing, and Stripe's search lags by a minute or more and takes 20 questions a second.
   */
  findPayers(by: { email: string } | { lineUser: string }): Promise<PayerFacts[]>
  /** Every subscription that has not ended, newest first, a page of up to 100 at a time. */
  listSubscriptions(): AsyncIterable<SubscriptionGlance[]>
  /** The customer behind a subscription, invoice, payment method or customer id; null: unknown to Stripe, or of nobody. */
  customerOfObject(objectId: string): Promise<string | null>
  /** The subscription (and its customer) that a payment was for; null: a one-time purchase. */
  subscriptionOfPayment(
    paymentIntent: string,
  ): Promise<{ subscription: string; customer: string } | null>
  /** The session in which a subscription was begun; null: none, it was made in some other way. */
  sessionOfSubscription(subscription: string): Promise<string | null>
  /** Has a bank taken this payment back, or is it about to? */
  isDisputed(paymentIntent: string): Promise<boolean>
  /**
   * A Checkout Session for what a Payment Link sells, for a customer that exists already: a link itself
   * would make a new one each time. The same `key` gives the same session. Throws Never when Stripe refuses
   * it, KeySpent when it fell over it, OutOfDate when the link sells something else than was `shown`.
   */
  openCheckout(ask: CheckoutAsked): Promise<{ id: string; url: string }>
  /** Is this session still to be paid? Where it is: `open`. */
  checkoutState(sessionId: string): Promise<'open' | 'complete' | 'expired'>
  /**
   * What lets a pricing table on a page of ours sell to this customer: a secret for one browser, good for
   * 30 minutes and never kept. null: Stripe knows no such customer (any more). Throws NeedsPerson where our
   * key may not.
   */
  openPricingTableSession(customer: string): Promise<string | null>
  /** Nobody can pay it any more. False: it is too late, somebody has. */
  expireCheckout(sessionId: string): Promise<boolean>
  /** All portal configurations of ours (those that carry our metadata), by view. */
  listPortalConfigurations(): Promise<
    { id: string; view: string; active: boolean; spec: PortalSpec }[]
  >
  /** Brings the one with this id to what the spec says, or makes one; the same key makes no second. Returns its id. */
  writePortalConfiguration(
    spec: PortalSpec,
    place: { id: string } | { key: string },
  ): Promise<string>
  /** null: Stripe knows no such configuration (any more). Throws Never when it does not allow the task. */
  openPortal(ask: PortalAsked): Promise<string | null>
}

export type CheckoutAsked = {
  key: string
  link: string
  /** What the buyer has read that it sells; null: a list from before version 3, which did not say */
  shown: Conditions | null
  customer: string | null
  email: string | null
  reference: string
  /** Ours, whatever style the shop's references have */
  sealed: string
  language: Language
  /** false: this person has had theirs */
  trial: boolean
  returnUrl: string
  cancelUrl: string
}

export type PortalAsked = {
  customer: string
  /** null: the one that the shop has saved in Stripe's dashboard */
  configuration: string | null
  returnUrl: string
  language: Language
  task: { name: PortalTask; subscription: string | null } | null
}

/** Where people are. As logs and reasons name them. */
export const CHANNEL_NAMES = { line: 'LINE', discord: 'Discord', mail: 'the mail server' } as const
export type AccountChannel = keyof typeof CHANNEL_NAMES

/** What we want to say; the channel's adapter decides how it looks there. */
export type OrderMessage = {
  kind: 'awaiting_payment' | 'paid' | 'failed' | 'refunded'
  language: Language
  shop: { name: string; brand: string; taxNote: string }
  order: Order
  /** Only for `refunded`: this refund's own amount. */
  refund: number | null
  links: { order: string; again: string }
}

export type StaffMessage = {
  kind: 'staff_paid' | 'staff_late'
  language: Language
  shop: { name: string }
  order: Order
  buyer:
    | { known: true; name: string | null }
    | { known: false; reason: 'no_reference' | 'forged_reference' }
}

/** What the shop must know of the messages themselves. Times ISO UTC. */
export type StaffNotice = { language: Language; shop: { name: string } } & (
  | { kind: 'staff_quota'; since: string }
  | {
      kind: 'staff_outage'
      /** What was away; without a word LINE */
      channel?: AccountChannel
      from: string
      to: string
      waited: number
      dead: number
    }
  /** `events`: so many of them are no messages, but events that could not be handled */
  | { kind: 'staff_dead' | 'staff_late_many'; count: number; events: number }
)

/** What a member pays for: named by Stripe, or by the shop in the reader's language. */
export type PlanWords = {
  name: string
  amount: number | null
  currency: string
  interval: SubscribedItem['interval']
  intervalCount: number
}

/** What a member hears of their membership. Times ISO UTC. */
export type MemberMessage = {
  language: Language
  shop: { name: string; brand: string; taxNote: string }
  /** The role's title, in the reader's language */
  role: string
  /** null: bought once, or given by the shop */
  plan: PlanWords | null
  links: { membership: string; card: string; join: string }
} & (
  | {
      kind: 'welcome'
      /** When the first payment after a trial is due; null: no trial */
      trialEnd: string | null
      /** When it is charged next; null: never again */
      renewsAt: string | null
      /** When it ends by itself, if it does */
      endsAt: string | null
    }
  | { kind: 'trial_ending'; at: string }
  /** `until`: so long they stay a member without paying; null: they are none already */
  | { kind: 'payment_failed' | 'grace_ending'; amount: number; until: string | null }
  | {
      kind: 'ended'
      /** `resting`: not paid for, and back as soon as it is */
      because: 'cancelled' | 'unpaid' | 'resting' | 'refunded' | 'disputed' | 'ran_out' | 'by_shop'
    }
  | { kind: 'plan_changed'; before: PlanWords; renewsAt: string | null }
  | { kind: 'paused'; until: string | null }
  | { kind: 'resumed'; renewsAt: string | null }
  /** Cancelled, and still a member until then; and thought better of it */
  | { kind: 'leaving'; at: string }
  | { kind: 'staying'; renewsAt: string | null }
  | CardExpiring
  | RenewalAhead
)

/** A card that a membership is paid by runs out at the end of a month. */
export type CardExpiring = PaymentCard & {
  kind: 'card_expiring'
  /** When it is charged next; null: nobody knows yet */
  renewsAt: string | null
}
/** A year is nearly over, and the next one is charged by itself. */
export type RenewalAhead = { kind: 'renewal_ahead'; at: string; amount: number }

/** To who paid before we knew them: thanks, and the one way to become one with their LINE account. Mail only. */
export type InviteMessage = {
  kind: 'invite'
  language: Language
  shop: { name: string; brand: string; taxNote: string }
  /** The payer's name, as Stripe holds it */
  name: string | null
  /** What they subscribe to; null: a purchase, or nothing yet */
  plan: PlanWords | null
  /** One-time: whoever opens it in LINE is this customer from then on */
  links: { connect: string }
  /** So long the link is good */
  until: string
}

/** What a rule of the shop's offers to somebody. `unsubscribe`: for mail, where one click must be enough. */
export type CampaignMessage = {
  kind: 'campaign'
  language: Language
  shop: { name: string; brand: string; taxNote: string }
  title: string
  text: string
  button: { label: string; address: string }
  links: { unsubscribe: string }
}

/** What the shop hears besides orders. Amounts in minor units, times ISO UTC. */
export type ShopNotice = { language: Language; shop: { name: string } } & (
  | { kind: 'staff_dispute' | 'staff_refund'; order: Order; amount: number; buyer: string | null }
  | {
      kind: 'staff_payment_failed'
      role: string
      plan: PlanWords | null
      amount: number
      until: string | null
    }
  /** Nobody can decide it but a person. `about`: an id of Stripe's, or our own */
  | { kind: 'staff_person'; why: PersonTrouble; about: string }
  | { kind: 'staff_quota_near'; used: number; total: number }
  | { kind: 'staff_endpoint_off'; endpoint: string; host: string; since: string; reason: string }
  /** A role of the chat server's (by its id) that we cannot give or take. `title`: what the shop calls who has it */
  | { kind: 'staff_sign'; role: string; title: string | null; why: RoleTrouble; words: string }
  | {
      kind: 'staff_digest'
      /** 2026-11-22, in Japan */
      day: string
      orders: number
      /** By currency */
      revenue: { currency: string; amount: number; refunded: number }[]
      awaiting: number
      joined: number
      left: number
      members: number
      /** Messages and events that a person must look at */
      dead: number
      line: { used: number; total: number | null } | null
    }
)

/** Why somebody must look at a person. */
export type PersonTrouble =
  | 'forged_reference'
  | 'no_mail'
  | 'two_subscriptions'
  | 'customer_of_another'

/** What every channel can say. */
export type Message =
  | OrderMessage
  | StaffMessage
  | StaffNotice
  | MemberMessage
  | ShopNotice
  | CampaignMessage
/** An invitation goes to who has no LINE account with us, so only a mail can bring it. */
export type MailMessage = Message | InviteMessage

/** What the chat answers to a word or a button. */
export type ChatAnswer = {
  language: Language
  shop: { name: string; brand: string; taxNote: string }
  links: {
    shop: string
    membership: string
    card: string
    join: string
    orders: string
    cancel: string
    friend: string | null
  }
  /** A one-time way in for a computer; null where everybody reads along, or where too many were asked for */
  computer: string | null
} & (
  | { kind: 'group' | 'orders' | 'friend' | 'shop' | 'help' }
  /** Campaigns are no more, or again */
  | { kind: 'stopped' | 'started' }
  /** Who is no member yet, and which plans there are (the shop's own words) */
  | { kind: 'guest'; plans: PlanWords[] }
  | ({ kind: 'member' | 'cancel' } & ChatStanding)
)

export type ChatStanding = {
  /** Its title; empty for a subscription to goods, which gives none */
  role: string
  plan: PlanWords | null
  /** The state in one word, for the sentence that explains it */
  state: 'active' | 'trial' | 'past_due' | 'paused' | 'leaving' | 'unending'
  /** What that state is about: next payment, end of the trial, of the grace, of the pause, of the membership */
  at: string | null
}

export type SendOutcome =
  | { state: 'accepted'; requestId: string | null }
  /**
   * `maybeAccepted`: a time-out or a 5xx says nothing about whether the buyer got it. `busy`: LINE is
   * there, but we were too fast. `retryAfter`: what the vendor asked for, in seconds. `oneReader`: the
   * vendor is there, and this recipient alone cannot be reached for now. `inAnswer`: it may have been said in
   * the open answer, where nobody can look.
   */
  | {
      state: 'again'
      reason: string
      maybeAccepted: boolean
      busy: boolean
      retryAfter: number | null
      oneReader?: boolean
      inAnswer?: boolean
    }
  /** Our token or account is refused, whatever the message: a person must mend it. */
  | { state: 'refused'; reason: string }
  /** The month's messages are used up: no fault of this message, and no use to hurry. */
  | { state: 'quota'; reason: string }
  /** This reader takes nothing from us there (any more), and everybody else may: another way is looked for. */
  | { state: 'unreachable'; reason: string }
  | { state: 'never'; reason: string }

/** What a channel may make use of when it sends; most need none of it. */
export type Moment = {
  /** Answers who asked us something there a moment ago, where messages are not let in */
  openAnswer: string | null
  /** Since when an earlier try may have arrived; null: none has */
  unclearSince: Date | null
}

/** One way to reach people: LINE's chat, mail. */
export interface Channel {
  /** The whole message as the vendor wants it, within its size limits, ready to be sent byte for byte. */
  render(message: Message): string
  /** `key` makes a repeated send harmless; the body must be the same each time. Throws Later only, when nothing may leave now. */
  send(address: string, body: string, key: string, moment?: Moment): Promise<SendOutcome>
}

export interface MailChannel extends Channel {
  /** Subject, text, HTML and headers as JSON. */
  render(message: MailMessage): string
}

/** A channel in which people answer, and which knows who they are. */
export interface ChatChannel extends Channel {
  /** An answer as the vendor's JSON. */
  renderAnswer(answer: ChatAnswer): string
  /** Answers what somebody did in the chat, free of charge. `spent`: the token is too old or was used; nothing can be done. */
  reply(replyToken: string, body: string): Promise<'accepted' | 'spent'>
  /** null: out of reach (not a friend, blocked, unknown). Throws when the vendor did not answer. */
  profile(address: string): Promise<{ name: string; language: string | null } | null>
  /** The month's messages, used and in all; `total` null: without limit. Throws when the vendor did not answer. */
  quota(): Promise<{ used: number; total: number | null }>
}

/** What leaves for another system. The payload is JSON, already written down; `secrets` sign it, newest first. */
export type OutboundLetter = {
  id: string
  url: string
  format: WebhookFormat
  secrets: string[]
  payload: string
  /** What people read in Slack or Discord */
  language: Language
  shop: string
}

/** Other systems' addresses: where we may post, and posting there. */
export interface Outbound {
  /** Why this can be nobody's address of ours, in a sentence; null: it may be tried. */
  fault(url: string): string | null
  /** Posts once, follows nothing, and says what was answered. Does not throw for what the receiver does. */
  post(letter: OutboundLetter): Promise<Answer>
  close(): Promise<void>
}

export type MenuArea = {
  label: string
  icon: string
  action:
    | { type: 'uri'; uri: string }
    | { type: 'message'; text: string }
    | { type: 'postback'; data: string; displayText?: string }
}

/** A menu under the chat, as one role sees it in one language. */
export type MenuSpec = {
  size: 'large' | 'compact'
  bar: string
  areas: MenuArea[]
  picture:
    | { brand: string; shopName: string; roleTitle: string | null }
    | { file: Buffer; type: 'image/png' | 'image/jpeg' }
}

/** How a channel shows a role. Every call throws when the vendor did not answer. */
export interface Sign {
  /** The spec's content as a short hash: the same content has the same key, also after a restart. */
  keyOf(spec: MenuSpec): string
  /** Makes it at the vendor, picture and all. Returns the vendor's id; the key can be read back from it. */
  make(spec: MenuSpec): Promise<string>
  /** Those of ours that the vendor holds */
  list(): Promise<{ id: string; key: string }[]>
  remove(id: string): Promise<void>
  /** What everybody sees of whom nothing is known. false: the vendor holds no such menu (any more). */
  showToAll(id: string): Promise<boolean>
  defaultMenu(): Promise<string | null>
  /** false: the vendor holds no such menu (any more). For who is out of reach it says yes and does nothing. */
  show(address: string, id: string): Promise<boolean>
  shown(address: string): Promise<string | null>
}

/**
 * What became of a role: `done` also where it was so before. `away`: they are not on the server.
 * `refused`: only a person at the server's settings can mend it, and asking again is of no use until then.
 */
export type RoleOutcome =
  | { state: 'done' | 'away' }
  | { state: 'refused'; why: RoleTrouble; words: string }
/** The role stands above the bot's own; the bot may manage none; there is no such role; another reason, in the vendor's words */
export type RoleTrouble = 'above_bot' | 'no_permission' | 'no_role' | 'other'

export type ServerMembers = { members: { address: string; roles: string[] }[]; isLast: boolean }

/**
 * Roles on a chat server, one at a time: a member's list is never overwritten, since most of it is not ours.
 * Every call throws Later while nothing may leave, NeedsPerson for a refused token, and when the vendor did not answer.
 */
export interface ServerRoles {
  /** The server's id */
  guild: string
  /** null: they are not on the server. */
  rolesOf(address: string): Promise<string[] | null>
  /** `reason` stands in the server's own log. */
  give(address: string, role: string, reason: string): Promise<RoleOutcome>
  take(address: string, role: string, reason: string): Promise<RoleOutcome>
  /**
   * A page of who is on the server, in the order of their ids as numbers go, behind this one ('0': all). null:
   * the vendor does not show us the list (an intent is missing).
   */
  membersBehind(address: string): Promise<ServerMembers | null>
}

/** A chat in which people ask by commands, and where an answer is seen by who asked alone. */
export interface CommandChannel extends Channel {
  /** An answer as the vendor's JSON. */
  renderAnswer(answer: CommandAnswer): string
  /**
   * Answers an interaction. `spent`: its 15 minutes are over; nothing can be done. `unknown`: the first answer has
   * not arrived yet, or came too late. Throws as `send` would come back.
   */
  answer(token: string, body: string): Promise<'accepted' | 'spent' | 'unknown'>
  /** Under what name others see them; null: there is no such account. Throws when the vendor did not answer. */
  profile(address: string): Promise<{ name: string } | null>
}

/** What an interaction is answered with; seen by who asked alone. */
export type CommandAnswer = {
  language: Language
  shop: { name: string; brand: string; taxNote: string }
} & (
  | { kind: 'help' }
  /** Who is no member yet. `enter`: a one-time link; null: too many were asked for in these minutes */
  | { kind: 'guest'; plans: PlanWords[]; enter: string | null; linked: boolean }
  | ({ kind: 'member'; enter: string | null; linked: boolean } & ChatStanding)
  /** `orders`: the newest few, in short. `enter` leads to all of them, and to each one's receipt */
  | { kind: 'orders'; orders: Order[]; enter: string | null }
  /** A page that a button under a message opens */
  | { kind: 'open'; enter: string | null }
  /** A one-time link into LINE */
  | { kind: 'link'; into: string | null }
  /** Shall this account and that of `name` be one? `replaces`: the account of theirs that would be no more */
  | {
      kind: 'ask_join'
      code: string
      name: string | null
      channel: AccountChannel
      replaces: string | null
    }
  | { kind: 'joined'; name: string | null; role: string | null }
  | { kind: 'ask_unlink'; name: string | null }
  | { kind: 'unlinked' | 'declined' }
  /** Why not */
  | { kind: 'refused'; why: JoinTrouble }
)
/** A code that is none (any more); one's own; two that both have another LINE account; nothing that could be taken apart */
export type JoinTrouble =
  | 'code_unknown'
  | 'code_expired'
  | 'code_spent'
  | 'same'
  | 'other_line'
  | 'alone'

export type Identity = {
  userId: string
  name: string | null
  email: string | null
}

/** Why an ID token was refused; `unavailable` is not the buyer's fault and is answered 503. */
export class IdentityRefused extends Error {
  override name = 'IdentityRefused'
  readonly reason: 'expired' | 'invalid' | 'unavailable'
  constructor(reason: 'expired' | 'invalid' | 'unavailable') {
    super(`ID token refused: ${reason}`)
    this.reason = reason
  }
}

/** Who holds this ID token? Throws IdentityRefused. */
export type VerifyIdentity = (idToken: string) => Promise<Identity>
