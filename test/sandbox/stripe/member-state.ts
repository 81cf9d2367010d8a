import type Stripe from 'stripe'
import type { StripeSandbox } from '../types.ts'
import { createShelf, type Shelf } from './shelf.ts'

/** What the sandbox knows of a subscription beyond the object that Stripe shows. */
export type SubscriptionNotes = {
  taxPercent: number
  /** `trial_will_end` was told */
  trialWarned: boolean
  /** When the member's own pause ends by itself, in Unix seconds; null: it does not */
  resumeAt: number | null
  /** Features it carries, taken down at each period's beginning: Stripe's rule for later changes of a product */
  features: readonly string[]
  /** What becomes of a trial that ends with no card on file */
  withoutCard: 'create_invoice' | 'pause' | 'cancel' | null
  /** The end of the period whose renewal was told of */
  upcomingToldFor?: number
}

/** Everything that outlives a checkout: clocks, cards that fail, features, the portal. */
export type MemberState = {
  clocks: Shelf<Stripe.TestHelpers.TestClock>
  /** clock -> its customers */
  onClock: Map<string, Set<string>>
  /** clock -> the day of the month on which it began: a month from the 31st comes back to it */
  clockDay: Map<string, number>
  /** Customers whose card is refused */
  refusedCards: Set<string>
  /** Ids of customers, clocks and configurations that were deleted; the objects stay for whoever points to them */
  deleted: Set<string>
  dunning: StripeSandbox['dunning']
  upcomingDays: number
  subscriptionNotes: Map<string, SubscriptionNotes>
  sessionOfSubscription: Map<string, string>
  features: Shelf<Stripe.Entitlements.Feature>
  productFeatures: Map<string, Stripe.ProductFeature[]>
  /** customer -> what they were last told to be entitled to */
  entitled: Map<string, Stripe.Entitlements.ActiveEntitlement[]>
  configurations: Shelf<Stripe.BillingPortal.Configuration>
  /** portal session -> when its page was last touched, in Unix seconds */
  portalTouched: Map<string, number>
}

export function createMemberState(): MemberState {
  return {
    clocks: createShelf(),
    onClock: new Map(),
    clockDay: new Map(),
    refusedCards: new Set(),
    deleted: new Set(),
    upcomingDays: 7,
    dunning: { retryDays: [3, 5, 7], finally: 'cancel' },
    subscriptionNotes: new Map(),
    sessionOfSubscription: new Map(),
    features: createShelf(),
    productFeatures: new Map(),
    entitled: new Map(),
    configurations: createShelf(),
    portalTouched: new Map(),
  }
}
