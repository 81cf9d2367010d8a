import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { messagesIn } from '../../shared/i18n/messages/messages-in.ts'
import { formatJapanTime } from '../../shared/japan-time.ts'
import { CHANNEL_NAMES, type StaffMessage, type StaffNotice } from '../ports.ts'
import { itemsInShort, money, orderNumber } from './order-words.ts'
import { shopLine } from './shop-lines.ts'
import type { ForStaff } from './who-hears.ts'

const LIST_DEAD = 'npm run noren -- deliveries --dead'
const LIST_DEAD_EVENTS = 'npm run noren -- events --unhandled'
const LIST_LATE = 'npm run noren -- deliveries --late'

/** The shop hears one line, in the chat as in a mail. */
export function staffLine(message: ForStaff): string {
  switch (message.kind) {
    case 'staff_paid':
    case 'staff_late':
      return orderLine(message)
    case 'staff_quota':
    case 'staff_outage':
    case 'staff_dead':
    case 'staff_late_many':
      return noticeLine(message)
    default:
      return shopLine(message, messagesIn(message.language))
  }
}

/** One line to the shop: which order, what, how much, and who bought it or why that is unknown. */
function orderLine(message: StaffMessage): string {
  const words = messagesIn(message.language)
  const write = message.kind === 'staff_paid' ? words.staff.paid : words.staff.late
  return write(
    orderNumber(message),
    itemsInShort(message, words),
    money(message, message.order.amount),
    buyerOf(message, words),
  )
}

/** What the shop must know of the messages themselves: the month is used up, LINE was away, some are lost. */
function noticeLine(notice: StaffNotice): string {
  const { notices } = messagesIn(notice.language)
  const at = (time: string) => formatJapanTime(time, notice.language)
  switch (notice.kind) {
    case 'staff_quota':
      return notices.quota(at(notice.since))
    case 'staff_outage': {
      const look = notice.dead > 0 ? notices.outageDead(notice.dead, LIST_DEAD) : ''
      const { channel = 'line', waited } = notice
      const [from, to] = [at(notice.from), at(notice.to)]
      if (channel === 'mail') return notices.mailOutage(from, to, waited, look)
      return notices.outage(CHANNEL_NAMES[channel], from, to, waited, look)
    }
    case 'staff_dead':
      return notices.dead(notice.count, listsOf(notice))
    case 'staff_late_many':
      return notices.lateMany(notice.count, LIST_LATE)
  }
}

/** Each command on a line of its own, so that it can be copied out of a chat. */
function listsOf({ count, events }: { count: number; events: number }): string {
  const lists = [...(count > events ? [LIST_DEAD] : []), ...(events > 0 ? [LIST_DEAD_EVENTS] : [])]
  return lists.join('\n')
}

/** Who bought it, or why nobody knows. */
export function buyerOf({ buyer }: StaffMessage, words: Messages): string {
  if (buyer.known) {
    const name = cleanText(buyer.name ?? '', '', 40)
    return name ? words.staff.named(name) : words.staff.nameUnknown
  }
  return buyer.reason === 'forged_reference' ? words.staff.forgedReference : words.staff.noReference
}
