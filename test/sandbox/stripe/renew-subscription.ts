import type Stripe from 'stripe'
import { buildInvoice } from './build-invoice.ts'
import type { InvoiceRow } from './build-invoice-parts.ts'
import { changeSubscription, endSubscription } from './change-subscription.ts'
import { attemptInvoice } from './collect-invoice.ts'
import { emit } from './emit-event.ts'
import { featuresOf } from './entitle.ts'
import { nextPeriodEnd, periodOf } from './periods.ts'
import { closeInvoice, finalizeInvoice } from './settle-invoice.ts'
import { idOf, must, type State, seconds } from './state.ts'

/** The period (or the trial) is over and the next begins: the subscription moves on and is billed. */
export function renewSubscription(state: State, subscription: Stripe.Subscription): void {
  const notes = state.subscriptionNotes.get(subscription.id)!
  const endedTrial = subscription.status === 'trialing'
  if (endedTrial && notes.withoutCard === 'cancel') {
    endSubscription(state, subscription, { reason: 'payment_failed' })
    return
  }
  if (endedTrial && notes.withoutCard === 'pause') {
    pauseAs(state, subscription, 'trial_end_without_payment_method')
    return
  }
  notes.features = featuresOf(state, subscription)
  changeSubscription(state, subscription, (one) => {
    if (endedTrial) one.status = 'active'
    beginPeriod(one, periodOf(one).end)
  })
  billPeriod(state, subscription, 'subscription_cycle')
}

/** All items begin a new period at this moment, counted from the anchor. */
export function beginPeriod(subscription: Stripe.Subscription, start: number): void {
  for (const item of subscription.items.data) {
    item.current_period_start = start
    item.current_period_end = nextPeriodEnd(
      subscription.billing_cycle_anchor,
      start,
      item.price.recurring!,
    )
  }
}

/** The invoice for the period that has just begun; asked for at once, unless collecting is paused. */
export function billPeriod(
  state: State,
  subscription: Stripe.Subscription,
  reason: Stripe.Invoice.BillingReason,
): Stripe.Invoice {
  return sendBill(state, subscription, reason, rowsOf(state, subscription))
}

/** What a period costs, row by row. */
export function rowsOf(state: State, subscription: Stripe.Subscription): InvoiceRow[] {
  const period = periodOf(subscription)
  return subscription.items.data.map((item) => {
    const quantity = item.quantity ?? 1
    const amount = (item.price.unit_amount ?? 0) * quantity
    const description = nameOf(state, item.price)
    return {
      price: item.price,
      quantity,
      amount,
      description,
      period,
      item: item.id,
      proration: false,
    }
  })
}

/** Drafts an invoice over these rows and carries it as far as it goes. */
export function sendBill(
  state: State,
  subscription: Stripe.Subscription,
  reason: Stripe.Invoice.BillingReason,
  lines: readonly InvoiceRow[],
): Stripe.Invoice {
  const { email, name } = must(state.customers, idOf(subscription.customer))
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const percent = state.subscriptionNotes.get(subscription.id)?.taxPercent ?? 0
  const tax = Math.round((subtotal * percent) / 100)
  const invoice = state.invoices.put(
    buildInvoice(state, {
      subscription,
      buyer: { email: email ?? '', name: name ?? '' },
      reason,
      lines,
      totals: { subtotal, tax, total: subtotal + tax },
      period: { start: seconds(state), end: seconds(state) },
    }),
  )
  subscription.latest_invoice = invoice.id
  emit(state, 'invoice.created', invoice)
  const pause = subscription.pause_collection?.behavior
  // An unpaid subscription goes on drafting bills, and asks for none of them.
  if (pause === 'keep_as_draft' || subscription.status === 'unpaid') {
    invoice.auto_advance = false
    return invoice
  }
  finalizeInvoice(state, invoice)
  if (pause === 'void') closeInvoice(state, invoice, 'void')
  else if (pause === 'mark_uncollectible') closeInvoice(state, invoice, 'uncollectible')
  else attemptInvoice(state, invoice)
  return invoice
}

/** Status `paused`: no period runs and nothing is billed until it is resumed. */
export function pauseAs(
  state: State,
  subscription: Stripe.Subscription,
  type: Stripe.Subscription.StatusDetails.Paused.Subscription.Type,
): void {
  changeSubscription(state, subscription, (one) => {
    one.status = 'paused'
    one.status_details = {
      paused: { subscription: { type }, transitioned_at: seconds(state), type: 'subscription' },
    }
  })
  emit(state, 'customer.subscription.paused', subscription)
}

export function nameOf(state: State, price: Stripe.Price): string {
  return state.products.get(String(idOf(price.product)))?.name ?? ''
}
