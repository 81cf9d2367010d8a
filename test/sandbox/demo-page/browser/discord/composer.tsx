import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import type { Words } from '../words.ts'
import { type Command, commandsLike, inTheirWords, optionOf } from './find-command.ts'

type ComposerProps = {
  commands: Command[]
  /** As Discord writes it: ja, en-US … */
  locale: string
  words: Words
  onType: (command: string, code: string) => Promise<void>
}

/** The line to write in. With a "/" it offers the commands that are registered, in the reader's own language. */
export function Composer({ commands, locale, words, onType }: ComposerProps) {
  const line = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState('')
  const [chosen, setChosen] = useState<Command | null>(null)
  const [at, setAt] = useState(0)
  const [folded, setFolded] = useState(false)
  const w = words.discord
  const offered = chosen ? [] : commandsLike(draft, commands, locale)
  const open = draft.startsWith('/') && !chosen && !folded
  const option = chosen && optionOf(chosen, locale)

  useEffect(() => setAt(0), [draft])

  function choose(command: Command) {
    setDraft('')
    setChosen(command)
    line.current?.focus()
  }
  function reset() {
    setDraft('')
    setChosen(null)
  }
  async function send(event?: Event) {
    event?.preventDefault()
    const pointed = offered[at]
    if (!chosen) {
      if (pointed) choose(pointed)
      return
    }
    reset()
    await onType(chosen.name, draft.trim())
  }
  function key(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (open && step) setAt((now) => (now + step + offered.length) % Math.max(1, offered.length))
    else if (open && event.key === 'Tab' && !event.shiftKey && offered[at]) choose(offered[at])
    else if (event.key === 'Escape' && (open || chosen)) {
      setFolded(true)
      if (chosen) reset()
    } else if (event.key === 'Backspace' && chosen && !draft) reset()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <form class="dc-composer" onSubmit={send}>
      {open && <Picker offered={offered} at={at} locale={locale} words={words} onChoose={choose} />}
      {chosen && <span class="dc-chosen">/{inTheirWords(chosen, locale).name}</span>}
      {chosen && option && <span class="dc-option">{option}</span>}
      <input
        ref={line}
        type="text"
        role="combobox"
        aria-expanded={open}
        aria-controls="dc-picker"
        aria-autocomplete="list"
        aria-activedescendant={open && offered[at] ? `dc-command-${offered[at].name}` : undefined}
        value={draft}
        maxLength={100}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder()}
        aria-label={placeholder()}
        onInput={(event) => {
          setFolded(false)
          setDraft(event.currentTarget.value)
        }}
        onKeyDown={key}
      />
      <button type="submit" class="dc-icon-button" disabled={!chosen && offered.length === 0}>
        <Icon name="send" size={20} />
        <span class="unseen">{w.send}</span>
      </button>
    </form>
  )

  function placeholder(): string {
    if (!chosen) return w.write(w.channels.parlour)
    return option ? w.option(option) : ''
  }
}

function Picker(props: {
  offered: Command[]
  at: number
  locale: string
  words: Words
  onChoose: (command: Command) => void
}) {
  const { offered, at, locale, words, onChoose } = props
  return (
    <div class="dc-picker">
      <p>{offered.length > 0 ? words.discord.commands : words.discord.noCommands}</p>
      <div role="listbox" id="dc-picker" aria-label={words.discord.commands}>
        {offered.map((command, index) => {
          const { name, does } = inTheirWords(command, locale)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the line above has the focus and the keys
            // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points to it
            <div
              key={command.name}
              id={`dc-command-${command.name}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(command)}
            >
              <strong>/{name}</strong>
              <span>{does}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
