import type { messagingApi } from '@line/bot-sdk'
import type { AcceptedPush, Said } from '../../types.ts'
import { FlexMessage } from './flex/flex-message.tsx'
import type { OnAction } from './flex/tappable.ts'
import { NorenMark } from './icons.tsx'
import type { Words } from './words.ts'

type PushProps = { push: AcceptedPush; shopName: string; words: Words; onAction: OnAction }

/** What one push or reply brought: up to five messages under one face. */
export function PushBubbles({ push, shopName, words, onAction }: PushProps) {
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
            {index === push.messages.length - 1 && <time class="push-time">{clock(push.at)}</time>}
          </div>
        ))}
        {!push.delivered && <span class="push-note">{words.phone.dropped}</span>}
      </div>
    </div>
  )
}

/** The holder's own words, on the right. An official account has read them as soon as they are sent. */
export function SaidBubble({ said, words }: { said: Said; words: Words }) {
  return (
    <div class="said">
      <span class="said-facts">
        <span>{words.phone.read}</span>
        <time>{clock(said.at)}</time>
      </span>
      <p class="text-bubble said-bubble" dir="auto">
        {said.text}
      </p>
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
      {text === undefined ? words.phone.unknownMessage : withLinks(text, onAction)}
    </p>
  )
}

/** LINE makes every address in a text tappable. */
function withLinks(text: string, onAction: OnAction) {
  return text.split(/(https?:\/\/[\x21-\x7e]+)/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a
        key={index}
        href={part}
        onClick={(event) => {
          event.preventDefault()
          onAction({ type: 'uri', uri: part } as messagingApi.URIAction)
        }}
      >
        {part}
      </a>
    ),
  )
}

function clock(at: number): string {
  return new Intl.DateTimeFormat('ja-JP', { hour: 'numeric', minute: '2-digit' }).format(at)
}
