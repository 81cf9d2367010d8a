import type { Words } from './words.ts'

export type View = 'line' | 'discord'

type WindowsProps = { view: View; words: Words; onView: (view: View) => void }

/** On a wide page Discord stands beside the phone and a narrow one shows one of them: the same two buttons. */
export function Windows({ view, words, onView }: WindowsProps) {
  const w = words.discord
  return (
    <fieldset class="windows">
      <legend class="unseen">{w.switch}</legend>
      {(['line', 'discord'] as const).map((each) => (
        <button type="button" key={each} aria-pressed={view === each} onClick={() => onView(each)}>
          <span class={`window-mark window-mark-${each}`} aria-hidden="true" />
          {each === 'line' ? w.phone : w.server}
        </button>
      ))}
    </fieldset>
  )
}
