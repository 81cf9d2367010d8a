import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { messagesIn } from '../../shared/i18n/messages/messages-in.ts'
import type { StaffMessage } from '../ports.ts'
import { cleanText } from './flex/clean-text.ts'
import { shownShopName } from './flex/letter.ts'
import { itemsInShort, money, orderNumber } from './flex/order-words.ts'

/** One line to the shop: which order, what, how much, and who bought it or why that is unknown. */
export function staffText(message: StaffMessage): string {
  const words = messagesIn(message.language)
  const write = message.kind === 'staff_paid' ? words.staff.paid : words.staff.late
  const line = write(
    orderNumber(message),
    itemsInShort(message, words),
    money(message, message.order.amount),
    buyerOf(message, words),
  )
  return `【${shownShopName(message.shop.name)}】${line}`
}

function buyerOf({ buyer }: StaffMessage, words: Messages): string {
  if (buyer.known) {
    const name = cleanText(buyer.name ?? '', '', 40)
    return name ? words.staff.named(name) : words.staff.nameUnknown
  }
  return buyer.reason === 'forged_reference' ? words.staff.forgedReference : words.staff.noReference
}
