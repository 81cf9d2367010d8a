import { formatMoney } from '../../../../shared/money.ts'
import { halfOf } from '../half.ts'
import type { DemoAction, DemoState, Target } from '../state.ts'
import { discordChoices } from './discord-choices.ts'
import { memberChoices } from './member-choices.ts'
import type { PageLanguage, Words } from './words.ts'

const SCENES = ['card', 'member', 'discord', 'konbini', 'friend', 'refund', 'trouble'] as const
export type Scene = (typeof SCENES)[number]

/** Without Discord one scene is nothing to play. */
export function scenesOf({ discord }: DemoState): Scene[] {
  return SCENES.filter((scene) => scene !== 'discord' || discord)
}

export type GuideProps = {
  state: DemoState
  words: Words
  language: PageLanguage
  onOpenShop: () => void
  onOpenPage: (path: string) => void
  onAct: (action: DemoAction) => Promise<void>
}

/** A button with the sentence that says what it does, or why it cannot do it yet. */
export type Choice = {
  name: string
  label: string
  note: string
  run: (() => void | Promise<void>) | null
  strong?: boolean
}

/** The buttons of one scene, as they stand now. */
export function choicesOf(scene: Scene, props: GuideProps): Choice[] {
  switch (scene) {
    case 'card':
      return [openShop(props)]
    case 'member':
      return memberChoices(props)
    case 'discord':
      return discordChoices(props)
    case 'konbini':
      return [openShop(props), settle(props), lapse(props)]
    case 'friend':
      return [openShop(props), befriend(props)]
    case 'refund':
      return [refund(props, true), refund(props, false)]
    case 'trouble':
      return [resend(props), switchLine(props), holdWebhooks(props)]
  }
}

function openShop({ words, onOpenShop }: GuideProps): Choice {
  const { openShop: label, openShopNote: note } = words.guide
  return { name: 'open', label, note, run: onOpenShop, strong: true }
}

function settle(props: GuideProps): Choice {
  const { settle: label, settleNote: note, noneWaiting: missing } = props.words.guide
  const says = { name: 'settle', label, note, missing }
  return about(props.state.waiting, props, says, { action: 'settle_konbini' })
}

function lapse(props: GuideProps): Choice {
  const { lapse: label, lapseNote: note, noneWaiting: missing } = props.words.guide
  const says = { name: 'lapse', label, note, missing }
  return about(props.state.waiting, props, says, { action: 'lapse_konbini' })
}

function refund(props: GuideProps, part: boolean): Choice {
  const w = props.words.guide
  const says = part
    ? { name: 'refund-part', label: w.refundPart, note: w.refundPartNote }
    : { name: 'refund-all', label: w.refundAll, note: w.refundAllNote }
  const target = halved(props.state.refundable, part)
  return about(target, props, { ...says, missing: w.noneRefundable }, { action: 'refund', part })
}

function befriend({ state, words, onAct }: GuideProps): Choice {
  const w = words.guide
  const holder = state.people.find(({ userId }) => userId === state.holder)
  if (holder?.friend) {
    const run = () => onAct({ action: 'unfollow' })
    return { name: 'unfollow', label: w.unfollow, note: w.unfollowNote, run }
  }
  const run = holder ? () => onAct({ action: 'follow' }) : null
  return { name: 'follow', label: w.follow, note: holder ? w.followNote : w.nobody, run }
}

function resend({ state, words, onAct }: GuideProps): Choice {
  const w = words.guide
  const run = state.newestEvent ? () => onAct({ action: 'resend_twice' }) : null
  return { name: 'resend', label: w.resend, note: run ? w.resendNote : w.noneResend, run }
}

function switchLine({ state, words, onAct }: GuideProps): Choice {
  const w = words.guide
  const run = () => onAct({ action: state.lineOff ? 'line_on' : 'line_off' })
  return state.lineOff
    ? { name: 'line-on', label: w.lineOn, note: w.lineOnNote, run, strong: true }
    : { name: 'line-off', label: w.lineOff, note: w.lineOffNote, run }
}

function holdWebhooks({ state, words, onAct }: GuideProps): Choice {
  const w = words.guide
  const run = () => onAct({ action: state.webhooksHeld ? 'release_shuffled' : 'hold_webhooks' })
  return state.webhooksHeld
    ? { name: 'release', label: w.release(state.heldCount), note: w.releaseNote, run, strong: true }
    : { name: 'hold', label: w.hold, note: w.holdNote, run }
}

/** A choice about an order: names the amount at stake, or says which order is missing. */
function about(
  target: Target,
  { language, onAct }: GuideProps,
  { missing, ...says }: { name: string; label: string; note: string; missing: string },
  action: DemoAction,
): Choice {
  if (!target) return { ...says, note: missing, run: null }
  const amount = formatMoney(target.amount, target.currency, language)
  return { ...says, label: `${says.label} (${amount})`, run: () => onAct(action) }
}

function halved(target: Target, part: boolean): Target {
  return target && part ? { ...target, amount: halfOf(target.amount) } : target
}
