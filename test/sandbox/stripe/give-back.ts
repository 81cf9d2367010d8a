import type Stripe from 'stripe'
import { emit } from './emit-event.ts'
import { idOf, must, type State, seconds } from './state.ts'

/** Stripe refuses a refund; `code` as in its API. */
export class RefundRefused extends Error {
  override name = 'RefundRefused'
  readonly code: 'charge_already_refunded' | 'amount_too_large' | 'payment_intent_unexpected_state'
  constructor(code: RefundRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

type RefundPlan = {
  amount?: number
  reason?: Stripe.Refund.Reason
  metadata?: Stripe.Metadata
}

/**
 * Gives back part of a charge, or all that is left. Konbini money cannot flow back by itself: Stripe
 * mails the buyer for a bank account; here the buyer answers at once. Throws RefundRefused.
 */
export function refundIntent(
  state: State,
  intent: Stripe.PaymentIntent,
  plan: RefundPlan = {},
): Stripe.Refund {
  const charge = refundable(state, intent)
  const left = charge.amount - charge.amount_refunded
  const amount = plan.amount ?? left
  if (left === 0) {
    throw new RefundRefused('charge_already_refunded', `Charge ${charge.id} is already refunded.`)
  }
  if (!Number.isInteger(amount) || amount < 1 || amount > left) {
    throw new RefundRefused(
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    )
  }
  const needsBankAccount = charge.payment_method_details?.type === 'konbini'
  const refund = state.refunds.put(buildRefund(state, charge, amount, plan, needsBankAccount))
  charge.amount_refunded += amount
  charge.refunded = charge.amount_refunded === charge.amount
  emit(state, 'refund.created', refund, { livemode: charge.livemode })
  emit(state, 'charge.refunded', charge)
  if (needsBankAccount) {
    refund.status = 'succeeded'
    const previous = { status: 'requires_action' }
    emit(state, 'refund.updated', refund, { livemode: charge.livemode, previous })
    emit(state, 'charge.refund.updated', refund, { livemode: charge.livemode, previous })
  }
  return refund
}

function refundable(state: State, intent: Stripe.PaymentIntent): Stripe.Charge {
  const id = idOf(intent.latest_charge)
  if (id === null || intent.status !== 'succeeded') {
    throw new RefundRefused(
      'payment_intent_unexpected_state',
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    )
  }
  return must(state.charges, id)
}

function buildRefund(
  state: State,
  charge: Stripe.Charge,
  amount: number,
  plan: RefundPlan,
  needsBankAccount: boolean,
): Stripe.Refund {
  const type = charge.payment_method_details?.type ?? 'card'
  return {
    id: state.ids.id(type === 'card' ? 're_3' : 'pyr_'),
    object: 'refund',
    amount,
    balance_transaction: state.ids.id('txn_3'),
    charge: charge.id,
    created: seconds(state),
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    destination_details: needsBankAccount
      ? { type: 'jp_bank_transfer', jp_bank_transfer: { reference: null, reference_status: null } }
      : { type: 'card', card: { type: 'refund' } },
    metadata: plan.metadata ?? {},
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: plan.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: needsBankAccount ? 'requires_action' : 'succeeded',
    transfer_reversal: null,
  } satisfies Stripe.Refund
}
