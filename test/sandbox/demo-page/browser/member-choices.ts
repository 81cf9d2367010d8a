import { SOME_DAYS } from '../some-days.ts'
import type { DemoMember } from '../state.ts'
import type { Choice, GuideProps } from './choices.ts'
import type { Words } from './words.ts'

/** The longest one */
const MONTH = 31

type Mood = keyof GuideProps['words']['guide']['nextMonthNotes']

/** A guest finds the ways in; a member finds the time machine, its buttons always in the same places. */
export function memberChoices(props: GuideProps): Choice[] {
  const { member } = props.state
  if (!member) return [openPlans(props), openTable(props), ask(props)]
  const mood = moodOf(props, member)
  return [
    nextMonth(props, mood, member),
    someDays(props, mood, member),
    card(props, mood),
    leave(props, member),
  ]
}

function openPlans({ words, onOpenPage }: GuideProps): Choice {
  const { join: label, joinNote: note } = words.guide
  return { name: 'join', label, note, run: () => onOpenPage('/join'), strong: true }
}

function openTable({ words, onOpenPage }: GuideProps): Choice {
  const { table: label, tableNote: note } = words.guide
  return { name: 'table', label, note, run: () => onOpenPage('/plans') }
}

/** In the words of whoever holds the phone: the shop answers in their language. */
function ask({ state, words, onAct }: GuideProps): Choice {
  const { ask: label, askNote: note } = words.guide
  const holder = state.people.find(({ userId }) => userId === state.holder)
  const text = holder?.language.startsWith('ja') ? '会員' : 'member'
  return { name: 'ask', label, note, run: holder ? () => onAct({ action: 'say', text }) : null }
}

function nextMonth({ words, onAct }: GuideProps, mood: Mood, member: DemoMember): Choice {
  const { nextMonth: label } = words.guide
  const note = noteOn(words, mood, isCalm(mood) ? member.daysLeft <= MONTH : true)
  const run = () => onAct({ action: 'next_month' })
  return { name: 'month', label, note, run, strong: !owes(mood) }
}

function someDays({ words, onAct }: GuideProps, mood: Mood, member: DemoMember): Choice {
  const { someDays: label } = words.guide
  const note = noteOn(words, mood, isCalm(mood) && member.daysLeft <= SOME_DAYS)
  const run = () => onAct({ action: 'some_days' })
  return { name: 'days', label: label(SOME_DAYS), note, run }
}

function card({ words, onAct }: GuideProps, mood: Mood): Choice {
  const { cardWorks, cardWorksNote, cardFails, cardFailsNote } = words.guide
  if (!owes(mood)) {
    const run = () => onAct({ action: 'card_fails' })
    return { name: 'card-fails', label: cardFails, note: cardFailsNote, run }
  }
  const run = () => onAct({ action: 'card_works' })
  return { name: 'card-works', label: cardWorks, note: cardWorksNote, run, strong: true }
}

function leave({ words, onAct }: GuideProps, { leaving }: DemoMember): Choice {
  const { leave: go, leaveNote, stay, stayNote } = words.guide
  if (leaving) {
    const run = () => onAct({ action: 'stay' })
    return { name: 'stay', label: stay, note: stayNote, run }
  }
  const run = () => onAct({ action: 'leave' })
  return { name: 'leave', label: go, note: leaveNote, run }
}

/** A yearly plan has eleven months in which nothing happens, and any plan has its last five days. */
function noteOn({ guide }: Words, mood: Mood, reaches: boolean): string {
  return (reaches ? guide.nextMonthNotes : guide.someDaysNotes)[mood]
}

/** Only the next date counts. */
function isCalm(mood: Mood): boolean {
  return mood === 'usual' || mood === 'trial' || mood === 'leaving'
}

function owes(mood: Mood): boolean {
  return mood === 'late' || mood === 'lapsed'
}

/** What the next days bring depends on it. */
function moodOf({ state }: GuideProps, { status, leaving }: DemoMember): Mood {
  const { holder, discord, rows } = state
  const accounts = [`line:${holder}`, `discord:${discord?.me?.id}`]
  const mine = rows.members.find((row) => accounts.some((one) => row.accounts.includes(one)))
  if (status === 'past_due' || status === 'unpaid')
    return mine?.role === 'guest' ? 'lapsed' : 'late'
  if (status === 'paused') return 'paused'
  if (leaving) return 'leaving'
  return status === 'trialing' ? 'trial' : 'usual'
}
