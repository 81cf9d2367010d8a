import type { APIEmbed } from 'discord-api-types/v10'
import type { PageLanguage } from '../words.ts'
import { clock } from './clock.ts'
import { Markdown, MarkdownLine } from './markdown.tsx'

type EmbedProps = { embed: APIEmbed; language: PageLanguage; onLink: (url: string) => void }

/** A card with a bar in the shop's colour, as Discord lays out what the message's JSON says. */
export function Embed({ embed, ...reader }: EmbedProps) {
  const beside = Math.min(3, (embed.fields ?? []).filter(({ inline }) => inline).length)
  const { author, title, url, description, fields = [], thumbnail, image, footer } = embed
  return (
    <div class="dc-embed" style={{ borderInlineStartColor: barOf(embed.color) }}>
      {thumbnail && <img class="dc-thumbnail" src={thumbnail.url} alt="" />}
      {author && <p class="dc-embed-author">{author.name}</p>}
      {title && (
        <p class="dc-embed-title">
          {url ? (
            <a href={url} onClick={(event) => follow(event, () => reader.onLink(url))}>
              <MarkdownLine text={title} {...reader} />
            </a>
          ) : (
            <MarkdownLine text={title} {...reader} />
          )}
        </p>
      )}
      {description && <Markdown text={description} {...reader} />}
      {fields.length > 0 && (
        <dl class="dc-fields" style={{ '--beside': String(Math.max(1, beside)) }}>
          {fields.map(({ name, value, inline }, index) => (
            <div key={index} class={inline ? 'dc-field dc-field-inline' : 'dc-field'}>
              <dt>
                <MarkdownLine text={name} {...reader} />
              </dt>
              <dd>
                <Markdown text={value} {...reader} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {image && <img class="dc-image" src={image.url} alt="" />}
      {(footer || embed.timestamp) && (
        <p class="dc-embed-footer">
          {[footer?.text, embed.timestamp && clock(embed.timestamp)].filter(Boolean).join(' • ')}
        </p>
      )}
    </div>
  )
}

function follow(event: Event, work: () => void): void {
  event.preventDefault()
  work()
}

/** Without a colour Discord draws the bar in a grey of its own. */
function barOf(color: number | undefined): string | undefined {
  return color === undefined ? undefined : `#${color.toString(16).padStart(6, '0')}`
}
