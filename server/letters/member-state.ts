import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../shared/japan-time.ts'
import type { ChatStanding } from '../ports.ts'
import { type PlanReader, priceOf } from './plan-words.ts'

/** The state in a sentence. What was bought once, or given, is charged by nobody, so it can only run out. */
export function memberState(answer: PlanReader & ChatStanding, words: Messages): string {
  const { member } = words.chat
  const { at, language, plan, state } = answer
  const day = at && formatJapanDay(new Date(at), language)
  const until = at && formatJapanDeadline(at, language)
  if (!plan || state === 'unending') return until ? member.ends(until) : member.unending
  switch (state) {
    case 'active':
      return day ? member.activeUntilPayment(day) : member.active
    case 'trial': {
      const price = priceOf(plan, answer, words) ?? words.members.fee
      return until ? member.trialUntil(until, price) : member.trial
    }
    case 'past_due':
      return until ? member.pastDueUntil(until) : member.pastDue
    case 'paused':
      return day ? member.pausedUntil(day) : member.paused
    case 'leaving':
      return until ? member.leavingUntil(until) : member.leaving
  }
}
