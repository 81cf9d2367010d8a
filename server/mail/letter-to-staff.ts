import type { MailWords } from '../../shared/i18n/mail/ja.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { itemRows } from '../letters/item-rows.ts'
import type { Letter } from '../letters/letter.ts'
import { orderNumber } from '../letters/order-words.ts'
import { orderFacts } from '../letters/paid.ts'
import { fact, type Part, text } from '../letters/parts.ts'
import { digestFacts, digestLook, digestTitle, payerOf } from '../letters/shop-lines.ts'
import { buyerOf, staffLine } from '../letters/staff-lines.ts'
import { totalRows } from '../letters/total-rows.ts'
import type { ForStaff } from '../letters/who-hears.ts'
import { CHANNEL_NAMES } from '../ports.ts'

/** To the shop: the line that LINE would bring, and of an order or a day all that the mail has room for. */
export function letterToStaff(message: ForStaff, words: Messages, mail: MailWords): Letter {
  const line = staffLine(message)
  if (message.kind === 'staff_digest') {
    const look = digestLook(message, words)
    const facts = digestFacts(message, words).map(({ label, value }) => fact(label, value))
    return {
      altText: line.replaceAll('\n', ' '),
      title: digestTitle(message, words),
      blocks: [facts, look ? linesOf(look) : []],
      buttons: [],
    }
  }
  const title = titleOf(message, mail)
  if (!('order' in message)) return { altText: line, title, blocks: [linesOf(line)], buttons: [] }
  const buyer = 'amount' in message ? payerOf(message, words) : buyerOf(message, words)
  return {
    ...{ altText: line, title, number: orderNumber(message), buttons: [] },
    blocks: [
      // A paid order is told by its rows; anything else needs to be said.
      message.kind === 'staff_paid' ? [] : linesOf(line),
      [fact(mail.staff.buyer, buyer), ...orderFacts(message, words)],
      itemRows(message, words),
      totalRows(message, words),
    ],
  }
}

function titleOf(message: Exclude<ForStaff, { kind: 'staff_digest' }>, { staff }: MailWords) {
  if (message.kind !== 'staff_outage') return staff[message.kind]
  const { channel = 'line' } = message
  return channel === 'mail' ? staff.mail_outage : staff.chat_outage(CHANNEL_NAMES[channel])
}

/** A command stands on a line of its own, so that it can be copied. */
function linesOf(words: string): Part[] {
  return words.split('\n').map((line) => text(line))
}
