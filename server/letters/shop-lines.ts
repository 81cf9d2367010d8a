import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline, formatJapanTime } from '../../shared/japan-time.ts'
import { formatMoney } from '../../shared/money.ts'
import type { ShopNotice } from '../ports.ts'
import { itemsInShort, money, orderNumber } from './order-words.ts'
import { planName, roleName } from './plan-words.ts'

type Of<Kind extends ShopNotice['kind']> = Extract<ShopNotice, { kind: Kind }>

/** What the shop hears besides orders: what happened, and what to do about it. A command stands on its own line. */
export function shopLine(notice: ShopNotice, words: Messages): string {
  const { shopNews } = words
  switch (notice.kind) {
    case 'staff_dispute':
    case 'staff_refund':
      return (notice.kind === 'staff_dispute' ? shopNews.dispute : shopNews.refund)(
        orderNumber(notice),
        itemsInShort(notice, words),
        money(notice, notice.amount),
        payerOf(notice, words),
      )
    case 'staff_payment_failed':
      return failedLine(notice, words)
    case 'staff_person':
      return shopNews.person[notice.why](cleanText(notice.about, '-', 80))
    case 'staff_quota_near': {
      const { used, total } = notice
      return shopNews.quotaNear(used, total, Math.floor((used / Math.max(total, 1)) * 100))
    }
    case 'staff_endpoint_off': {
      const endpoint = cleanText(notice.endpoint, '-', 60)
      return [
        shopNews.endpointOff(
          endpoint,
          cleanText(notice.host, '-', 80),
          formatJapanTime(notice.since, notice.language),
          cleanText(notice.reason, '-', 120),
        ),
        // On a line of its own, so that it can be copied.
        `npm run noren -- outbound enable ${endpoint}`,
      ].join('\n')
    }
    case 'staff_sign':
      return signLine(notice, words)
    case 'staff_digest':
      return digestLines(notice, words)
  }
}

/** Which role, why not, and the click that mends it. */
function signLine({ role, title, why, words: said }: Of<'staff_sign'>, words: Messages): string {
  const { sign } = words.shopNews
  const name = cleanText(title ?? '', '', 40)
  const about = name ? sign.named(name, cleanText(role, '-', 24)) : cleanText(role, '-', 24)
  const mend = why === 'other' ? sign.mend.other(cleanText(said, '-', 120)) : sign.mend[why]
  return [sign.refused(about, mend), 'npm run noren -- doctor discord'].join('\n')
}

export function payerOf({ buyer }: Of<'staff_dispute' | 'staff_refund'>, words: Messages): string {
  const name = cleanText(buyer ?? '', '', 40)
  return name ? words.staff.named(name) : words.shopNews.buyerUnknown
}

function failedLine(notice: Of<'staff_payment_failed'>, words: Messages): string {
  const { plan, amount, until, language } = notice
  const { shopNews, members } = words
  // Without a plan nobody knows the currency, and a wrong one would be worse than none.
  const fee = plan ? members.feeOf(formatMoney(amount, plan.currency, language)) : members.fee
  const who = plan && notice.role === '' ? planName(plan, words) : roleName(notice.role, words)
  const then = until
    ? shopNews.failedStays(formatJapanDeadline(until, language))
    : shopNews.failedRests
  return `${shopNews.failed(who, fee)}${language === 'ja' || language === 'zh-TW' ? '' : ' '}${then}`
}

export function digestTitle({ day, language }: Of<'staff_digest'>, words: Messages): string {
  const at = new Date(`${day}T00:00:00+09:00`)
  return words.shopNews.digest.title(formatJapanDay(at, language))
}

/** A day in numbers, each with its name. Money only where there was any. */
export function digestFacts(
  notice: Of<'staff_digest'>,
  words: Messages,
): { label: string; value: string }[] {
  const { digest } = words.shopNews
  const { language, line } = notice
  const amount = (value: number, currency: string) => formatMoney(value, currency, language)
  const used =
    line &&
    (line.total === null ? digest.messagesUsed(line.used) : digest.messages(line.used, line.total))
  return [
    { label: digest.orders, value: digest.count(notice.orders) },
    ...notice.revenue.flatMap(({ currency, amount: taken, refunded }) => [
      { label: digest.revenue, value: amount(taken, currency) },
      ...(refunded > 0 ? [{ label: digest.refunded, value: amount(refunded, currency) }] : []),
    ]),
    { label: digest.awaiting, value: digest.count(notice.awaiting) },
    { label: digest.joined, value: digest.people(notice.joined) },
    { label: digest.left, value: digest.people(notice.left) },
    { label: digest.members, value: digest.people(notice.members) },
    ...(used ? [{ label: digest.line, value: used }] : []),
    { label: digest.dead, value: digest.count(notice.dead) },
  ]
}

/** How to see what must be looked at; null where nothing must. */
export function digestLook({ dead }: Of<'staff_digest'>, words: Messages): string | null {
  return dead > 0 ? words.shopNews.digest.look('npm run noren -- status') : null
}

function digestLines(notice: Of<'staff_digest'>, words: Messages): string {
  const facts = digestFacts(notice, words).map(({ label, value }) =>
    words.shopNews.line(label, value),
  )
  const look = digestLook(notice, words)
  return [digestTitle(notice, words), ...facts, ...(look ? [look] : [])].join('\n')
}
