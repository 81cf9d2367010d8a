import type { Generated, Insertable, Selectable } from 'kysely'
import type { OrderStatus } from '../../shared/api.ts'
import type { Language } from '../../shared/language.ts'

/**
 * The rows as both engines hold them. Portable columns only: text, integer, ISO 8601 UTC text for
 * time, JSON as text, 0 and 1 for no and yes. Money is in Stripe's minor unit.
 */
export interface PeopleTable {
  id: string
  created_at: string
}

/**
 * One person on one channel. `id` is `line:U…` or `discord:123…`, so that no join is needed to know whom a row means. A
 * mailbox is `mail:cus_…` or `mail:cs_…`, by whatever of Stripe's told it: two who typed the same address
 * at the till are two accounts, until each has shown that the mailbox is theirs.
 */
export interface AccountsTable {
  id: string
  person_id: string
  channel: 'line' | 'discord' | 'mail'
  /** LINE's userId, Discord's user id, or the mail address */
  address: string
  name: string | null
  email: string | null
  language: Language | null
  /** 1 friend, 0 out of reach, null not known yet. On Discord: whether our messages are let in */
  friend: 0 | 1 | null
  /**
   * LINE's own time (ms) of the newest follow or unfollow; an older one that arrives late changes nothing. In
   * another chat: when a message last came back
   */
  friend_event_at: number | null
  /** When an ID token proved that this account is a human of ours; null for ids that only stood in a link */
  verified_at: string | null
  profile_at: string | null
}

/** A Stripe customer and whose it is. What we hold of it is what Stripe said when it was asked last. */
export interface CustomersTable {
  id: string
  person_id: string
  linked_at: string
  /** Grows with each write; a writer whose fetch began before somebody else's write must fetch again */
  version: Generated<number>
  /** 1: Stripe knows it no longer, and nothing of it counts */
  deleted: Generated<0 | 1>
  /** JSON list: lookup keys of the Stripe entitlements. A feature map for other programs, never the gate */
  features: string | null
  /** Where Stripe writes to them, when it was asked last */
  mail: string | null
  checked_at: string | null
  /** When Stripe's own notes on it were brought to say whose it is; null: they have to be looked at */
  noted_at: string | null
  /** Our key may not write there; tried again later */
  note_refused_at: string | null
}

/** Two persons who turned out to be one. Nothing is lost by it: `moved` says what went where, to be put back. */
export interface MergesTable {
  id: string
  from_person: string
  into_person: string
  at: string
  /** By the link of a mail, on the return page, by a sealed reference, by hand, or by both accounts' own word */
  how: 'link' | 'claim' | 'reference' | 'hand' | 'accounts'
  /** JSON of `Moved` in people/merge-people.ts */
  moved: string
  undone_at: string | null
}

/** A Stripe customer whose person asked us to forget them: no event makes a person of it again. */
export interface LeftAloneTable {
  customer_id: string
  at: string
}

/** One Stripe subscription as it was when Stripe was asked last. Never deleted: it also says who had a trial. */
export interface SubscriptionsTable {
  id: string
  customer_id: string
  /** Grows with each change; what is said about a change is said once for each */
  version: number
  status: string
  currency: string
  /** JSON of `SubscribedItem[]` in ports.ts */
  items: string
  started_at: string
  period_end: string | null
  trial_end: string | null
  /** When it will end by itself; also what Stripe calls cancel_at_period_end */
  cancel_at: string | null
  ended_at: string | null
  /** How its payments pause: Stripe's `pause_collection.behavior` */
  pause: string | null
  pause_until: string | null
  /** The newest invoice, whether it is open although it was tried, since when, and how much it asks for */
  invoice: string | null
  invoice_unpaid: 0 | 1
  invoice_at: string | null
  invoice_amount: number | null
  /** JSON of `PaymentCard` in ports.ts: what it is charged to, where that is a card that we may see */
  card: string | null
  /** Stripe's own time for a customer on a test clock; null: everybody's */
  clock_at: string | null
  /** JSON list of the payments that a bank has taken back, or is about to */
  disputed: Generated<string>
  seen_at: string
}

