import type { messagingApi } from '@line/bot-sdk'
import { Box, Separator } from './component.tsx'
import { bubbleWidth, colour } from './measure.ts'
import { Picture } from './picture.tsx'
import type { OnAction } from './tappable.ts'

type Block = 'header' | 'hero' | 'body' | 'footer'
const BLOCKS: Block[] = ['header', 'hero', 'body', 'footer']

/** A Flex message as LINE shows it: one bubble, or a row of them to swipe through. */
export function FlexMessage(props: { message: messagingApi.FlexMessage; onAction: OnAction }) {
  const { contents, altText } = props.message
  const bubbles =
    contents.type === 'carousel'
      ? (contents as messagingApi.FlexCarousel).contents
      : [contents as messagingApi.FlexBubble]
  return (
    <article class="flex-message" aria-label={altText}>
      {bubbles.map((bubble, index) => (
        <Bubble key={index} bubble={bubble} onAction={props.onAction} />
      ))}
    </article>
  )
}

function Bubble({ bubble, onAction }: { bubble: messagingApi.FlexBubble; onAction: OnAction }) {
  return (
    <div
      class="flex-bubble"
      dir={bubble.direction ?? 'ltr'}
      style={{ width: bubbleWidth(bubble.size) }}
    >
      {BLOCKS.map((block) => {
        const content = bubble[block]
        if (!content) return null
        const style = bubble.styles?.[block]
        return (
          <div
            key={block}
            class={`flex-block flex-block-${block}`}
            style={{ backgroundColor: colour(style?.backgroundColor) }}
          >
            {style?.separator && <Separator layout="vertical" color={style.separatorColor} />}
            {content.type === 'image' ? (
              <Picture image={content as messagingApi.FlexImage} onAction={onAction} />
            ) : (
              <Box box={content as messagingApi.FlexBox} onAction={onAction} />
            )}
          </div>
        )
      })}
    </div>
  )
}
