import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { OrderMessage } from '../ports.ts'
import { itemRows } from './item-rows.ts'
import { type Letter, shownShopName } from './letter.ts'
import { linkable } from './linkable.ts'
import { orderNumber } from './order-words.ts'
import { orderFacts } from './paid.ts'
import { text } from './parts.ts'
import { totalRows } from './total-rows.ts'

/** The payment failed or the konbini's deadline passed: what happened, that it cost nothing, how to try again. */
export function failedLetter(message: OrderMessage, words: Messages): Letter {
  const { order, links, shop } = message
  const again = order.offer ? linkable(links.again) : null
  const atKonbini = order.paymentMethod === 'konbini' || order.konbini !== null
  return {
    altText: words.failed.alt(shownShopName(shop.name), orderNumber(message)),
    title: words.failed.title,
    number: orderNumber(message),
    blocks: [
      [
        text(atKonbini ? words.failed.leadKonbini : words.failed.lead),
        text(words.failed.notCharged, { weight: 'bold' }),
        text(again ? words.failed.againByButton : words.failed.againInShop),
      ],
      orderFacts(message, words),
      itemRows(message, words),
      totalRows(message, words),
    ],
    buttons: [
      { label: words.orderAgain, address: again },
      { label: words.seeOrder, address: links.order },
    ],
  }
}
