import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { OrderMessage } from '../ports.ts'
import { awaitingPaymentLetter } from './awaiting-payment.ts'
import { failedLetter } from './failed.ts'
import type { Letter } from './letter.ts'
import { paidLetter } from './paid.ts'
import { refundedLetter } from './refunded.ts'

const LETTERS = {
  awaiting_payment: awaitingPaymentLetter,
  paid: paidLetter,
  failed: failedLetter,
  refunded: refundedLetter,
} satisfies Record<OrderMessage['kind'], unknown>

/** The letter for each kind of news of an order. */
export function letterToBuyer(message: OrderMessage, words: Messages): Letter {
  return LETTERS[message.kind](message, words)
}
