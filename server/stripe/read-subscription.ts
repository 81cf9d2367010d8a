import type Stripe from 'stripe'
import type { SubscribedItem, SubscriptionFacts } from '../ports.ts'
import { idOf } from './id-of.ts'
import { cardOf } from './read-card.ts'
import { isoTime } from './read-payment.ts'

/** What Stripe calls a product, by its id. */
export type NameProduct = (product: string, price: Stripe.Price) => Promise<string>

/**
 * One subscription (with `latest_invoice` and CARD_PATHS expanded) in our words. The period stands on its items since
 * 2025-03-31, and each of them may have its own: what counts is how far the longest one is paid.
 */
export async function readSubscription(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  nameOf: NameProduct,
): Promise<SubscriptionFacts> {
  const items = await itemsOf(stripe, subscription)
  return {
    id: subscription.id,
    customer: idOf(subscription.customer) ?? '',
    status: subscription.status,
    currency: subscription.currency,
    items: await Promise.all(items.map((item) => readItem(item, nameOf))),
    startedAt: isoTime(subscription.start_date),
    ...termOf(subscription, items),
    trialEnd: timeOf(subscription.trial_end),
    endedAt: timeOf(subscription.ended_at),
    pause: pauseOf(subscription),
    invoice: await invoiceThatCounts(stripe, subscription),
    card: cardOf(subscription),
    testClock: idOf(subscription.test_clock),
  }
}

/** How far it is paid, and when it ends by itself, which Stripe writes in one of two places. */
export function termOf(
  { cancel_at, cancel_at_period_end }: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
): Pick<SubscriptionFacts, 'periodEnd' | 'cancelAt'> {
  const ends = items.map((item) => item.current_period_end)
  const periodEnd = ends.length > 0 ? Math.max(...ends) : null
  const byItself = cancel_at_period_end ? periodEnd : null
  return { periodEnd: timeOf(periodEnd), cancelAt: timeOf(cancel_at ?? byItself) }
}

/** How its payments pause, and until when. */
export function pauseOf({
  pause_collection: pause,
}: Stripe.Subscription): SubscriptionFacts['pause'] {
  return pause && { how: pause.behavior, until: timeOf(pause.resumes_at) }
}

/** Rarely more than one, but the list inside a subscription is a page like any other. */
async function itemsOf(
  stripe: Stripe,
  { id, items }: Stripe.Subscription,
): Promise<Stripe.SubscriptionItem[]> {
  if (!items.has_more) return items.data
  return stripe.subscriptionItems
    .list({ subscription: id, limit: 100 })
    .autoPagingToArray({ limit: 100 })
}

async function readItem(
  { price, quantity }: Stripe.SubscriptionItem,
  nameOf: NameProduct,
): Promise<SubscribedItem> {
  const product = idOf(price.product) ?? ''
  return {
    price: price.id,
    product,
    name: await nameOf(product, price),
    amount: price.unit_amount,
    quantity: quantity ?? 1,
    interval: (price.recurring?.interval ?? 'month') as SubscribedItem['interval'],
    intervalCount: price.recurring?.interval_count ?? 1,
  }
}

/**
 * The newest invoice; where money is owed, the oldest that was tried and is not paid: the next period's
 * may lie there as a draft, or have failed as well, and neither begins a new time of grace.
 */
async function invoiceThatCounts(
  stripe: Stripe,
  { id, status, latest_invoice: latest }: Stripe.Subscription,
): Promise<SubscriptionFacts['invoice']> {
  if (latest === null || typeof latest === 'string') return null
  const newest = readInvoice(latest)
  if (status !== 'past_due' && status !== 'unpaid') return newest
  const { data } = await stripe.invoices.list({ subscription: id, status: 'open', limit: 100 })
  return data.map(readInvoice).findLast(({ unpaid }) => unpaid) ?? newest
}

/** Stripe writes `uncollectible` on what it, or the shop, has given up; the money is owed all the same. */
function readInvoice(invoice: Stripe.Invoice): NonNullable<SubscriptionFacts['invoice']> {
  const owed = invoice.status === 'open' || invoice.status === 'uncollectible'
  return {
    id: invoice.id,
    unpaid: owed && (invoice.attempted || invoice.attempt_count > 0),
    at: isoTime(invoice.status_transitions.finalized_at ?? invoice.created),
    amount: invoice.amount_due,
  }
}

function timeOf(seconds: number | null): string | null {
  return seconds === null ? null : isoTime(seconds)
}