/** A role that the shop gave by hand. */
export interface StaffGrantsTable {
  id: string
  person_id: string
  role: string
  /** null: for good */
  until: string | null
  note: string | null
  given_at: string
  revoked_at: string | null
}

/** What a person is, computed from all of their grants; and when time alone may change it. */
export interface MembershipsTable {
  person_id: string
  role: string
  since: string
  reconsider_at: string | null
  /** A portal view that the shop chose for this person, instead of their role's */
  portal_view: string | null
  /** When they came to have a role at all, and when they came to have none, each the last time */
  joined_at: string | null
  left_at: string | null
}

/** How an account is to see its role, and how it does. */
export interface SignsTable {
  account_id: string
  role: string
  /** Grows with each wish, so that whoever applies an older one does not call it done */
  version: number
  /** What the vendor was told last: a key of `menus`. null: nothing, or it may have been lost */
  applied: string | null
  applied_at: string | null
  /** Why the vendor will not show it, until a person has mended something there. null: nothing is wrong */
  refused: string | null
  refused_at: string | null
}

/** A role of a chat server that we gave to somebody, and may take away again; whatever else they have is not ours. */
export interface GivenRolesTable {
  account_id: string
  /** The server: a shop that moves to another leaves this one's behind */
  guild: string
  role_id: string
  given_at: string
}

/** A role that a chat server does not let us give: until a person has mended something there, few ask again. */
export interface RefusedRolesTable {
  guild: string
  /** `*`: the bot may give none at all */
  role_id: string
  why: 'above_bot' | 'no_permission' | 'no_role' | 'other'
  /** The vendor's own */
  words: string
  tried_at: string
  /** When the staff heard of it; null: it is no trouble (another server's role) */
  told_at: string | null
}

/** What somebody asked last where an answer reaches them alone: until then we may still say something there. */
export interface OpenAnswersTable {
  account_id: string
  token: string
  until: string
}

/** What was made at a vendor to show a role, by its content, so that nothing is made twice. */
export interface MenusTable {
  channel: 'line'
  key: string
  menu_id: string
  made_at: string
}

/** One Stripe portal configuration for each view, in test and live mode apart. */
export interface PortalConfigurationsTable {
  view: string
  livemode: 0 | 1
  configuration: string
  /** Hash of what it should say */
  content: string
  checked_at: string
}

/** A one-time link. Of its token only the hash is kept. */
export interface LinksTable {
  hash: string
  /**
   * `enter`: a way in for who is not inside LIFF; `connect`: from a mail, to become one with a LINE account;
   * `join`: from a chat, to become one with a LINE account; `code`: typed into a chat, for the other way round
   */
  purpose: Generated<'enter' | 'connect' | 'join' | 'code'>
  account_id: string
  created_at: string
  expires_at: string
  spent_at: string | null
}

/** Somebody was led to Stripe's page to subscribe, and which terms they had read. */
export interface ProceduresTable {
  id: string
  person_id: string
  account_id: string
  offer: string
  terms: string
  language: string
  /** Stripe's session and its address; null while it is being made */
  session_id: string | null
  url: string | null
  /** A person has at most one open at a time */
  state: 'open' | 'closed'
  opened_at: string
  closed_at: string | null
}

/** A way to the till that somebody took with UTM in their address; which one, their reference says. */
export interface VisitsTable {
  account_id: string
  /** Unix seconds, as in the reference */
  issued: number
  source: string
  offer: string
  /** JSON of `Utm` in shared/utm.ts */
  utm: string
  at: string
}

/** The words of each version of the terms that somebody was shown. */
export interface TermsTable {
  version: string
  words: string
  first_shown_at: string
}

