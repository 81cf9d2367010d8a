import type Stripe from 'stripe'
import { endOfPeriod } from './end-of-period.ts'
import { type State, seconds } from './state.ts'

const DAY = 24 * 60 * 60

export type SubscriptionPlan = {
  customer: string
  currency: string
  livemode: boolean
  items: readonly Pick<Stripe.LineItem, 'price' | 'quantity'>[]
  trialDays: number
  metadata: Stripe.Metadata
  description: string | null
  clock: string | null
}

/** A subscription that begins now, in its trial when it has one. */
export function buildSubscription(state: State, plan: SubscriptionPlan): Stripe.Subscription {
  const id = state.ids.id('sub_1')
  const start = seconds(state)
  const trialEnd = plan.trialDays > 0 ? start + plan.trialDays * DAY : null
  const recurring = plan.items.filter((item) => item.price?.recurring)
  const items = recurring.map((item) => buildItem(state, id, item, start, trialEnd))
  return {
    ...PLAIN,
    id,
    object: 'subscription',
    billing_cycle_anchor: trialEnd ?? start,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    created: start,
    currency: plan.currency,
    customer: plan.customer,
    description: plan.description,
    items: {
      object: 'list',
      data: items,
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: plan.livemode,
    metadata: plan.metadata,
    start_date: start,
    status: trialEnd === null ? 'active' : 'trialing',
    test_clock: plan.clock,
    trial_end: trialEnd,
    trial_start: trialEnd === null ? null : start,
  } satisfies Stripe.Subscription
}

function buildItem(
  state: State,
  subscription: string,
  item: SubscriptionPlan['items'][number],
  start: number,
  trialEnd: number | null,
): Stripe.SubscriptionItem {
  const price = item.price!
  return {
    id: state.ids.id('si_', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: start,
    current_period_end: trialEnd ?? endOfPeriod(start, price.recurring!),
    current_period_start: start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity: item.quantity ?? 1,
    subscription,
    tax_rates: [],
  } satisfies Stripe.SubscriptionItem
}

/** The older twin of a price, which Stripe still sends along. */
export function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring!.interval,
    interval_count: price.recurring!.interval_count,
    livemode: price.livemode,
    metadata: {},
    meter: null,
    nickname: null,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  } satisfies Stripe.Plan
}

/** What is the same in every subscription of this sandbox. */
const PLAIN = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_mode: { flexible: null, type: 'flexible' },
  billing_schedules: [],
  billing_thresholds: null,
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  collection_method: 'charge_automatically',
  customer_account: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  ended_at: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  payment_settings: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  transfer_data: null,
  trial_settings: null,
} satisfies Partial<Stripe.Subscription>
