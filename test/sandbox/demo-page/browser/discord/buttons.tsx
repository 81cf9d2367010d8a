import { type APIButtonComponent, ButtonStyle, ComponentType } from 'discord-api-types/v10'
import { useState } from 'preact/hooks'
import type { DiscordMessage } from '../../../types.ts'
import { Icon } from '../icons.tsx'
import type { Words } from '../words.ts'

type ButtonsProps = {
  message: DiscordMessage
  words: Words
  onLink: (url: string) => void
  /** Resolves with Noren's first answer */
  onPress: (label: string) => Promise<void>
}

const LOOKS: Partial<Record<ButtonStyle, string>> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'danger',
}

/** The rows of buttons below a message; while one is answered, none can be pressed. */
export function Buttons({ message, words, onLink, onPress }: ButtonsProps) {
  const [busy, setBusy] = useState('')
  async function press(label: string) {
    if (busy) return
    setBusy(label)
    await onPress(label)
    setBusy('')
  }
  const rows = message.components.flatMap((row) =>
    row.type === ComponentType.ActionRow ? [row.components] : [],
  )
  return rows.map((row, index) => (
    <div key={index} class="dc-buttons">
      {row.map((button, place) =>
        button.type === ComponentType.Button ? (
          <OneButton
            key={place}
            button={button}
            busy={busy}
            words={words}
            onLink={onLink}
            onPress={press}
          />
        ) : null,
      )}
    </div>
  ))
}

function OneButton(props: {
  button: APIButtonComponent
  busy: string
  words: Words
  onLink: (url: string) => void
  onPress: (label: string) => void
}) {
  const { button, busy, words } = props
  const label = labelOf(button)
  if (button.style === ButtonStyle.Link)
    return (
      <a
        class="dc-button"
        href={button.url}
        aria-label={`${label} (${words.discord.opensPage})`}
        onClick={(event) => {
          event.preventDefault()
          props.onLink(button.url)
        }}
      >
        {label} <Icon name="out" size={15} />
      </a>
    )
  return (
    <button
      type="button"
      class={`dc-button dc-button-${LOOKS[button.style] ?? 'quiet'}`}
      disabled={button.disabled}
      aria-disabled={busy !== ''}
      aria-busy={busy === label}
      onClick={() => props.onPress(label)}
    >
      {label}
    </button>
  )
}

function labelOf(button: APIButtonComponent): string {
  const { label = '', emoji } = button as { label?: string; emoji?: { name?: string | null } }
  return emoji?.name ? `${emoji.name} ${label}` : label
}
