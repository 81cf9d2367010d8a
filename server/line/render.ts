import type { messagingApi } from '@line/bot-sdk'
import { messagesIn } from '../../shared/i18n/messages/messages-in.ts'
import { awaitingPaymentLetter } from '../letters/awaiting-payment.ts'
import { failedLetter } from '../letters/failed.ts'
import { letterToMember } from '../letters/letter-to-member.ts'
import { paidLetter } from '../letters/paid.ts'
import { refundedLetter } from '../letters/refunded.ts'
import type { Message, OrderMessage, StaffMessage, StaffNotice } from '../ports.ts'
import { flexLetter } from './flex/letter.ts'
import { noticeText, staffText } from './staff-text.ts'

const LETTERS = {
  awaiting_payment: awaitingPaymentLetter,
  paid: paidLetter,
  failed: failedLetter,
  refunded: refundedLetter,
} satisfies Record<OrderMessage['kind'], unknown>

/**
 * The JSON of a push request's `messages` array, within LINE's limits (altText 1,500 characters,
 * bubble 30 KB, text 5,000) whatever the items are called. Throws a TypeError for a brand colour that
 * is not #rrggbb and a RangeError for a time or currency that is none
 * (https://developers.line.biz/en/reference/messaging-api/#flex-message).
 */
export function renderMessage(message: Message): string {
  return JSON.stringify([renderOne(message)])
}

function renderOne(message: Message): messagingApi.Message {
  if (!isForStaff(message)) {
    const words = messagesIn(message.language)
    const letter =
      'order' in message ? LETTERS[message.kind](message, words) : letterToMember(message, words)
    return flexLetter(letter, message.shop)
  }
  const text = 'order' in message ? staffText(message) : noticeText(message)
  return { type: 'text', text }
}

function isForStaff(message: Message): message is StaffMessage | StaffNotice {
  return message.kind.startsWith('staff_')
}