/** Who wants no campaigns. Nothing personal: whoever is forgotten is gone from here as well. */
export interface CampaignOptoutsTable {
  person_id: string
  at: string
  via: 'mail' | 'chat'
}

/** A doorbell: who rang and for which object. Never the letter itself (no names, no mails). */
export interface EventsTable {
  id: string
  source: 'stripe' | 'line' | 'discord' | 'noren'
  type: string
  /** JSON of `Doorbell` in ports.ts: no name, no mail, no words; of LINE the userId */
  doorbell: string
  received_at: string
  handled_at: string | null
  outcome: 'handled' | 'ignored' | 'dead' | null
  /** Failed tries, and the words of the last one */
  attempts: Generated<number>
  error: string | null
}

export interface OrdersTable {
  id: string
  number: string
  /** Grows with each write; a writer whose fetch began before somebody else's write must fetch again */
  version: number
  status: OrderStatus
  account_id: string | null
  person_id: string | null
  /**
   * How we know the owner: sealed reference, bare id (a claim only), or claimed on the return page.
   * `payer`: whoever pays by this Stripe customer or mailbox, whom we know from nothing else
   * `forgotten`: there was one, who asked us to forget; nobody owns it any more, and nobody may claim it
   */
  ownership: 'sealed' | 'bare' | 'claimed' | 'payer' | 'forgotten' | null
  /** 1 when a reference was there but not ours: staff are told that somebody must look */
  reference_forged: 0 | 1
  source: string | null
  /** JSON of `Utm` in shared/utm.ts; null: none came along, or we were never told */
  utm: string | null
  link: string | null
  mode: string
  currency: string
  amount: number
  subtotal: number
  discount: number
  shipping: number
  tax: number
  refunded: number
  payment_method: string | null
  payment_intent: string | null
  customer: string | null
  /** What the payer typed on Stripe's page: enough to send them this order's receipt, and no proof of anything */
  payer_mail: string | null
  /** JSON of `Konbini` in shared/api.ts */
  konbini: string | null
  locale: string | null
  item_count: number
  created_at: string
  paid_at: string | null
  /** The day of `paid_at` on a calendar in Japan, 2026-11-22: what reports are grouped by */
  paid_day: string | null
  recorded_at: string
}

export interface OrderItemsTable {
  order_id: string
  position: number
  name: string
  quantity: number
  /** Before discounts, as Stripe's `amount_subtotal` */
  amount: number
  product: string | null
  /** null before version 7 */
  price: string | null
  /** What it cost in the end, after discounts and with tax, as Stripe says. null before version 7 */
  amount_total: number | null
}

/** What was given back, as Stripe tells it; one that failed is not here. */
export interface RefundsTable {
  id: string
  order_id: string
  amount: number
  created_at: string
}

/** `ignored`: it was dead, and a person said that nothing is left to do */
export type DeliveryState = 'pending' | 'waiting' | 'accepted' | 'dead' | 'superseded' | 'ignored'
export type DeliveryKind =
  | 'awaiting_payment'
  | 'paid'
  | 'failed'
  | 'refunded'
  | 'welcome'
  | 'trial_ending'
  | 'payment_failed'
  | 'grace_ending'
  | 'ended'
  | 'plan_changed'
  | 'paused'
  | 'resumed'
  | 'leaving'
  | 'staying'
  | 'card_expiring'
  | 'renewal_ahead'
  | 'campaign'
  | 'invite'
  | 'staff_paid'
  | 'staff_late'
  | 'staff_late_many'
  | 'staff_quota'
  | 'staff_outage'
  | 'staff_dead'
  | 'staff_dispute'
  | 'staff_refund'
  | 'staff_payment_failed'
  | 'staff_person'
  | 'staff_quota_near'
  | 'staff_digest'
  | 'staff_endpoint_off'
  | 'staff_sign'

