import type { Action, OnAction } from './flex/tappable.ts'
import type { Words } from './words.ts'

type QuickRepliesProps = { actions: Action[]; words: Words; onAction: OnAction }

/** Answers that the shop suggests, in a row above the foot of the chat. */
export function QuickReplies({ actions, words, onAction }: QuickRepliesProps) {
  if (actions.length === 0) return null
  return (
    <ul class="quick-replies" aria-label={words.phone.quickReplies}>
      {actions.map((action, index) => (
        <li key={index}>
          <button type="button" onClick={() => onAction(action)}>
            {action.label}
          </button>
        </li>
      ))}
    </ul>
  )
}
