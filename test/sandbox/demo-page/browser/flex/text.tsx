import type { messagingApi } from '@line/bot-sdk'
import type { CSSProperties } from 'preact'
import { colour, textSize } from './measure.ts'
import { type OnAction, tappable } from './tappable.ts'

const ALIGN: Record<string, string> = { start: 'start', center: 'center', end: 'end' }

export function Text(props: {
  text: messagingApi.FlexText
  style: CSSProperties
  onAction: OnAction
}) {
  const { text, style, onAction } = props
  const inside: CSSProperties = {
    ...style,
    ...lettering(text),
    fontSize: textSize(text.size ?? 'md'),
    color: colour(text.color) ?? '#111111',
    textAlign: (ALIGN[text.align ?? 'start'] ?? 'start') as 'start',
    WebkitLineClamp: text.wrap && text.maxLines ? String(text.maxLines) : undefined,
  }
  const shape = text.wrap ? (text.maxLines ? 'flex-text-clamped' : 'flex-text-wrapped') : ''
  return (
    <div
      class={`flex-text ${shape}`}
      style={inside}
      dir="auto"
      {...tappable(text.action, onAction)}
    >
      {text.contents?.length
        ? text.contents.map((span, index) => (
            <span
              key={index}
              style={{
                ...lettering(span),
                fontSize: textSize(span.size),
                color: colour(span.color),
              }}
            >
              {span.text}
            </span>
          ))
        : text.text}
    </div>
  )
}

function lettering(text: { weight?: string; style?: string; decoration?: string }): CSSProperties {
  return {
    fontWeight: text.weight === 'bold' ? '700' : text.weight === 'regular' ? '400' : undefined,
    fontCSSProperties: text.style === 'italic' ? 'italic' : undefined,
    textDecoration:
      text.decoration === 'underline' || text.decoration === 'line-through'
        ? text.decoration
        : undefined,
  }
}
