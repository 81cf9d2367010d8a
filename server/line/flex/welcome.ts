import type { messagingApi } from '@line/bot-sdk'
import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../../shared/japan-time.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter, priceInWords, renewal } from './member-letter.ts'
import { fact } from './parts.ts'
import { memberRows, roleName } from './plan-words.ts'

/** Somebody became a member: as what, for how much, when it is charged, and when it ends if it does. */
export function welcomeLetter(message: MemberNews<'welcome'>, words: Messages): Letter {
  const { members } = words
  // On a trial the first payment is the next one, and the sentence about the trial names it.
  const next = message.trialEnd ? { rows: [], besides: [] } : renewal(message, words)
  return memberLetter(message, words, {
    title: members.welcome.title,
    said: [
      members.welcome.lead(roleName(message.role, words)),
      ...termsOf(message, words),
      ...(message.plan ? [members.welcome.changes] : []),
    ],
    besides: next.besides,
    rows: [...memberRows(message, words), ...dateRows(message, words), ...next.rows],
    opens: 'membership',
  })
}

function termsOf(message: MemberNews<'welcome'>, words: Messages): string[] {
  const { trialEnd, endsAt, renewsAt, language, plan } = message
  const { welcome } = words.members
  const until = (at: string) => formatJapanDeadline(at, language)
  const trial = trialEnd ? [welcome.trial(until(trialEnd), priceInWords(message, words))] : []
  if (endsAt) return [...trial, welcome.ends(until(endsAt))]
  return trialEnd || renewsAt || plan ? trial : [welcome.unending]
}

function dateRows(message: MemberNews<'welcome'>, words: Messages): messagingApi.FlexBox[] {
  const { trialEnd, endsAt, language } = message
  const { members } = words
  return [
    ...(trialEnd ? [fact(members.firstPayment, formatJapanDay(new Date(trialEnd), language))] : []),
    ...(endsAt ? [fact(members.endsOn, members.until(formatJapanDeadline(endsAt, language)))] : []),
  ]
}
