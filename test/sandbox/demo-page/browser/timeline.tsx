import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { NumberedHappening } from '../state.ts'
import { captionOf, isTechnical } from './captions.ts'
import { Icon } from './icons.tsx'
import { LANES, Lanes } from './lanes.tsx'
import { Scrollable } from './scrollable.tsx'
import type { PageLanguage, Words } from './words.ts'

type TimelineProps = {
  happenings: NumberedHappening[]
  words: Words
  language: PageLanguage
  onClear: () => void
}

/** Who told whom what, as it happens; it keeps to the newest row unless somebody scrolled up to read. */
export function Timeline({ happenings, words, language, onClear }: TimelineProps) {
  const list = useRef<HTMLElement>(null)
  const [following, setFollowing] = useState(true)
  const newest = happenings.at(-1)?.id
  useLayoutEffect(() => {
    if (following) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [newest, following])

  function scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = list.current!
    setFollowing(scrollHeight - scrollTop - clientHeight < 40)
  }

  return (
    <section class="timeline card" aria-labelledby="timeline-heading">
      <header class="card-header">
        <h2 id="timeline-heading">{words.timeline.heading}</h2>
        <button type="button" class="quiet-button" onClick={onClear} disabled={!happenings.length}>
          {words.timeline.clear}
        </button>
      </header>
      <div class="lane-names" aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane} class={`lane-name actor-${lane}`}>
            {words.actors[lane]}
          </span>
        ))}
      </div>
      <Scrollable
        class="happenings"
        role="log"
        label={words.timeline.heading}
        area={list}
        onScroll={scrolled}
      >
        {happenings.length === 0 && (
          <div class="nothing-yet">
            <p>{words.timeline.empty}</p>
            <p>{words.timeline.emptyHint}</p>
          </div>
        )}
        {happenings.map((happening) => (
          <Row key={happening.id} happening={happening} words={words} language={language} />
        ))}
      </Scrollable>
      {!following && (
        <button type="button" class="to-newest" onClick={() => setFollowing(true)}>
          <Icon name="down" size={16} /> {words.timeline.toNewest}
        </button>
      )}
    </section>
  )
}

type RowProps = { happening: NumberedHappening; words: Words; language: PageLanguage }

function Row({ happening, words, language }: RowProps) {
  const caption = captionOf(happening, language)
  const who = words.timeline.to(words.actors[happening.from], words.actors[happening.to])
  const summary = (
    <>
      <Lanes from={happening.from} to={happening.to} label={who} failed={isFailure(happening)} />
      <span class="happening-text">
        {/* Where there is no room for lanes, the same in words; the picture's label has said it already. */}
        <span class="route" aria-hidden="true">
          <span class={`lane-name actor-${happening.from}`}>{words.actors[happening.from]}</span> →{' '}
          <span class={`lane-name actor-${happening.to}`}>{words.actors[happening.to]}</span>
        </span>
        <strong>{caption ?? happening.title}</strong>
        {caption && isTechnical(happening.title) && <code>{happening.title}</code>}
      </span>
      <span class="happening-facts">
        {happening.status !== undefined && (
          <span class={`status status-${Math.floor(happening.status / 100)}`}>
            {happening.status || words.timeline.noAnswer}
          </span>
        )}
        <span class="milliseconds">
          {happening.milliseconds === undefined ? '' : `${Math.round(happening.milliseconds)} ms`}
        </span>
      </span>
    </>
  )
  if (happening.detail === undefined)
    return <div class={`happening happening-row actor-${happening.from}`}>{summary}</div>
  return (
    <details class={`happening actor-${happening.from}`}>
      <summary class="happening-row">{summary}</summary>
      <Scrollable class="detail" role="group" label={words.timeline.detail}>
        {JSON.stringify(happening.detail, null, 2)}
      </Scrollable>
    </details>
  )
}

/** No answer, or one that has to be tried again; a 404 or 409 is an answer like any other. */
function isFailure({ status }: NumberedHappening): boolean {
  return status !== undefined && (status === 0 || status === 429 || status >= 500)
}
