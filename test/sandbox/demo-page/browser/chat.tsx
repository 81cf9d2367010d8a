import type { messagingApi } from '@line/bot-sdk'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { AcceptedPush } from '../../types.ts'
import { FlexMessage } from './flex/flex-message.tsx'
import type { OnAction } from './flex/tappable.ts'
import { NorenMark } from './icons.tsx'
import { Scrollable } from './scrollable.tsx'
import type { Words } from './words.ts'

/** Between the newest message and the upper edge. */
const AIR_PX = 8

type ChatProps = {
  pushes: AcceptedPush[]
  shopName: string
  words: Words
  empty: string[]
  onAction: OnAction
}

/** The talk between the shop and whoever holds the phone; the newest message is always in sight, from its beginning. */
export function Chat({ pushes, shopName, words, empty, onAction }: ChatProps) {
  const talk = useRef<HTMLElement>(null)
  const seen = useRef('')
  const newest = newestOf(pushes)
  useLayoutEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    const arrived = seen.current !== ''
    seen.current = newest
    showNewest(talk.current, arrived && !calm ? 'smooth' : 'instant')
  }, [newest])
  useNewestInSight(talk)

  return (
    <Scrollable class="talk" role="log" label={shopName} area={talk}>
      {pushes.length === 0 ? (
        <div class="talk-empty">
          <p>{empty[0]}</p>
          {empty[1] && <p class="talk-hint">{empty[1]}</p>}
        </div>
      ) : (
        <p class="talk-day">{words.phone.today}</p>
      )}
      {pushes.map((push, index) => (
        <Push
          key={push.retryKey ?? `${push.at}-${index}`}
          push={push}
          shopName={shopName}
          words={words}
          onAction={onAction}
        />
      ))}
    </Scrollable>
  )
}

/** What tells the newest message from the one before; counting fails, since old ones leave the phone. */
export function newestOf(pushes: AcceptedPush[]): string {
  const newest = pushes.at(-1)
  return newest ? `${newest.at} ${newest.retryKey}` : ''
}

/** A message taller than the screen is read from its top: a receipt's thanks come before its buttons. */
function showNewest(talk: HTMLElement | null, behavior: ScrollBehavior): void {
  const newest = [...(talk?.querySelectorAll<HTMLElement>('.push') ?? [])].at(-1)
  if (!talk || !newest) return
  const start = newest.offsetTop - talk.offsetTop - AIR_PX
  talk.scrollTo({ top: Math.min(start, talk.scrollHeight - talk.clientHeight), behavior })
}

/** Fonts, pictures and a phone that grows would leave the newest message half out of sight. */
function useNewestInSight(talk: { current: HTMLElement | null }) {
  useEffect(() => {
    const box = talk.current
    if (!box) return
    const observer = new ResizeObserver(() => showNewest(box, 'instant'))
    observer.observe(box)
    return () => observer.disconnect()
  }, [talk])
}

function Push(props: { push: AcceptedPush; shopName: string; words: Words; onAction: OnAction }) {
  const { push, shopName, words, onAction } = props
  const time = new Intl.DateTimeFormat('ja-JP', { hour: 'numeric', minute: '2-digit' }).format(
    push.at,
  )
  return (
    <div class={`push ${push.delivered ? '' : 'push-dropped'}`}>
      <span class="avatar">
        <NorenMark size={24} />
      </span>
      <div class="push-body">
        <span class="push-sender">{shopName}</span>
        {push.messages.map((message, index) => (
          <div class="bubble-row" key={index}>
            <Message message={message as messagingApi.Message} words={words} onAction={onAction} />
            {index === push.messages.length - 1 && <time class="push-time">{time}</time>}
          </div>
        ))}
        {!push.delivered && <span class="push-note">{words.phone.dropped}</span>}
      </div>
    </div>
  )
}

function Message(props: { message: messagingApi.Message; words: Words; onAction: OnAction }) {
  const { message, words, onAction } = props
  if (message.type === 'flex')
    return <FlexMessage message={message as messagingApi.FlexMessage} onAction={onAction} />
  const text = message.type === 'text' ? (message as messagingApi.TextMessage).text : undefined
  return (
    <p class="text-bubble" dir="auto">
      {text ?? words.phone.unknownMessage}
    </p>
  )
}
