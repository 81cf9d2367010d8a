import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../shared/japan-time.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter, priceInWords, renewal } from './member-letter.ts'
import { fact, type Part } from './parts.ts'
import { memberRows, roleName } from './plan-words.ts'

type Welcome = MemberNews<'welcome'>

/** Somebody became a member: as what, for how much, when it is charged, and when it ends if it does. */
export function welcomeLetter(message: Welcome, words: Messages): Letter {
  const { members } = words
  // On a trial the first payment is the next one, and the sentence about the trial names it.
  const next = paidTrial(message) ? { rows: [], besides: [] } : renewal(message, words)
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

/** When a trial turns into a payment; null where there is none, or where it ends before. */
function paidTrial({ trialEnd, endsAt }: Welcome): string | null {
  if (!trialEnd) return null
  return endsAt && Date.parse(endsAt) <= Date.parse(trialEnd) ? null : trialEnd
}

function termsOf(message: Welcome, words: Messages): string[] {
  const { endsAt, renewsAt, language, plan } = message
  const { welcome } = words.members
  const until = (at: string) => formatJapanDeadline(at, language)
  const trialEnd = paidTrial(message)
  const trial = trialEnd ? [welcome.trial(until(trialEnd), priceInWords(message, words))] : []
  if (!endsAt) return trialEnd || renewsAt || plan ? trial : [welcome.unending]
  const renews = trialEnd !== null || renewsAt !== null
  return [...trial, renews ? welcome.lasts(until(endsAt)) : welcome.ends(until(endsAt))]
}

function dateRows(message: Welcome, words: Messages): Part[] {
  const { endsAt, language } = message
  const { firstPayment, endsOn, until } = words.members
  const trialEnd = paidTrial(message)
  return [
    ...(trialEnd ? [fact(firstPayment, formatJapanDay(new Date(trialEnd), language))] : []),
    ...(endsAt ? [fact(endsOn, until(formatJapanDeadline(endsAt, language)))] : []),
  ]
}
