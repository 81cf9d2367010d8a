import { useState } from 'preact/hooks'
import type { DiscordMessage } from '../../../types.ts'
import { Icon, NorenMark } from '../icons.tsx'
import type { PageLanguage, Words } from '../words.ts'
import { Buttons } from './buttons.tsx'
import { clock } from './clock.ts'
import { Embed } from './embed.tsx'
import { Markdown } from './markdown.tsx'

export type Reading = {
  words: Words
  language: PageLanguage
  /** Under what name the shop's bot writes */
  bot: string
  /** Whose window it is */
  reader: string
  onLink: (url: string) => void
  onPress: (message: string, label: string) => Promise<void>
}

/** What the bot wrote, rendered from the JSON that Discord holds. */
export function BotMessage({ message, ...reading }: Reading & { message: DiscordMessage }) {
  const { words, language, bot, reader, onLink, onPress } = reading
  const w = words.discord
  const [dismissed, setDismissed] = useState(false)
  if (dismissed) return null
  const forOne = message.onlyFor !== null
  return (
    <article class={forOne ? 'dc-message dc-for-one' : 'dc-message'}>
      {message.answers && (
        <p class="dc-answers">
          <Icon name="reply" size={14} /> {w.answers(reader, message.answers)}
        </p>
      )}
      <span class="dc-face dc-face-bot">
        <NorenMark size={24} />
      </span>
      <div class="dc-body">
        <Sender name={bot} badge={w.app} at={message.at} />
        {message.thinking ? (
          <p class="dc-thinking">{w.thinking(bot)}</p>
        ) : (
          <>
            {message.content && (
              <Markdown text={message.content} language={language} onLink={onLink} />
            )}
            {message.embeds.map((embed, index) => (
              <Embed key={index} embed={embed} language={language} onLink={onLink} />
            ))}
            <Buttons
              message={message}
              words={words}
              onLink={onLink}
              onPress={(label) => onPress(message.id, label)}
            />
          </>
        )}
        {forOne && (
          <p class="dc-only-you">
            <Icon name="eye" size={14} /> {w.onlyYou}
            <button type="button" onClick={() => setDismissed(true)}>
              {w.dismiss}
            </button>
          </p>
        )}
      </div>
    </article>
  )
}

/** What somebody of the tea house wrote, long before: it is there so that the room is not empty. */
export function Post(props: { by: string; text: string; language: PageLanguage; index: number }) {
  return (
    <article class="dc-message">
      <span class={`dc-face dc-face-${props.index % 2}`} aria-hidden="true">
        {[...props.by][0]}
      </span>
      <div class="dc-body">
        <Sender name={props.by} />
        <Markdown text={props.text} language={props.language} onLink={() => {}} />
      </div>
    </article>
  )
}

function Sender({ name, badge, at }: { name: string; badge?: string; at?: string }) {
  return (
    <p class="dc-sender">
      <strong>{name}</strong>
      {badge && <span class="dc-badge">{badge}</span>}
      {at && <time dateTime={at}>{clock(at)}</time>}
    </p>
  )
}
