import { SOME_DAYS } from '../some-days.ts'
import type { DemoMember } from '../state.ts'
import type { Choice, GuideProps } from './choices.ts'

/** A guest finds the two ways in; a member finds the time machine, its buttons always in the same places. */
export function memberChoices(props: GuideProps): Choice[] {
  const { member } = props.state
  if (!member) return [openPlans(props), ask(props)]
  return [
    nextMonth(props, member),
    someDays(props, member),
    card(props, member),
    leave(props, member),
  ]
}

function openPlans({ words, onOpenPage }: GuideProps): Choice {
  const { join: label, joinNote: note } = words.guide
  return { name: 'join', label, note, run: () => onOpenPage('/join'), strong: true }
}

/** In the words of whoever holds the phone: the shop answers in their language. */
function ask({ state, words, onAct }: GuideProps): Choice {
  const { ask: label, askNote: note } = words.guide
  const holder = state.people.find(({ userId }) => userId === state.holder)
  const text = holder?.language.startsWith('ja') ? '会員' : 'member'
  return { name: 'ask', label, note, run: holder ? () => onAct({ action: 'say', text }) : null }
}

function nextMonth({ words, onAct }: GuideProps, member: DemoMember): Choice {
  const { nextMonth: label, nextMonthNotes } = words.guide
  const note = nextMonthNotes[moodOf(member)]
  return { name: 'month', label, note, run: () => onAct({ action: 'next_month' }), strong: true }
}

function someDays({ words, onAct }: GuideProps, member: DemoMember): Choice {
  const { someDays: label, someDaysNotes } = words.guide
  const note = someDaysNotes[moodOf(member)]
  return { name: 'days', label: label(SOME_DAYS), note, run: () => onAct({ action: 'some_days' }) }
}

function card({ words, onAct }: GuideProps, { status }: DemoMember): Choice {
  const w = words.guide
  return status === 'past_due' || status === 'unpaid'
    ? choice('card-works', w.cardWorks, w.cardWorksNote, () => onAct({ action: 'card_works' }))
    : choice('card-fails', w.cardFails, w.cardFailsNote, () => onAct({ action: 'card_fails' }))
}

function leave({ words, onAct }: GuideProps, { leaving }: DemoMember): Choice {
  const w = words.guide
  return leaving
    ? choice('stay', w.stay, w.stayNote, () => onAct({ action: 'stay' }))
    : choice('leave', w.leave, w.leaveNote, () => onAct({ action: 'leave' }))
}

function choice(name: string, label: string, note: string, run: () => Promise<void>): Choice {
  return { name, label, note, run }
}

/** What the next days bring depends on it. */
function moodOf({
  status,
  leaving,
}: DemoMember): 'usual' | 'trial' | 'leaving' | 'late' | 'paused' {
  if (status === 'past_due' || status === 'unpaid') return 'late'
  if (status === 'paused') return 'paused'
  if (leaving) return 'leaving'
  return status === 'trialing' ? 'trial' : 'usual'
}
