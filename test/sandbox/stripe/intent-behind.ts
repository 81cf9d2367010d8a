import type Stripe from 'stripe'
import { must, type State } from './state.ts'

/** The intent that paid this session; null while nobody tried, or when nothing was to pay. */
export function intentBehind(
  state: State,
  session: Stripe.Checkout.Session,
): Stripe.PaymentIntent | null {
  if (typeof session.payment_intent === 'string') return must(state.intents, session.payment_intent)
  return intentOfInvoice(state, typeof session.invoice === 'string' ? session.invoice : null)
}

/** The intent that paid this invoice, or last tried to. */
export function intentOfInvoice(state: State, invoice: string | null): Stripe.PaymentIntent | null {
  if (invoice === null) return null
  const [payment] = state.invoicePayments.newestFirst({ group: invoice })
  const intent = payment?.payment.payment_intent
  return typeof intent === 'string' ? must(state.intents, intent) : null
}
