import type { messagingApi } from '@line/bot-sdk'

export type Action = messagingApi.Action
export type OnAction = (action: Action) => void

/** Boxes, texts and pictures may carry an action too: then they are links, for fingers and keyboards. */
export function tappable(action: Action | undefined, onAction: OnAction) {
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
