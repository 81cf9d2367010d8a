import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../../shared/japan-time.ts'
import type { Letter } from '../../letters/letter.ts'
import { memberRows, priceOf } from '../../letters/plan-words.ts'
import type { ChatAnswer } from '../../ports.ts'
import { answerLetter } from './answer-letter.ts'

type Member = Extract<ChatAnswer, { kind: 'member' | 'cancel' }>

/** To a member: what they are, how it stands, and the way to their page (or to the till, where it waits). */
export function memberAnswer(answer: Member, words: Messages): Letter {
  const { member } = words.chat
  const { links, state } = answer
  const open = { label: member.open, address: links.membership }
  const button = state === 'past_due' ? { label: member.pay, address: links.card } : open
  return answerLetter(answer, words, {
    title: member.title,
    said: [stateOf(answer, words)],
    rows: memberRows(answer, words),
    buttons: [button],
  })
}

/** How to cancel, in one step and with nothing in between; or why there is nothing to cancel. */
export function cancelAnswer(answer: Member, words: Messages): Letter {
  const { cancel, member } = words.chat
  const { links, state, plan, at, language } = answer
  const toPage = [{ label: member.open, address: links.membership }]
  const rows = memberRows(answer, words)
  const answered = { title: cancel.title, rows }
  if (!plan || state === 'unending')
    return answerLetter(answer, words, {
      ...answered,
      said: [cancel.noNeed, stateOf(answer, words)],
      buttons: toPage,
    })
  if (state === 'leaving')
    return answerLetter(answer, words, {
      ...answered,
      said: [stateOf(answer, words), cancel.done],
      buttons: toPage,
    })
  const free = state === 'trial' && at ? [cancel.trial(formatJapanDeadline(at, language))] : []
  return answerLetter(answer, words, {
    ...answered,
    said: [cancel.lead, ...free],
    buttons: [{ label: cancel.open, address: links.cancel }],
  })
}

/** The state in a sentence. What was bought once, or given, is charged by nobody, so it can only run out. */
function stateOf(answer: Member, words: Messages): string {
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