/** One message to one account. Unique by (subject, kind, account_id); its id is LINE's retry key, unless `retry_key` is. */
export interface DeliveriesTable {
  id: string
  subject: string
  kind: DeliveryKind
  account_id: string
  order_id: string | null
  /**
   * The request body, rendered once: a retry under the same key must be byte-identical. Emptied when
   * LINE has taken it. A daily notice has none until its first attempt: what it counts still grows.
   */
  body: string
  state: DeliveryState
  attempts: number
  first_attempt_at: string | null
  accepted_at: string | null
  request_id: string | null
  error: string | null
  created_at: string
  /** The event that caused it: one id from the letterbox to the phone. null before version 2 */
  cause: string | null
  /** Since when it could have left: made, or released by a follow. null before version 2 */
  pending_since: string | null
  /** LINE's retry key where it is not the id: a person sent it anew after the first one had run out */
  retry_key: string | null
  died_at: string | null
  /**
   * JSON of `Message` in ports.ts, beside one for a chat that another chat or mail may bring instead; emptied as
   * `body` is. null: nobody but this channel brings it
   */
  message: string | null
  /** When mail is to bring it (or is asked again), if the chat has not; null: never */
  instead_at: string | null
  /** Mails that a server may have taken without saying so; in a chat: tries that may stand in an open answer */
  unclear: Generated<number>
}

export type WebhookFormat = 'standard' | 'slack' | 'discord'

/** Another system's address that hears of what happens here. */
export interface EndpointsTable {
  id: string
  url: string
  /** whsec_…; null where the format knows no signature */
  secret: string | null
  /** Signs beside the new one until then, so that the receiver can be changed in peace */
  old_secret: string | null
  old_secret_until: string | null
  /** JSON list: types, or patterns like `order.*` and `*` */
  events: string
  format: WebhookFormat
  /** What comes while it is off waits for it */
  state: 'on' | 'off'
  /** Since when there has been nothing but failures; null: the last answer was a yes, or there was none yet */
  failing_since: string | null
  off_reason: string | null
  off_at: string | null
  created_at: string
}

/** Something that other systems are told, as it was at that moment. Kept for 30 days. */
export interface OutboundMessagesTable {
  /** msg_…, which receivers know it by: webhook-id */
  id: string
  type: string
  /** What it is about, `order:cs_…` or `person:…`: messages about one object leave in the order of `seq` */
  object: string
  seq: number
  /** Whom it names, so that they can be forgotten */
  person_id: string | null
  /** The request's body, byte for byte; empty when a person in it was forgotten */
  payload: string
  created_at: string
  /** Type and subject: the same is told once */
  cause: string
}

/** `skipped`: withdrawn, because a person in it was forgotten */
export type OutboundState = 'pending' | 'delivered' | 'dead' | 'skipped'

/** One message to one endpoint. Its id is both of theirs: `msg_…/zapier`. */
export interface OutboundDeliveriesTable {
  id: string
  message_id: string
  endpoint_id: string
  state: OutboundState
  attempts: number
  first_attempt_at: string | null
  next_attempt_at: string | null
  /** Somebody is sending it; whoever died over it is not waited for any longer than that */
  busy_until: string | null
  delivered_at: string | null
  /** The last answer: HTTP's status, and a line of what went wrong */
  status: number | null
  error: string | null
  created_at: string
}

/** SQLite's own queue: bells only. A row that is done is deleted; what failed for good stands at its event or delivery. */
export interface JobsTable {
  id: Generated<number>
  kind: 'event' | 'deliver' | 'outbound'
  ref: string
  run_at: string
  attempts: number
  claimed_until: string | null
  error: string | null
}

/** The offers as Stripe last told them, one row, shared by all processes. */
export interface CatalogueTable {
  id: 1
  offers: string
  fetched_at: string
}

