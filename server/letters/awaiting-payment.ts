import type { Konbini } from '../../shared/api.ts'
import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDeadline } from '../../shared/japan-time.ts'
import type { OrderMessage } from '../ports.ts'
import { itemRows } from './item-rows.ts'
import { type Letter, shownShopName } from './letter.ts'
import { linkable } from './linkable.ts'
import { orderNumber, totalWithNote, wordFor } from './order-words.ts'
import { orderFacts } from './paid.ts'
import { fact, group, type Part, quietText, text } from './parts.ts'
import { totalRows } from './total-rows.ts'

/** "Please pay": at the konbini with everything the till asks for, or as the payment's own page says. */
export function awaitingPaymentLetter(message: OrderMessage, words: Messages): Letter {
  const { order, links } = message
  const { konbini } = order
  const voucher = linkable(konbini?.voucherUrl ?? null)
  return {
    altText: altTextOf(message, words),
    title: words.awaiting.title,
    number: orderNumber(message),
    blocks: [
      [text(konbini ? words.awaiting.leadKonbini : words.awaiting.lead)],
      konbini ? deadline(konbini, message, words) : [],
      konbini ? konbini.stores.map((store, index) => storeBox(store, words, index)) : [],
      orderFacts(message, words),
      itemRows(message, words),
      totalRows(message, words),
    ],
    buttons: [
      ...(voucher ? [{ label: words.awaiting.voucher, address: voucher }] : []),
      { label: words.seeOrder, address: links.order },
    ],
  }
}

function deadline(konbini: Konbini, message: OrderMessage, words: Messages): Part[] {
  return [
    quietText(words.awaiting.deadline),
    text(formatJapanDeadline(konbini.expiresAt, message.language), { weight: 'bold' }),
  ]
}

/** Each chain has its own pair of numbers; they are typed in at the till, so they stand out. */
function storeBox(store: Konbini['stores'][number], words: Messages, index: number): Part {
  const { paymentCode, confirmationNumber, store: chain } = store
  const asTyped = { size: 'md', weight: 'bold' } as const
  const contents: Part[] = [
    text(wordFor(chain, words.awaiting.stores), { weight: 'bold' }),
    fact(words.awaiting.paymentCode, cleanText(paymentCode, '-', 40), asTyped),
  ]
  if (confirmationNumber)
    contents.push(
      fact(words.awaiting.confirmationNumber, cleanText(confirmationNumber, '-', 40), asTyped),
    )
  return group(contents, index === 0 ? 'none' : 'lg')
}

function altTextOf(message: OrderMessage, words: Messages): string {
  const shop = shownShopName(message.shop.name)
  const total = totalWithNote(message, words)
  const number = orderNumber(message)
  const { konbini } = message.order
  if (!konbini) return words.awaiting.alt(shop, total, number)
  const until = formatJapanDeadline(konbini.expiresAt, message.language)
  return words.awaiting.altKonbini(shop, total, until, number)
}
