import { useEffect, useRef, useState } from 'preact/hooks'
import { localized, nearestLanguage } from '../../../../shared/language.ts'
import type { AcceptedPush, LineUser } from '../../types.ts'
import type { DemoState } from '../state.ts'
import { Chat, newestOf } from './chat.tsx'
import type { Action } from './flex/component.tsx'
import { type Tap, whatTapDoes } from './follow-link.ts'
import { Icon, NorenMark, StatusIcons } from './icons.tsx'
import { RichMenu } from './rich-menu.tsx'
import { Sheet } from './sheet.tsx'
import type { Words } from './words.ts'

type PhoneProps = {
  state: DemoState
  words: Words
  /** What is open in the sheet, if anything. */
  open: string | null
  /** true while the staff group's chat is looked into instead of the holder's. */
  asStaff: boolean
  onOpen: (url: string | null) => void
  onFollow: () => void
}

/** The phone: the chat with the shop, and the shop opened in it. */
export function Phone({ state, words, open, asStaff, onOpen, onFollow }: PhoneProps) {
  const holder = state.people.find(({ userId }) => userId === state.holder)
  const language = nearestLanguage(holder?.language) === 'ja' ? 'ja' : 'en'
  const shop = {
    url: state.shop.url,
    liffId: state.liffId,
    name: localized(state.shop.name, language),
  }
  const pushes = asStaff ? state.staffChat : state.chat
  const who = asStaff ? 'staff' : (state.holder ?? '')
  const [banner, dismiss] = useBanner(pushes, who, open !== null)

  function follow(tap: Tap | null) {
    if (tap?.kind === 'open') onOpen(tap.url)
    if (tap?.kind === 'add_friend') onFollow()
    if (tap?.kind === 'outside') window.open(tap.url, '_blank', 'noopener')
  }
  const onAction = (action: Action) =>
    follow('uri' in action && action.uri ? whatTapDoes(action.uri, shop) : null)

  return (
    <section class="phone" aria-label={words.phone.region}>
      <div class="screen">
        <StatusBar />
        <ChatHeader
          name={asStaff ? (state.staff?.name ?? '') : shop.name}
          back={words.phone.back}
        />
        {!asStaff && holder && !holder.friend && (
          <FriendBar words={words} waiting={waitingFor(holder, state)} onFollow={onFollow} />
        )}
        <Chat
          key={who}
          pushes={pushes}
          shopName={shop.name}
          words={words}
          empty={asStaff ? [words.phone.staffEmpty] : [words.phone.chatEmpty, words.phone.chatHint]}
          onAction={onAction}
        />
        {!asStaff && (
          <RichMenu
            language={language}
            onOpen={(path) => onOpen(new URL(path, state.shop.url).href)}
          />
        )}
        {open && (
          <Sheet url={open} shop={shop} words={words} onTap={follow} onClose={() => onOpen(null)} />
        )}
        {banner && open && (
          <button
            type="button"
            class="banner"
            onClick={() => {
              dismiss()
              onOpen(null)
            }}
          >
            <span class="avatar">
              <NorenMark size={22} />
            </span>
            <span class="banner-text">
              <strong>{shop.name}</strong>
              <span>{banner}</span>
            </span>
          </button>
        )}
      </div>
    </section>
  )
}

/** While the shop covers the chat, a message shows itself as it does on any phone: at the top, for a while. */
function useBanner(pushes: AcceptedPush[], who: string, covered: boolean) {
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
    const timer = setTimeout(() => setText(null), 8_000)
    return () => clearTimeout(timer)
  }, [text])
  return [text, () => setText(null)] as const
}

function firstWords(push: AcceptedPush): string {
  const { altText, text } = (push.messages[0] ?? {}) as { altText?: string; text?: string }
  return altText ?? text ?? ''
}

/** How many messages Noren holds back until this person adds the shop. */
function waitingFor(person: LineUser, state: DemoState): number {
  const mine = `line:${person.userId}`
  return state.rows.deliveries.filter(
    (delivery) => delivery.state === 'waiting' && delivery.account_id === mine,
  ).length
}

function FriendBar(props: { words: Words; waiting: number; onFollow: () => void }) {
  const { phone } = props.words
  return (
    <div class={`friend-bar ${props.waiting ? 'friend-bar-waiting' : ''}`}>
      <span>{props.waiting ? phone.receiptWaits(props.waiting) : phone.notFriendBar}</span>
      <button type="button" onClick={props.onFollow}>
        <Icon name="add" size={16} /> {phone.add}
      </button>
    </div>
  )
}

function ChatHeader({ name, back }: { name: string; back: string }) {
  return (
    <header class="chat-header">
      <span class="chat-back" title={back}>
        <Icon name="back" size={22} />
      </span>
      <h2>{name}</h2>
    </header>
  )
}

function StatusBar() {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <div class="status-bar" aria-hidden="true">
      <span>
        {now.getHours()}:{String(now.getMinutes()).padStart(2, '0')}
      </span>
      <StatusIcons />
    </div>
  )
}
