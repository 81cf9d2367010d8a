import type Stripe from 'stripe'
import { subscriptionOf } from './change-subscription.ts'
import { payInvoice } from './collect-invoice.ts'
import { isLiving } from './periods.ts'
import type { State } from './state.ts'

/** Everything of living subscriptions that is still open, oldest first, by another card than the one on file. */
export function payWhatIsOpen(state: State, customer: string): void {
  for (const invoice of [...state.invoices.newestFirst({ group: customer })].reverse()) {
    if (waits(state, invoice)) payInvoice(state, invoice)
  }
}

/** Drafts of an unpaid subscription wait as well; those that the shop holds back do not. */
function waits(state: State, invoice: Stripe.Invoice): boolean {
  const subscription = state.subscriptions.get(subscriptionOf(invoice) ?? '')
  if (!subscription || !isLiving(subscription)) return false
  if (invoice.status === 'open') return true
  return invoice.status === 'draft' && subscription.pause_collection === null
}
