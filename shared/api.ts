import { type Static, type TSchema, Type } from 'typebox'
import { ACCOUNT_HEADER } from './account-header.ts'
import { LANGUAGES } from './language.ts'

/**
 * The shapes of /api, true on both sides. The server checks with the schemas; the browser imports the
 * types only, so that TypeBox never reaches its bundle. Amounts are in the currency's minor unit as
 * Stripe counts it; times are ISO 8601 in UTC.
 */
const Nullable = <T extends TSchema>(schema: T, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options)
const OneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Enum([...values]))

export const ORDER_STATUSES = [
  'awaiting_payment',
  'paid',
  'failed',
  'expired',
  'partially_refunded',
  'refunded',
  'disputed',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

const LocalizedText = Type.Union([
  Type.String(),
  Type.Object({
    ja: Type.String(),
    en: Type.Optional(Type.String()),
    th: Type.Optional(Type.String()),
    'zh-TW': Type.Optional(Type.String()),
  }),
])

/** `name` and `description` are Stripe's; `names` and `descriptions` are the shop's own, where it wrote any. */
export const Offer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  names: Nullable(LocalizedText),
  description: Nullable(Type.String()),
  descriptions: Nullable(LocalizedText),
  image: Nullable(Type.String()),
  amount: Nullable(Type.Integer({ description: 'null: the buyer names the amount' })),
  currency: Type.String(),
  interval: Nullable(OneOf(['day', 'week', 'month', 'year'])),
  intervalCount: Type.Integer(),
  trialDays: Type.Integer({ description: '0: none' }),
  shipping: Type.Array(Type.Integer(), {
    description:
      'the rates that the buyer chooses among on the payment page; none: nothing is added',
  }),
  active: Type.Boolean(),
  soldOut: Type.Boolean(),
  role: Nullable(
    Type.String({ description: 'the id of the role that buying it gives, if it does' }),
  ),
  terms: Type.String({
    description: 'the version of the terms it is sold on; send it back with the checkout',
  }),
})
export type Offer = Static<typeof Offer>

export const OrderItem = Type.Object({
  name: Type.String(),
  quantity: Type.Integer(),
  amount: Type.Integer(),
})
export type OrderItem = Static<typeof OrderItem>

export const Konbini = Type.Object({
  expiresAt: Type.String(),
  voucherUrl: Nullable(Type.String()),
  stores: Type.Array(
    Type.Object({
      store: OneOf(['familymart', 'lawson', 'ministop', 'seicomart']),
      paymentCode: Type.String(),
      confirmationNumber: Nullable(Type.String()),
    }),
  ),
})
export type Konbini = Static<typeof Konbini>

export const Order = Type.Object({
  id: Type.String(),
  number: Type.String({ description: 'short, for people' }),
  status: OneOf(ORDER_STATUSES),
  currency: Type.String(),
  amount: Type.Integer(),
  subtotal: Type.Integer(),
  discount: Type.Integer(),
  shipping: Type.Integer(),
  tax: Type.Integer(),
  refunded: Type.Integer(),
  items: Type.Array(OrderItem),
  itemCount: Type.Integer({ description: 'all of them, also where `items` was shortened' }),
  paymentMethod: Nullable(Type.String({ description: "Stripe's name: card, konbini, paypay …" })),
  konbini: Nullable(Konbini),
  offer: Nullable(Type.String({ description: 'the Payment Link, to order again' })),
  createdAt: Type.String(),
  paidAt: Nullable(Type.String()),
})
export type Order = Static<typeof Order>

export const CHATS = ['line', 'discord'] as const
/** A chat in which somebody is, and the name that they have there. */
export const LinkedAccount = Type.Object({ channel: OneOf(CHATS), name: Nullable(Type.String()) })
export type LinkedAccount = Static<typeof LinkedAccount>

export const Person = Type.Object({
  account: Type.String({ description: `this account, by a word to send as ${ACCOUNT_HEADER}` }),
  name: Nullable(Type.String()),
  channel: OneOf(CHATS),
  accounts: Type.Array(LinkedAccount, { description: 'every chat they are in, this one too' }),
  role: Type.String(),
  friend: Nullable(Type.Boolean({ description: 'null: not known yet' })),
  language: Nullable(OneOf(LANGUAGES)),
})
export type Person = Static<typeof Person>

/** Where a membership stands: one word for a badge and a sentence. */
export const MEMBERSHIP_STATES = [
  'active',
  'trial',
  'leaving',
  'past_due',
  'paused',
  'lapsed',
  'disputed',
  'ended',
  'unending',
  'until',
] as const
export type MembershipState = (typeof MEMBERSHIP_STATES)[number]

export const PORTAL_TASKS = ['card', 'cancel', 'plan', 'pause'] as const

