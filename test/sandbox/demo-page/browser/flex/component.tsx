import type { messagingApi } from '@line/bot-sdk'
import type { CSSProperties } from 'preact'
import { colour, textSize } from './measure.ts'
import { Picture } from './picture.tsx'
import { type Framed, frame, type Layout, type Placed, placeIn } from './place.ts'
import { type OnAction, tappable } from './tappable.ts'
import { Text } from './text.tsx'

type Style = CSSProperties

const JUSTIFY: Record<string, string> = {
  'flex-start': 'flex-start',
  center: 'center',
  'flex-end': 'flex-end',
  'space-between': 'space-between',
  'space-around': 'space-around',
  'space-evenly': 'space-evenly',
}
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
