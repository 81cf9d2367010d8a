import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import { formatJapanDeadline } from '../../../shared/japan-time.ts'
import type { Letter } from '../../letters/letter.ts'
import { memberState } from '../../letters/member-state.ts'
import { memberRows } from '../../letters/plan-words.ts'
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
    said: [memberState(answer, words)],
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
      said: [cancel.noNeed, memberState(answer, words)],
      buttons: toPage,
    })
  if (state === 'leaving')
    return answerLetter(answer, words, {
      ...answered,
      said: [memberState(answer, words), cancel.done],
      buttons: toPage,
    })
  const free = state === 'trial' && at ? [cancel.trial(formatJapanDeadline(at, language))] : []
  return answerLetter(answer, words, {
    ...answered,
    said: [cancel.lead, ...free],
    buttons: [{ label: cancel.open, address: links.cancel }],
  })
}
