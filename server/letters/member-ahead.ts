import { cardName } from '../../shared/card-name.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatMonth } from '../../shared/japan-time.ts'
import { formatMoney } from '../../shared/money.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter, renewal } from './member-letter.ts'
import { withNote } from './order-words.ts'
import { fact } from './parts.ts'
import { memberRows, priceOf, roleName } from './plan-words.ts'

/** Their card runs out: which one, when, what it pays for next, and where to give another. */
export function cardExpiringLetter(message: MemberNews<'card_expiring'>, words: Messages): Letter {
  const { cardExpiring } = words.members
  const card = words.members.card(cardName(message.brand), message.last4)
  const next = renewal(message, words)
  return memberLetter(message, words, {
    title: cardExpiring.title,
    said: [
      { strong: cardExpiring.lead(card, formatMonth(message.month, message.language)) },
      cardExpiring.ask,
      cardExpiring.done,
    ],
    besides: next.besides,
    rows: [...memberRows(message, words), ...next.rows],
    opens: 'card',
  })
}

/** A long period is nearly over: when the next is charged, how much, and how to stop before. */
export function renewalAheadLetter(message: MemberNews<'renewal_ahead'>, words: Messages): Letter {
  const { members } = words
  const day = formatJapanDay(new Date(message.at), message.language)
  return memberLetter(message, words, {
    title: members.renewalAhead.title,
    said: [
      {
        strong: members.renewalAhead.lead(
          roleName(message.role, words),
          day,
          renewalPrice(message, words),
        ),
      },
      members.renewalAhead.stop,
    ],
    rows: [...memberRows(message, words), fact(members.nextPayment, day)],
    opens: 'membership',
  })
}

/** Where parts of a plan run at their own pace it has no price for all: then what is charged that day. */
function renewalPrice(message: MemberNews<'renewal_ahead'>, words: Messages): string {
  const { plan, amount, language, shop } = message
  if (!plan) return words.members.fee
  const charged = formatMoney(amount, plan.currency, language)
  return priceOf(plan, message, words) ?? withNote(charged, shop.taxNote, words)
}
