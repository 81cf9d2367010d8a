import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanTime } from '../../shared/japan-time.ts'
import type { OrderMessage } from '../ports.ts'
import { itemRows } from './item-rows.ts'
import { type Letter, shownShopName } from './letter.ts'
import {
  type AboutOrder,
  itemsInShort,
  orderNumber,
  paymentMethod,
  totalWithNote,
} from './order-words.ts'
import { fact, type Part, text } from './parts.ts'
import { totalRows } from './total-rows.ts'

/** The order summary: thanks, what was bought, what it cost, how it was paid. */
export function paidLetter(message: OrderMessage, words: Messages): Letter {
  const { order, links } = message
  const free = order.amount === 0
  return {
    altText: altTextOf(message, words),
    title: words.paid.title,
    number: orderNumber(message),
    blocks: [
      [text(free ? words.paid.leadFree : words.paid.lead)],
      orderFacts(message, words),
      itemRows(message, words),
      totalRows(message, words),
    ],
    buttons: [
      { label: words.seeOrder, address: links.order },
      { label: words.orderAgain, address: order.offer && links.again },
    ],
  }
}

/** Which order, when, and how it is paid: the same three lines under every message. */
export function orderFacts(message: AboutOrder, words: Messages): Part[] {
  const { order, language } = message
  const method = paymentMethod(message, words)
  const when = formatJapanTime(order.paidAt ?? order.createdAt, language)
  return [
    fact(words.orderNumber, orderNumber(message)),
    fact(order.paidAt && order.amount > 0 ? words.paidAt : words.orderedAt, when),
    ...(method ? [fact(words.paymentMethod, method)] : []),
  ]
}

function altTextOf(message: OrderMessage, words: Messages): string {
  const shop = shownShopName(message.shop.name)
  const items = itemsInShort(message, words)
  const number = orderNumber(message)
  if (message.order.amount === 0) return words.paid.altFree(shop, items, number)
  return words.paid.alt(shop, items, totalWithNote(message, words), number)
}
