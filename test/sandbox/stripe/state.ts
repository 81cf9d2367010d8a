import type Stripe from 'stripe'
import type { Watch } from '../types.ts'
import { type MakeIds, makeIds } from './make-ids.ts'
import { createMemberState, type MemberState, type SubscriptionNotes } from './member-state.ts'
import { createShelf, type Shelf } from './shelf.ts'

/** What the sandbox knows of a session beyond the object that Stripe shows. */
export type SessionNotes = {
  /** null: the session came from no link */
  linkId: string | null
  trialDays: number
  /** Parts of the visited URL that Stripe hands on to the return URL (utm_…) */
  returnQuery: [string, string][]
  /** Where a session that a server opened sends its buyer, and what it lays on the subscription */
  opened: OpenedByServer | null
  taxPercent: number
  discountOff: { coupon: string; amount: number } | null
  adjustableQuantity: boolean
}

export type OpenedByServer = {
  successUrl: string | null
  subscription: {
    metadata: Stripe.Metadata
    description: string | null
    withoutCard: SubscriptionNotes['withoutCard']
  }
}

/** What a link was seeded with and a PaymentLink object has no place for. */
export type LinkNotes = Pick<
  SessionNotes,
  'taxPercent' | 'discountOff' | 'adjustableQuantity' | 'trialDays'
>

export type StoredEvent = {
  event: Stripe.Event
  /** Exactly what is sent and signed; every delivery of an event has the same bytes */
  payload: string
  /** The v2 notification for destinations that want thin ones */
  thin: { id: string; payload: string }
  delivered: boolean
}

export type PricingTable = {
  id: string
  prices: readonly { price: string; trialDays: number }[]
  returnUrl: string | null
}

/** `until` in Unix seconds: half an hour to begin with it, and half an hour more from then on. */
export type CustomerSessionNotes = { customer: string; until: number; begun: boolean }

export type State = MemberState & {
  url: string
  ids: MakeIds
  /** The time for whoever is at hand: the sandbox's own, or that of a customer's test clock (stateFor) */
  now(): Date
  /** The sandbox's own time, whatever a test clock shows: letters and events carry it */
  wall(): Date
  watch: Watch
  /** Called for each new event; the webhooks listen here */
  onEvent: (stored: StoredEvent) => void
  shopName: string
  products: Shelf<Stripe.Product>
  prices: Shelf<Stripe.Price>
  coupons: Shelf<Stripe.Coupon>
  shippingRates: Shelf<Stripe.ShippingRate>
  links: Shelf<Stripe.PaymentLink>
  sessions: Shelf<Stripe.Checkout.Session>
  intents: Shelf<Stripe.PaymentIntent>
  charges: Shelf<Stripe.Charge>
  refunds: Shelf<Stripe.Refund>
  disputes: Shelf<Stripe.Dispute>
  customers: Shelf<Stripe.Customer>
  methods: Shelf<Stripe.PaymentMethod>
  /** What each was until when (unix seconds), oldest first: search lags behind */
  pastCustomers: Map<string, { until: number; was: Stripe.Customer }[]>
  subscriptions: Shelf<Stripe.Subscription>
  invoices: Shelf<Stripe.Invoice>
  invoicePayments: Shelf<Stripe.InvoicePayment>
  portalSessions: Map<string, Stripe.BillingPortal.Session>
  pricingTables: Map<string, PricingTable>
  /** By client secret */
  customerSessions: Map<string, CustomerSessionNotes>
  /** By the id of the session or link they belong to */
  lineItems: Map<string, Stripe.LineItem[]>
  sessionNotes: Map<string, SessionNotes>
  linkNotes: Map<string, LinkNotes>
  /** payment intent -> session, for one-time and subscription sessions alike */
  sessionOfIntent: Map<string, string>
  /** Oldest first */
  events: StoredEvent[]
  eventById: Map<string, StoredEvent>
  /** Only so many events and log lines are kept; Infinity outside of benchmarks */
  keep: number
}

export type StateOptions = {
  seed?: string | number
  now?: () => Date
  watch?: Watch
  bench?: boolean
  shopName?: string
}

/** Events and requests that a benchmark keeps: enough to look at, too few to fill the memory. */
const BENCH_KEEPS = 5_000

export function createState(options: StateOptions): State {
  const now = options.now ?? (() => new Date())
  return {
    ...createMemberState(),
    url: '',
    ids: makeIds(options.seed),
    now,
    wall: now,
    watch: options.watch ?? (() => {}),
    onEvent: () => {},
    shopName: options.shopName ?? 'のれん商店',
    products: createShelf(),
    prices: createShelf((price) => [idOf(price.product)]),
    coupons: createShelf(),
    shippingRates: createShelf(),
    links: createShelf(),
    sessions: createShelf((session) => [idOf(session.payment_link)]),
    intents: createShelf(),
    charges: createShelf((charge) => [idOf(charge.payment_intent)]),
    refunds: createShelf((refund) => [idOf(refund.payment_intent), idOf(refund.charge)]),
    disputes: createShelf((dispute) => [idOf(dispute.payment_intent), idOf(dispute.charge)]),
    customers: createShelf((customer) => [customer.email]),
    methods: createShelf((method) => [idOf(method.customer)]),
    pastCustomers: new Map(),
    subscriptions: createShelf((subscription) => [idOf(subscription.customer)]),
    invoices: createShelf((invoice) => [idOf(invoice.customer)]),
    invoicePayments: createShelf((payment) => [
      idOf(payment.payment.payment_intent),
      idOf(payment.invoice),
    ]),
    portalSessions: new Map(),
    pricingTables: new Map(),
    customerSessions: new Map(),
    lineItems: new Map(),
    sessionNotes: new Map(),
    linkNotes: new Map(),
    sessionOfIntent: new Map(),
    events: [],
    eventById: new Map(),
    keep: options.bench ? BENCH_KEEPS : Infinity,
  }
}

/** Unix seconds, as Stripe counts. */
export function seconds(state: Pick<State, 'now'>): number {
  return Math.floor(state.now().getTime() / 1000)
}

/** The id of something that may stand there expanded or not at all. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
  return typeof value === 'string' ? value : (value?.id ?? null)
}

/** The object behind an id that this sandbox made itself; a miss is a mistake in the sandbox or its caller. */
export function must<T>(shelf: Shelf<T>, id: string | null): T {
  const item = id === null ? undefined : shelf.get(id)
  if (!item) throw new Error(`the Stripe sandbox holds no object ${id}`)
  return item
}
