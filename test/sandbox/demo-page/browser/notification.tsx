import { useEffect, useRef, useState } from 'preact/hooks'
import type { AcceptedPush } from '../../types.ts'
import { newestOf } from './chat.tsx'
import { NorenMark } from './icons.tsx'

/** Long enough to read two lines twice. */
const SHOWN_MS = 8_000

/**
 * The first words of a message that came while the shop covered the chat, as any phone shows them: at
 * the top, for a while. `who` is whose chat this is; changing it is no arrival.
 */
export function useNotification(pushes: AcceptedPush[], who: string, covered: boolean) {
  const [text, setText] = useState<string | null>(null)
  const newest = newestOf(pushes)
  const before = useRef({ who, newest })
  useEffect(() => {
    const arrived = before.current.who === who && before.current.newest !== newest
    before.current = { who, newest }
    const push = pushes.at(-1)
    if (arrived && covered && push?.delivered) setText(firstWords(push))
  }, [newest, who, covered])
  useEffect(() => {
    if (!text) return
    const timer = setTimeout(() => setText(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [text])
  return { text: covered ? text : null, dismiss: () => setText(null) }
}

function firstWords(push: AcceptedPush): string {
  const { altText, text } = (push.messages[0] ?? {}) as { altText?: string; text?: string }
  return altText ?? text ?? ''
}

export function Notification(props: { from: string; text: string; onTap: () => void }) {
  return (
    <button type="button" class="banner" onClick={props.onTap}>
      <span class="avatar">
        <NorenMark size={22} />
      </span>
      <span class="banner-text">
        <strong>{props.from}</strong>
        <span>{props.text}</span>
      </span>
    </button>
  )
}
