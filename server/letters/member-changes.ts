import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay, formatJapanDeadline } from '../../shared/japan-time.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter, renewal } from './member-letter.ts'
import { fact } from './parts.ts'
import { memberRows, planInShort, roleName } from './plan-words.ts'

/** Another plan or another price: the old one, the new one, and when the new one is charged. */
export function planChangedLetter(message: MemberNews<'plan_changed'>, words: Messages): Letter {
  const { members } = words
  const next = renewal(message, words)
  const before = planInShort(message.before, message, words)
  const after = message.plan && planInShort(message.plan, message, words)
  return memberLetter(message, words, {
    title: members.changed.title,
    said: [after ? members.changed.lead(before, after) : members.changed.leadOpen(before)],
    besides: next.besides,
    rows: [...memberRows(message, words), ...next.rows],
    opens: 'membership',
  })
}

/** Nothing is charged for a while: until when, or how to go on. */
export function pausedLetter(message: MemberNews<'paused'>, words: Messages): Letter {
  const { paused } = words.members
  const { until, language } = message
  return memberLetter(message, words, {
    title: paused.title,
    said: [until ? paused.until(formatJapanDay(new Date(until), language)) : paused.open],
    opens: 'membership',
  })
}

/** It goes on after a pause. */
export function resumedLetter(message: MemberNews<'resumed'>, words: Messages): Letter {
  const { resumed } = words.members
  return goesOn(message, words, resumed.title, resumed.lead(roleName(message.role, words)))
}

/** Cancelled, and still theirs for what is paid: until when, and how to undo it. */
export function leavingLetter(message: MemberNews<'leaving'>, words: Messages): Letter {
  const { members } = words
  const until = formatJapanDeadline(message.at, message.language)
  return memberLetter(message, words, {
    title: members.leaving.title,
    said: [members.leaving.lead(roleName(message.role, words), until), members.leaving.undo],
    rows: [...memberRows(message, words), fact(members.endsOn, members.until(until))],
    opens: 'membership',
  })
}

/** They have undone their cancellation. */
export function stayingLetter(message: MemberNews<'staying'>, words: Messages): Letter {
  const { staying } = words.members
  return goesOn(message, words, staying.title, staying.lead(roleName(message.role, words)))
}

function goesOn(
  message: MemberNews<'resumed' | 'staying'>,
  words: Messages,
  title: string,
  lead: string,
): Letter {
  const next = renewal(message, words)
  const rows = [...memberRows(message, words), ...next.rows]
  return memberLetter(message, words, {
    title,
    said: [lead],
    besides: next.besides,
    rows,
    opens: 'membership',
  })
}
