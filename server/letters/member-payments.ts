import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../shared/japan-time.ts'
import { formatMoney } from '../../shared/money.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter, priceInWords } from './member-letter.ts'
import { fact } from './parts.ts'
import { memberRows } from './plan-words.ts'
import type { Sentence } from './sentences.ts'

/** Three days before it is charged for the first time: when, how much, and how to stop before. */
export function trialEndingLetter(message: MemberNews<'trial_ending'>, words: Messages): Letter {
  const { members } = words
  const day = formatJapanDay(new Date(message.at), message.language)
  return memberLetter(message, words, {
    title: members.trialEnding.title,
    said: [
      { strong: members.trialEnding.lead(formatJapanDeadline(message.at, message.language)) },
      members.trialEnding.goesOn(priceInWords(message, words)),
      members.trialEnding.stop,
    ],
    rows: [...memberRows(message, words), fact(members.firstPayment, day)],
    opens: 'membership',
  })
}

/** A renewal could not be charged: until when that changes nothing, and where to give another card. */
export function paymentFailedLetter(
  message: MemberNews<'payment_failed' | 'grace_ending'>,
  words: Messages,
): Letter {
  const { failed } = words.members
  return memberLetter(message, words, {
    title: failed.title,
    said: [failed.lead(feeOf(message, words)), limitOf(message, failed.stays, failed.rests)],
    opens: 'card',
  })
}

/** The same once more, shortly before they stop being a member. */
export function graceEndingLetter(
  message: MemberNews<'payment_failed' | 'grace_ending'>,
  words: Messages,
): Letter {
  const { grace, failed } = words.members
  return memberLetter(message, words, {
    title: message.until ? grace.title : failed.title,
    said: [grace.lead(feeOf(message, words)), limitOf(message, grace.stays, failed.rests)],
    opens: 'card',
  })
}

/** Without a plan nobody knows the currency, and a wrong one would be worse than none. */
function feeOf(message: MemberNews<'payment_failed' | 'grace_ending'>, words: Messages): string {
  const { plan, amount, language } = message
  if (!plan) return words.members.fee
  return words.members.feeOf(formatMoney(amount, plan.currency, language))
}

function limitOf(
  { until, language }: MemberNews<'payment_failed' | 'grace_ending'>,
  stays: (until: string) => string,
  rests: string,
): Sentence {
  return { strong: until ? stays(formatJapanDeadline(until, language)) : rests }
}
