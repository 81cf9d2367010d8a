import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { Letter } from './letter.ts'
import { type MemberNews, memberLetter } from './member-letter.ts'
import { roleName } from './plan-words.ts'

/** They are no member any more: why, and the way back, which is the till where something is owed. */
export function endedLetter(message: MemberNews<'ended'>, words: Messages): Letter {
  const { ended } = words.members
  const { because } = message
  const why = ended.because[because](roleName(message.role, words))
  if (because === 'resting')
    return memberLetter(message, words, {
      title: ended.titleResting,
      said: [why],
      rows: [],
      opens: 'card',
    })
  // Whoever did not end it themselves wants to know more before an invitation.
  const byOthers = because === 'disputed' || because === 'by_shop'
  return memberLetter(message, words, {
    title: ended.title,
    said: [why, ended.thanks, byOthers ? ended.ask : ended.back],
    rows: [],
    opens: 'join',
    ...(byOthers && { label: words.members.buttons.look }),
  })
}
