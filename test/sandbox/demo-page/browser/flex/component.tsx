import type { messagingApi } from '@line/bot-sdk'
import type { CSSProperties } from 'preact'
import { colour, pictureSize, textSize } from './measure.ts'
import { type Framed, frame, type Layout, type Placed, placeIn } from './place.ts'

export type Action = messagingApi.Action
export type OnAction = (action: Action) => void
type Style = CSSProperties

const JUSTIFY: Record<string, string> = {
  'flex-start': 'flex-start',
  center: 'center',
  'flex-end': 'flex-end',
  'space-between': 'space-between',
  'space-around': 'space-around',
  'space-evenly': 'space-evenly',
}
const ALIGN: Record<string, string> = { start: 'start', center: 'center', end: 'end' }
const CROSS: Record<string, string> = {
  'flex-start': 'flex-start',
  center: 'center',
  'flex-end': 'flex-end',
}

export function Box(props: { box: messagingApi.FlexBox; style?: Style; onAction: OnAction }) {
  const { box, style, onAction } = props
  const layout = box.layout as Layout
  const inside: Style = {
    ...style,
    ...frame(box as Framed),
    justifyContent: JUSTIFY[box.justifyContent ?? ''],
    alignItems: layout === 'baseline' ? undefined : CROSS[box.alignItems ?? ''],
  }
  return (
    <div class={`flex-box flex-${layout}`} style={inside} {...tappable(box.action, onAction)}>
      {box.contents.map((component, index) => (
        <Component
          // A message never changes, so its components' places are their names.
          key={index}
          component={component}
          layout={layout}
          style={placeIn(layout, component as Placed, box.spacing, index === 0)}
          onAction={onAction}
        />
      ))}
    </div>
  )
}

type ComponentProps = {
  component: messagingApi.FlexComponent
  layout: Layout
  style: Style
  onAction: OnAction
}

function Component({ component, layout, style, onAction }: ComponentProps) {
  switch (component.type) {
    case 'box':
      return <Box box={component} style={style} onAction={onAction} />
    case 'text':
      return <Text text={component} style={style} onAction={onAction} />
    case 'button':
      return <Button button={component} style={style} onAction={onAction} />
    case 'image':
      return <Picture image={component} style={style} onAction={onAction} />
    case 'icon':
      return (
        <img
          class="flex-icon"
          src={component.url}
          alt=""
          style={{ height: textSize(component.size ?? 'md') }}
        />
      )
    case 'separator':
      return <Separator layout={layout} style={style} color={component.color} />
    case 'filler':
      return <span style={{ flex: String(component.flex ?? 1) }} />
    default:
      return null
  }
}

function Text(props: { text: messagingApi.FlexText; style: Style; onAction: OnAction }) {
  const { text, style, onAction } = props
  const inside: Style = {
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

function lettering(text: { weight?: string; style?: string; decoration?: string }): Style {
  return {
    fontWeight: text.weight === 'bold' ? '700' : text.weight === 'regular' ? '400' : undefined,
    fontStyle: text.style === 'italic' ? 'italic' : undefined,
    textDecoration:
      text.decoration === 'underline' || text.decoration === 'line-through'
        ? text.decoration
        : undefined,
  }
}

function Button(props: { button: messagingApi.FlexButton; style: Style; onAction: OnAction }) {
  const { button, style, onAction } = props
  const kind = button.style ?? 'link'
  const chosen = colour(button.color)
  const inside: Style = {
    ...style,
    ...(kind === 'link' ? { color: chosen ?? '#42659a' } : { backgroundColor: chosen }),
  }
  return (
    <button
      type="button"
      class={`flex-button flex-button-${kind} flex-button-${button.height ?? 'md'}`}
      style={inside}
      onClick={() => onAction(button.action)}
    >
      {button.action.label}
    </button>
  )
}

export function Picture(props: {
  image: messagingApi.FlexImage
  style?: Style
  onAction: OnAction
}) {
  const { image, style, onAction } = props
  const inside: Style = {
    ...style,
    width: pictureSize(image.size ?? 'md'),
    aspectRatio: (image.aspectRatio ?? '1:1').replace(':', ' / '),
    objectFit: image.aspectMode === 'cover' ? 'cover' : 'contain',
    backgroundColor: colour(image.backgroundColor),
  }
  return (
    <img
      class="flex-image"
      src={image.url}
      alt=""
      style={inside}
      {...tappable(image.action, onAction)}
    />
  )
}

export function Separator(props: { layout: Layout; style?: Style; color?: string | undefined }) {
  const thickness = props.layout === 'vertical' ? 'height' : 'width'
  const style: Style = {
    ...props.style,
    flex: '0 0 auto',
    [thickness]: '1px',
    backgroundColor: colour(props.color) ?? '#d4d6da',
  }
  return <div class="flex-separator" style={style} />
}

/** Boxes, texts and pictures may carry an action too: then they are links, for fingers and keyboards. */
function tappable(action: Action | undefined, onAction: OnAction) {
  if (!action) return {}
  return {
    role: 'link' as const,
    tabIndex: 0,
    'aria-label': action.label,
    onClick: () => onAction(action),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') onAction(action)
    },
  }
}