/** One reason why somebody is a member, or was until now and can be again. */
export const MembershipPlan = Type.Object({
  id: Type.String({ description: 'sub_…, cs_… or the id of what the shop gave' }),
  kind: OneOf(['subscription', 'purchase', 'gift']),
  role: Nullable(Type.String({ description: 'what it gives now; null: nothing (any more)' })),
  name: LocalizedText,
  amount: Nullable(Type.Integer()),
  currency: Nullable(Type.String()),
  interval: Nullable(OneOf(['day', 'week', 'month', 'year'])),
  intervalCount: Type.Integer(),
  state: OneOf(MEMBERSHIP_STATES),
  at: Nullable(
    Type.String({
      description:
        'what the state is about: next payment, first payment after the trial, end, end of the grace, end of the pause',
    }),
  ),
  due: Nullable(Type.Integer({ description: 'what could not be charged' })),
})
export type MembershipPlan = Static<typeof MembershipPlan>

export const Membership = Type.Object({
  role: Type.String(),
  since: Nullable(Type.String()),
  plans: Type.Array(MembershipPlan),
  trialUsed: Type.Boolean({ description: 'a free trial is given once to a person' }),
  features: Type.Array(Type.String({ description: "lookup keys of Stripe's entitlements" })),
  portal: Type.Object({
    open: Type.Boolean({ description: 'there is a customer whose portal can be opened' }),
    tasks: Type.Array(OneOf(PORTAL_TASKS)),
    customers: Type.Array(
      Type.Object({
        id: Type.String(),
        since: Type.String(),
        names: Type.Array(Type.String({ description: 'what they subscribe or subscribed to' })),
      }),
      { description: 'more than one only where the person must pick' },
    ),
  }),
})
export type Membership = Static<typeof Membership>

/** What the page may know of a role. */
export const RoleView = Type.Object({
  id: Type.String(),
  title: LocalizedText,
  benefits: Nullable(LocalizedText),
})
export type RoleView = Static<typeof RoleView>

/** 特定商取引法 wants these of every shop; the others only where they apply. */
export const LEGAL_ITEMS_REQUIRED = [
  'seller',
  'representative',
  'address',
  'phone',
  'email',
  'price',
  'fees',
  'paymentMethods',
  'paymentTiming',
  'delivery',
  'returns',
] as const
export const LEGAL_ITEMS = [
  ...LEGAL_ITEMS_REQUIRED,
  'quantity',
  'validity',
  'environment',
  'subscription',
] as const
export type LegalItem = (typeof LEGAL_ITEMS)[number]

/** What the page may know of the shop; the server puts it into the HTML, so the first paint waits for nothing. */
export const ShopView = Type.Object({
  name: LocalizedText,
  tagline: Nullable(LocalizedText),
  brand: Type.String({ description: '#rrggbb' }),
  logo: Nullable(Type.String()),
  taxNote: LocalizedText,
  friendUrl: Nullable(Type.String()),
  discord: Nullable(
    Type.Object({ invite: Nullable(Type.String({ description: 'to who is not there yet' })) }),
    { description: 'null: the shop is not on Discord' },
  ),
  legal: Type.Array(Type.Object({ item: OneOf(LEGAL_ITEMS), text: LocalizedText })),
  cancels: OneOf(['period_end', 'now']),
  roles: Type.Array(RoleView, { description: 'from the highest rank down, without the guest' }),
  tables: Type.Array(Type.Object({ id: Type.String(), title: Nullable(LocalizedText) }), {
    description: 'pricing tables, each at /plans/<id>',
  }),
})
export type ShopView = Static<typeof ShopView>

export const Boot = Type.Object({
  liffId: Type.String(),
  shop: ShopView,
  offers: Nullable(Type.Array(Offer)),
})
export type Boot = Static<typeof Boot>

