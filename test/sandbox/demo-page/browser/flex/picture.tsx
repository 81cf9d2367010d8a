import type { messagingApi } from '@line/bot-sdk'
import type { CSSProperties } from 'preact'
import { colour, pictureSize } from './measure.ts'
import { type OnAction, tappable } from './tappable.ts'

export function Picture(props: {
  image: messagingApi.FlexImage
  style?: CSSProperties
  onAction: OnAction
}) {
  const { image, style, onAction } = props
  const inside: CSSProperties = {
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
