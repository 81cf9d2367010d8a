import { ja } from '../../shared/i18n/messages/ja.ts'
import { formatMoney } from '../../shared/money.ts'
import type { AcceptedPush, LineSandbox, StripeSandbox } from '../sandbox/types.ts'
import type { Wish } from './shoppers.ts'

type Said = {
  buyerPaid: AcceptedPush[]
  staffPaid: AcceptedPush[]
  staffRefunds: number
  failed: number
  refunded: number
}
export type Verdict = {
  paid: number
  /** Messages that should be in LINE's book and are not, each with its order */
  lost: string[]
  /** Messages that are there once more than they should be, or should not be at all */
  double: string[]
  /** Messages whose amount is not Stripe's */
  wrong: string[]
}

/**
 * Compares what LINE accepted, read from LINE's own book, with what Stripe says was paid. Nothing of
 * Noren's own books is believed here: orders are known by the number that stands in the message.
 */
export function checkBook(parts: {
  stripe: StripeSandbox
  line: LineSandbox
  /** null: nobody of the shop is told */
  staff: string | null
  wishes: readonly Wish[]
}): Verdict {
  const { stripe, line, staff } = parts
  const verdict: Verdict = { paid: 0, lost: [], double: [], wrong: [] }
  const numbers = new Set(parts.wishes.map((wish) => numberOf(wish.session)))
  const book = sortBook(line.book(), numbers, staff)
  for (const wish of parts.wishes) {
    const session = stripe.session(wish.session)
    const said = book.get(numberOf(wish.session)) ?? nothingSaid()
    const isPaid = session.payment_status === 'paid'
    if (isPaid) verdict.paid++
    const reachable = line.user(wish.buyer.userId)?.friend === true
    const count = (what: string, times: number, expected: number) => {
      const name = `${what} for ${wish.session} (${wish.course})`
      if (times < expected) verdict.lost.push(name)
      if (times > expected) verdict.double.push(name)
    }
    count('the summary to the buyer', said.buyerPaid.length, isPaid && reachable ? 1 : 0)
    count('the summary to the staff', said.staffPaid.length, isPaid && staff ? 1 : 0)
    const refunded = wish.course === 'refunded'
    count('the staff’s word of the refund', said.staffRefunds, refunded && staff ? 1 : 0)
    const lapsed = wish.course === 'konbini lapsed'
    count('word of the lapse', said.failed, lapsed && reachable ? 1 : 0)
    count('word of the refund', said.refunded, refunded && reachable ? 1 : 0)
    const total = formatMoney(session.amount_total ?? 0, session.currency ?? 'jpy', 'ja')
    for (const push of [...said.buyerPaid, ...said.staffPaid])
      if (!JSON.stringify(push.messages).includes(total))
        verdict.wrong.push(`${wish.session}: ${total}`)
  }
  return verdict
}

const STAFF_REFUND = ja.shopNews.refund('', '', '', '').split('。')[0] ?? ''

function sortBook(
  book: readonly AcceptedPush[],
  numbers: ReadonlySet<string>,
  staff: string | null,
): Map<string, Said> {
  const sorted = new Map<string, Said>()
  for (const push of book) {
    const text = JSON.stringify(push.messages)
    const key = text.match(/\b[A-Z0-9]{8}\b/g)?.find((word) => numbers.has(word))
    if (!key) continue
    const said = sorted.get(key) ?? nothingSaid()
    sorted.set(key, said)
    if (push.to === staff && text.includes(STAFF_REFUND)) said.staffRefunds++
    else if (push.to === staff) said.staffPaid.push(push)
    // Dropped in silence by LINE: it was sent to somebody who is no friend, and counts as not said.
    else if (!push.delivered) continue
    else if (text.includes(ja.paid.title)) said.buyerPaid.push(push)
    else if (text.includes(ja.failed.title)) said.failed++
    else if (text.includes(ja.refunded.title)) said.refunded++
  }
  return sorted
}

function nothingSaid(): Said {
  return { buyerPaid: [], staffPaid: [], staffRefunds: 0, failed: 0, refunded: 0 }
}

/** As the messages write it. */
export function numberOf(session: string): string {
  return session.slice(-8).toUpperCase()
}
