import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { intentBehind } from './intent-behind.ts'
import { idOf, type State } from './state.ts'

/**
 * The bank has decided. `id` names a session, a subscription, an invoice, an intent or the dispute
 * itself. Throws when nothing of it is disputed.
 */
export function decideDispute(state: State, id: string, outcome: 'won' | 'lost'): void {
  const dispute = newestDispute(state, id)
  if (!dispute) throw new Error(`the Stripe sandbox holds no dispute about ${id}`)
  dispute.status = outcome
  dispute.evidence_details.due_by = null
  if (outcome === 'won') emit(state, 'charge.dispute.funds_reinstated', dispute)
  emit(state, 'charge.dispute.closed', dispute)
}

function newestDispute(state: State, id: string): Stripe.Dispute | undefined {
  const direct = state.disputes.get(id)
  if (direct) return direct
  const intents = new Set(intentsOf(state, id))
  for (const dispute of state.disputes.newestFirst()) {
    if (intents.has(idOf(dispute.payment_intent))) return dispute
  }
  return undefined
}

function* intentsOf(state: State, id: string): Generator<string | null> {
  yield id
  const session = state.sessions.get(id)
  if (session) {
    yield intentBehind(state, session)?.id ?? null
    if (session.subscription !== null) yield* intentsOf(state, String(idOf(session.subscription)))
  }
  for (const payment of state.invoicePayments.newestFirst({ group: id })) {
    yield idOf(payment.payment.payment_intent)
  }
  const customer = idOf(state.subscriptions.get(id)?.customer)
  if (customer === null) return
  for (const invoice of state.invoices.newestFirst({ group: customer })) {
    const of = idOf(invoice.parent?.subscription_details?.subscription)
    if (of === id) yield* intentsOf(state, invoice.id)
  }
}