/** How fast a vendor's lane goes, shared by all processes. Times in ms since 1970, rate in calls a second. */
export interface PacesTable {
  lane: string
  rate: number
  /** The rate at which the vendor last refused; 0: it never has */
  peak: number
  /** The next slot that nobody has taken */
  next_free_at: number
  lowered_at: number
  raised_at: number
  /** Since when there has been no gap between its slots */
  full_since: number
  /** The vendor asked for silence until then (Retry-After) */
  quiet_until: number
}

/** How often we asked Stripe for something on one day (UTC): it allows so many reads a month. */
export interface StripeReadsTable {
  day: string
  reads: number
}

/** A channel that is not to be used for now: no row, no pause. */
export interface PausesTable {
  channel: AccountsTable['channel']
  reason: 'quota' | 'outage' | 'refused'
  since: string
  until: string
  /** Probes that failed in a row */
  failures: number
  /** The delivery that probes; null: whichever comes first */
  probe: string | null
  /** The vendor's own */
  words: string | null
}

/** Something that one process of many does now and then. */
export interface DutiesTable {
  name: string
  due_at: string
  /** Whoever does it now has so long; a dead one's turn ends by itself */
  held_until: string | null
  /** Made anew for each turn, so that whoever lost it cannot write any more */
  held_by: string | null
  done_at: string | null
  /** Turns in a row that failed, and the words of the last one */
  failures: Generated<number>
  error: string | null
  /** How far it came, in its own words */
  bookmark: string | null
}

/** What /metrics tells, summed over all processes. `labels` is JSON with sorted keys. */
export interface CountersTable {
  name: string
  labels: string
  value: number
}

export interface Tables {
  people: PeopleTable
  accounts: AccountsTable
  customers: CustomersTable
  merges: MergesTable
  left_alone: LeftAloneTable
  subscriptions: SubscriptionsTable
  staff_grants: StaffGrantsTable
  memberships: MembershipsTable
  signs: SignsTable
  given_roles: GivenRolesTable
  refused_roles: RefusedRolesTable
  open_answers: OpenAnswersTable
  menus: MenusTable
  portal_configurations: PortalConfigurationsTable
  links: LinksTable
  procedures: ProceduresTable
  visits: VisitsTable
  terms: TermsTable
  campaign_optouts: CampaignOptoutsTable
  events: EventsTable
  orders: OrdersTable
  order_items: OrderItemsTable
  refunds: RefundsTable
  deliveries: DeliveriesTable
  endpoints: EndpointsTable
  outbound_messages: OutboundMessagesTable
  outbound_deliveries: OutboundDeliveriesTable
  jobs: JobsTable
  catalogue: CatalogueTable
  paces: PacesTable
  stripe_reads: StripeReadsTable
  pauses: PausesTable
  duties: DutiesTable
  counters: CountersTable
}

export type AccountRow = Selectable<AccountsTable>
export type OrderRow = Selectable<OrdersTable>
export type OrderItemRow = Selectable<OrderItemsTable>
export type DeliveryRow = Selectable<DeliveriesTable>
export type EndpointRow = Selectable<EndpointsTable>
export type OutboundMessageRow = Selectable<OutboundMessagesTable>
export type OutboundDeliveryRow = Selectable<OutboundDeliveriesTable>
export type JobRow = Selectable<JobsTable>
export type EventRow = Selectable<EventsTable>
export type SubscriptionRow = Selectable<SubscriptionsTable>
export type MergeRow = Selectable<MergesTable>
export type MembershipRow = Selectable<MembershipsTable>
export type SignRow = Selectable<SignsTable>
export type RefusedRoleRow = Selectable<RefusedRolesTable>
export type ProcedureRow = Selectable<ProceduresTable>
export type DutyRow = Selectable<DutiesTable>
/** Said, also where it is null: whoever counts the open ones must not take a missing word for an answer. */
export type NewEvent = Insertable<EventsTable> &
  Required<Pick<Insertable<EventsTable>, 'handled_at' | 'outcome'>>
