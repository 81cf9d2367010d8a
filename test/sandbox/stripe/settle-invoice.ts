import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { idOf, must, type State, seconds } from './state.ts'

/** The draft becomes a bill: it gets its number and its page, and the customer's credit is set off. */
export function finalizeInvoice(state: State, invoice: Stripe.Invoice): void {
  const customer = must(state.customers, idOf(invoice.customer))
  const sequence = customer.next_invoice_sequence ?? 1
  customer.next_invoice_sequence = sequence + 1
  invoice.starting_balance = customer.balance
  // A credit stands below zero; an invoice below zero adds to it.
  const before = customer.balance
  customer.balance = Math.min(0, before + invoice.total)
  invoice.ending_balance = customer.balance
  invoice.amount_due = Math.max(0, invoice.total + before)
  invoice.amount_remaining = invoice.amount_due
  invoice.status = 'open'
  invoice.effective_at = seconds(state)
  invoice.number = `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`
  invoice.hosted_invoice_url = `${state.url}/invoice/${invoice.id}`
  invoice.status_transitions.finalized_at = seconds(state)
  emit(state, 'invoice.finalized', invoice)
}

/** Paid, or nothing was left to pay. Tells `invoice.paid` and its older name. */
export function markPaid(state: State, invoice: Stripe.Invoice): void {
  const amount = invoice.amount_due
  invoice.status = 'paid'
  invoice.amount_paid = amount
  invoice.amount_remaining = 0
  invoice.attempted = true
  invoice.auto_advance = false
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = seconds(state)
  for (const payment of state.invoicePayments.newestFirst({ group: invoice.id })) {
    payment.status = 'paid'
    payment.amount_paid = payment.amount_requested
    payment.status_transitions.paid_at = seconds(state)
    emit(state, 'invoice_payment.paid', payment)
  }
  emit(state, 'invoice.paid', invoice)
  emit(state, 'invoice.payment_succeeded', invoice)
}

/** The shop will not collect this: written off, or taken back. */
export function closeInvoice(
  state: State,
  invoice: Stripe.Invoice,
  as: 'uncollectible' | 'void',
): void {
  invoice.status = as
  invoice.auto_advance = false
  invoice.next_payment_attempt = null
  if (as === 'void') {
    invoice.status_transitions.voided_at = seconds(state)
    emit(state, 'invoice.voided', invoice)
  } else {
    invoice.status_transitions.marked_uncollectible_at = seconds(state)
    emit(state, 'invoice.marked_uncollectible', invoice)
  }
}
