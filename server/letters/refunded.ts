import type { Order } from '../../shared/api.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { OrderMessage } from '../ports.ts'
import { itemRows } from './item-rows.ts'
import { type Letter, shownShopName } from './letter.ts'
import { money, orderNumber } from './order-words.ts'
import { orderFacts } from './paid.ts'
import { fact, type Part, row, text } from './parts.ts'

/** One refund: how much, whether that was all of it, and when it can be seen. */
export function refundedLetter(message: OrderMessage, words: Messages): Letter {
  const { order, links, shop } = message
  const amount = message.refund ?? order.refunded
  const alt = isWhole(order) ? words.refunded.altWhole : words.refunded.altPart
  return {
    altText: alt(shownShopName(shop.name), money(message, amount), orderNumber(message)),
    title: words.refunded.title,
    number: orderNumber(message),
    blocks: [
      [text(leadOf(message, amount, words)), text(arrivalOf(order.paymentMethod, words))],
      amounts(message, amount, words),
      orderFacts(message, words),
      itemRows(message, words),
    ],
    buttons: [{ label: words.seeOrder, address: links.order }],
  }
}

function leadOf({ order }: OrderMessage, amount: number, words: Messages): string {
  if (!isWhole(order)) return words.refunded.leadPart
  return amount < order.refunded ? words.refunded.leadRest : words.refunded.leadWhole
}

/** By the amounts as well: a disputed order keeps that status, however much is given back. */
function isWhole(order: Order): boolean {
  return order.status === 'refunded' || (order.amount > 0 && order.refunded >= order.amount)
}

function arrivalOf(method: string | null, words: Messages): string {
  if (method === 'card' || method === 'link') return words.refunded.arrivalCard
  return method === 'konbini' ? words.refunded.arrivalKonbini : words.refunded.arrivalOther
}

function amounts(message: OrderMessage, amount: number, words: Messages): Part[] {
  const { order } = message
  return [
    row(
      text(words.refunded.thisRefund, { weight: 'bold' }),
      text(money(message, amount), { size: 'lg', weight: 'bold' }),
    ),
    ...(order.refunded > amount
      ? [fact(words.refunded.refundedSoFar, money(message, order.refunded))]
      : []),
    fact(words.refunded.orderTotal, money(message, order.amount)),
  ]
}
