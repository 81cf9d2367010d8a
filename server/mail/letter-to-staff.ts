import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { itemRows } from '../letters/item-rows.ts'
import type { Letter } from '../letters/letter.ts'
import { orderNumber } from '../letters/order-words.ts'
import { orderFacts } from '../letters/paid.ts'
import { fact, text } from '../letters/parts.ts'
import { buyerOf, staffLine } from '../letters/staff-lines.ts'
import { totalRows } from '../letters/total-rows.ts'
import type { ForStaff } from '../letters/who-hears.ts'

/** To the shop: the line that LINE would bring, and of an order all that the mail has room for. */
export function letterToStaff(message: ForStaff, words: Messages, mail: MailWords): Letter {
  const line = staffLine(message)
  const letter: Letter = {
    altText: line,
    title: mail.staff[message.kind],
    // A command stands on a line of its own, so that it can be copied.
    blocks: [line.split('\n').map((each) => text(each))],
    buttons: [],
  }
  if (!('order' in message)) return letter
  return {
    ...letter,
    number: orderNumber(message),
    blocks: [
      ...letter.blocks,
      [fact(mail.staff.buyer, buyerOf(message, words)), ...orderFacts(message, words)],
      itemRows(message, words),
      totalRows(message, words),
    ],
  }
}
