import type { ComponentChildren } from 'preact'
import type { PageLanguage } from '../words.ts'
import { type Block, blocksOf, type Inline, inlineOf } from './parse-markdown.ts'

type Reader = { language: PageLanguage; onLink: (url: string) => void }

export function Markdown({ text, ...reader }: Reader & { text: string }) {
  return (
    <div class="dc-markdown" dir="auto">
      {blocksOf(text).map((block, index) => (
        <OneBlock key={index} block={block} {...reader} />
      ))}
    </div>
  )
}

/** For titles and names, which have no lines. */
export function MarkdownLine({ text, ...reader }: Reader & { text: string }) {
  return <Parts parts={inlineOf(text)} {...reader} />
}

function OneBlock({ block, ...reader }: Reader & { block: Block }) {
  if (block.kind === 'code')
    return (
      <pre class="dc-code">
        <code>{block.text}</code>
      </pre>
    )
  const inside = <Parts parts={block.parts} {...reader} />
  switch (block.kind) {
    case 'heading':
      return <p class={`dc-heading dc-heading-${block.level}`}>{inside}</p>
    case 'quote':
      return <blockquote>{inside}</blockquote>
    case 'item':
      return <p class="dc-item">{inside}</p>
    case 'small':
      return <p class="dc-small">{inside}</p>
    case 'lines':
      return <p>{inside}</p>
  }
}

function Parts({ parts, ...reader }: Reader & { parts: Inline[] }): ComponentChildren {
  return parts.map((part, index) => <Part key={index} part={part} {...reader} />)
}

const TAGS = { strong: 'strong', em: 'em', under: 'u', strike: 's', spoiler: 'span' } as const

function Part({ part, language, onLink }: Reader & { part: Inline }) {
  switch (part.kind) {
    case 'text':
      return <>{part.text}</>
    case 'code':
      return <code class="dc-inline-code">{part.text}</code>
    case 'time':
      return (
        <time class="dc-time" dateTime={new Date(part.at).toISOString()}>
          {timeOf(part.at, part.style, language)}
        </time>
      )
    case 'mention':
      return <span class="dc-mention">{part.text}</span>
    case 'link':
      return (
        <a
          href={part.to}
          onClick={(event) => {
            event.preventDefault()
            onLink(part.to)
          }}
        >
          <Parts parts={part.parts} language={language} onLink={onLink} />
        </a>
      )
    default: {
      const Tag = TAGS[part.kind]
      return (
        <Tag>
          <Parts parts={part.parts} language={language} onLink={onLink} />
        </Tag>
      )
    }
  }
}

const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
}

/** As the reader's own Discord writes it; "in 5 minutes" too is a date here, which a still page cannot get wrong. */
function timeOf(at: number, style: string, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    ...(STYLES[style] ?? STYLES['f']),
    timeZone: 'Asia/Tokyo',
  }).format(new Date(at))
}
