import { useState } from 'preact/hooks'
import { formatMoney } from '../../../../shared/money.ts'
import type { DemoAction, DemoState, Target } from '../state.ts'
import type { PageLanguage, Words } from './words.ts'

const SCENES = ['card', 'konbini', 'friend', 'refund', 'trouble'] as const
type Scene = (typeof SCENES)[number]

type GuideProps = {
  state: DemoState
  words: Words
  language: PageLanguage
  onOpenShop: () => void
  onAct: (action: DemoAction) => Promise<void>
}

/** A button with the sentence that says what it does, or why it cannot do it yet. */
type Choice = {
  name: string
  label: string
  note: string
  run: (() => void | Promise<void>) | null
  strong?: boolean
}

/** The guided strip: five scenes, each with what to watch for and the buttons that play it. */
export function Guide(props: GuideProps) {
  const [scene, setScene] = useState<Scene>('card')
  const { words } = props
  const here = words.guide.scenes[scene]
  return (
    <section class="guide card" aria-label={words.guide.region}>
      <div class="scenes" role="tablist" aria-label={words.guide.region} onKeyDown={moveWithArrows}>
        {SCENES.map((name, index) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            key={name}
            aria-selected={name === scene}
            aria-controls="scene"
            tabIndex={name === scene ? 0 : -1}
            onClick={() => setScene(name)}
            onFocus={() => setScene(name)}
          >
            <span class="scene-number">{index + 1}</span>
            {words.guide.scenes[name].name}
            {name === 'trouble' && <Reminders state={props.state} words={words} />}
          </button>
        ))}
      </div>
      <div class="scene" role="tabpanel" id="scene" aria-labelledby={`tab-${scene}`}>
        <p class="watch">
          <strong>{words.guide.watch}</strong> {here.watch}
        </p>
        <div class="choices">
          {choicesOf(scene, props).map((choice) => (
            <ChoiceButton key={choice.name} choice={choice} />
          ))}
        </div>
      </div>
    </section>
  )
}

/** A switch that was left on would make everything else look broken, so its tab keeps saying so. */
function Reminders({ state, words }: Pick<GuideProps, 'state' | 'words'>) {
  return (
    <>
      {state.lineOff && <span class="reminder">{words.guide.lineIsOff}</span>}
      {state.webhooksHeld && <span class="reminder">{words.guide.held(state.heldCount)}</span>}
    </>
  )
}

function ChoiceButton({ choice }: { choice: Choice }) {
  const [busy, setBusy] = useState(false)
  async function press() {
    if (busy || !choice.run) return
    setBusy(true)
    await choice.run()
    setBusy(false)
  }
  return (
    <button
      type="button"
      class={`choice ${choice.strong ? 'choice-strong' : ''}`}
      data-choice={choice.name}
      disabled={!choice.run}
      aria-busy={busy}
      onClick={press}
    >
      <span class="choice-label">{choice.label}</span>
      <span class="choice-note">{choice.note}</span>
    </button>
  )
}

function choicesOf(scene: Scene, props: GuideProps): Choice[] {
  const { state, onAct, onOpenShop } = props
  const w = props.words.guide
  const does = (action: DemoAction) => () => onAct(action)
  const open: Choice = {
    name: 'open',
    label: w.openShop,
    note: w.openShopNote,
    run: onOpenShop,
    strong: true,
  }
  const holder = state.people.find(({ userId }) => userId === state.holder)
  switch (scene) {
    case 'card':
      return [open]
    case 'konbini':
      return [
        open,
        about(state.waiting, props, 'settle', w.settle, w.settleNote, w.noneWaiting, {
          action: 'settle_konbini',
        }),
        about(state.waiting, props, 'lapse', w.lapse, w.lapseNote, w.noneWaiting, {
          action: 'lapse_konbini',
        }),
      ]
    case 'friend':
      return [
        open,
        holder?.friend
          ? {
              name: 'unfollow',
              label: w.unfollow,
              note: w.unfollowNote,
              run: does({ action: 'unfollow' }),
            }
          : {
              name: 'follow',
              label: w.follow,
              note: holder ? w.followNote : w.nobody,
              run: holder ? does({ action: 'follow' }) : null,
            },
      ]
    case 'refund':
      return [
        about(
          state.refundable,
          props,
          'refund-part',
          w.refundPart,
          w.refundPartNote,
          w.noneRefundable,
          { action: 'refund', part: true },
        ),
        about(
          state.refundable,
          props,
          'refund-all',
          w.refundAll,
          w.refundAllNote,
          w.noneRefundable,
          { action: 'refund', part: false },
        ),
      ]
    case 'trouble':
      return troubles(props)
  }
}

function troubles({ state, words, onAct }: GuideProps): Choice[] {
  const w = words.guide
  const does = (action: DemoAction) => () => onAct(action)
  return [
    {
      name: 'resend',
      label: w.resend,
      note: state.newestEvent ? w.resendNote : w.noneResend,
      run: state.newestEvent ? does({ action: 'resend_twice' }) : null,
    },
    state.lineOff
      ? {
          name: 'line-on',
          label: w.lineOn,
          note: w.lineOnNote,
          run: does({ action: 'line_on' }),
          strong: true,
        }
      : {
          name: 'line-off',
          label: w.lineOff,
          note: w.lineOffNote,
          run: does({ action: 'line_off' }),
        },
    state.webhooksHeld
      ? {
          name: 'release',
          label: w.release(state.heldCount),
          note: w.releaseNote,
          run: does({ action: 'release_shuffled' }),
          strong: true,
        }
      : { name: 'hold', label: w.hold, note: w.holdNote, run: does({ action: 'hold_webhooks' }) },
  ]
}

/** A choice about an order: names the amount at stake, or says which order is missing. */
function about(
  target: Target,
  { language, onAct }: GuideProps,
  name: string,
  label: string,
  note: string,
  missing: string,
  action: DemoAction,
): Choice {
  if (!target) return { name, label, note: missing, run: null }
  const amount = formatMoney(target.amount, target.currency, language)
  return { name, label: `${label} (${amount})`, note, run: () => onAct(action) }
}

/** Tabs are one stop for the Tab key; the arrows move between them. */
function moveWithArrows(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')]
  const at = tabs.indexOf(document.activeElement as HTMLElement)
  tabs[(at + step + tabs.length) % tabs.length]?.focus()
  event.preventDefault()
}