export const SessionRequest = Type.Object({
  idToken: Type.String({ maxLength: 8192 }),
  language: Type.Optional(OneOf(LANGUAGES)),
})
export const CheckoutRequest = Type.Object({
  offer: Type.String({ maxLength: 255 }),
  source: Type.Optional(Type.Unknown()),
  utm: Type.Optional(Type.Unknown({ description: '`Utm` in utm.ts; bad values are dropped' })),
  terms: Type.Optional(
    Type.String({ maxLength: 64, description: 'the version that the page showed' }),
  ),
  trialDays: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 730, description: 'the free days that the page showed' }),
  ),
})
export const PricingTableRequest = Type.Object({
  id: Type.String({ maxLength: 64 }),
  source: Type.Optional(Type.Unknown()),
  utm: Type.Optional(Type.Unknown()),
})
export const ClaimRequest = Type.Object({
  session: Type.String({ maxLength: 255 }),
  utm: Type.Optional(Type.Unknown({ description: 'what Stripe carried on to the return page' })),
})
/** Read by hand, so that each fault is answered with a sentence. */
export const SourcesQuery = Type.Object({
  from: Type.Optional(Type.Unknown({ description: 'the first day, in Japan: 2026-11-01' })),
  to: Type.Optional(Type.Unknown({ description: 'the last day, which counts too' })),
  by: Type.Optional(Type.Unknown({ description: 'source,product,day or some of them' })),
  format: Type.Optional(Type.Unknown({ description: 'json or csv' })),
})
export const PortalRequest = Type.Object({
  view: Type.Optional(
    Type.String({ maxLength: 64, description: 'a task (card, cancel, plan, pause) or a view' }),
  ),
  customer: Type.Optional(
    Type.String({ maxLength: 255, description: 'which of several, after several_customers' }),
  ),
})
/** 256 bits as base64url, from behind the # of a one-time link: no server sees it before it is posted. */
export const LinkRequest = Type.Object({ token: Type.String({ maxLength: 255 }) })
export const LinkResponse = Type.Object({
  name: Nullable(Type.String({ description: 'whose link it is, for them to see' })),
  channel: OneOf(CHATS),
})

/** What a link from another chat would make one with the LINE account that asks. */
export const JoinView = Type.Object({
  name: Nullable(Type.String({ description: 'what the account is called in that chat' })),
  channel: OneOf(CHATS),
  replaces: Nullable(
    Type.String({ description: 'their account there until now, which would be theirs no more' }),
  ),
  joined: Type.Boolean({ description: 'they are one already' }),
})
export type JoinView = Static<typeof JoinView>
export const CodeResponse = Type.Object({
  code: Type.String({ description: 'to be typed into the other chat, once' }),
  until: Type.String(),
})
export type CodeResponse = Static<typeof CodeResponse>
export const AccountsResponse = Type.Object({ accounts: Type.Array(LinkedAccount) })
export type AccountsResponse = Static<typeof AccountsResponse>

/** What the link of a mail would make one with the LINE account that asks. */
export const ConnectView = Type.Object({
  mail: Type.String({
    description: 'so much of the address that its owner knows it: h•••@example.com',
  }),
  name: Nullable(Type.String({ description: 'as it was typed when they paid' })),
  plans: Type.Array(Type.String(), { description: 'what they subscribe to' }),
  orders: Type.Array(Type.String(), { description: 'what they bought last' }),
  connected: Type.Boolean({ description: 'it is theirs already' }),
})
export type ConnectView = Static<typeof ConnectView>
export const RenewResponse = Type.Object({
  mail: Type.String({ description: 'where the new mail goes: where the old one went' }),
})
export type RenewResponse = Static<typeof RenewResponse>

export const MeResponse = Type.Object({ person: Person })
export const OffersResponse = Type.Object({ offers: Type.Array(Offer) })
export const UrlResponse = Type.Object({ url: Type.String() })
/** The attributes of <stripe-pricing-table>, for one person. One of the last two, or neither. */
export const PricingTableResponse = Type.Object({
  table: Type.String({ description: 'prctbl_…' }),
  publishableKey: Type.String(),
  reference: Type.String({ description: 'sealed: client-reference-id' }),
  email: Nullable(Type.String()),
  customerSession: Nullable(
    Type.String({ description: 'a client secret, good for 30 minutes; never to be kept' }),
  ),
})
export const OrdersResponse = Type.Object({ orders: Type.Array(Order) })
export const OrderResponse = Type.Object({ order: Order })
export const MembershipResponse = Type.Object({ membership: Membership })
export type MembershipResponse = Static<typeof MembershipResponse>
export type LinkResponse = Static<typeof LinkResponse>
export type MeResponse = Static<typeof MeResponse>
export type OffersResponse = Static<typeof OffersResponse>
export type UrlResponse = Static<typeof UrlResponse>
export type PricingTableResponse = Static<typeof PricingTableResponse>
export type OrdersResponse = Static<typeof OrdersResponse>
export type OrderResponse = Static<typeof OrderResponse>

/** Stable codes; the page turns each into a sentence that says what to do. */
export const ERROR_CODES = [
  'bad_request',
  'unauthorized',
  'id_token_expired',
  'id_token_invalid',
  'not_found',
  'unknown_offer',
  'unknown_table',
  'offer_unavailable',
  'unknown_session',
  'already_claimed',
  'already_subscribed',
  'terms_changed',
  'no_customer',
  'several_customers',
  'unknown_view',
  'view_not_allowed',
  'link_unknown',
  'link_expired',
  'link_spent',
  'link_other_kind',
  'already_connected',
  'other_line',
  'not_linked',
  'wrong_account',
  'not_staff',
  'too_many_requests',
  'line_unavailable',
  'stripe_unavailable',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]
export const ErrorResponse = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String() }),
})
export type ErrorResponse = Static<typeof ErrorResponse>
