import { useState } from 'preact/hooks'
import { type Choice, choicesOf, type GuideProps, type Scene, scenesOf } from './choices.ts'

/** The guided strip: the scenes, each with what to watch for and the buttons that play it. */
export function Guide(props: GuideProps & { onScene: (scene: Scene) => void }) {
  const [scene, setScene] = useState<Scene>('card')
  const { words } = props
  const here = sceneWords(words, scene)
  const play = (name: Scene) => {
    if (name === scene) return
    setScene(name)
    props.onScene(name)
  }
  const ahead = scene === 'member' ? props.state.member : null
  return (
    <section class="guide card" aria-label={words.guide.region}>
      <div class="scenes" role="tablist" aria-label={words.guide.region} onKeyDown={moveWithArrows}>
        {scenesOf(props.state).map((name, index) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            key={name}
            aria-selected={name === scene}
            aria-controls="scene"
            tabIndex={name === scene ? 0 : -1}
            onClick={() => play(name)}
            onFocus={() => play(name)}
          >
            <span class="scene-number">{index + 1}</span>
            {sceneWords(words, name).name}
            {name === 'trouble' && <Reminders state={props.state} words={words} />}
          </button>
        ))}
      </div>
      <div class="scene" role="tabpanel" id="scene" aria-labelledby={`tab-${scene}`}>
        <p class="watch">
          <strong>{words.guide.watch}</strong> {ahead ? words.guide.ahead : here.watch}
        </p>
        {ahead && <StripeClock {...props} at={ahead.time} />}
        <div class="choices">
          {choicesOf(scene, props).map((choice) => (
            <ChoiceButton key={choice.name} choice={choice} />
          ))}
        </div>
      </div>
    </section>
  )
}

function sceneWords({ guide, discord }: GuideProps['words'], scene: Scene) {
  return scene === 'discord' ? discord.scene : guide.scenes[scene]
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

/** Their time, which may stand months away from everybody else's. */
function StripeClock({ words, language, at }: GuideProps & { at: string }) {
  const date = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Asia/Tokyo',
  }).format(new Date(at))
  return (
    <p class="stripe-clock" role="status">
      <time dateTime={at} key={date}>
        {words.guide.clock(date)}
      </time>
    </p>
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

/** Tabs are one stop for the Tab key; the arrows move between them. */
function moveWithArrows(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')]
  const at = tabs.indexOf(document.activeElement as HTMLElement)
  tabs[(at + step + tabs.length) % tabs.length]?.focus()
  event.preventDefault()
}
