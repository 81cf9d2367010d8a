import { useRef } from 'preact/hooks'
import { textColourOn } from '../../../../shared/contrast.ts'
import { localized, nearestLanguage } from '../../../../shared/language.ts'
import type { DemoAction, DemoMenu, DemoState } from '../state.ts'
import { Chat } from './chat.tsx'
import { ChatHeader, FriendBar } from './chat-header.tsx'
import { Composer } from './composer.tsx'
import type { Action } from './flex/tappable.ts'
import { type Tap, whatTapDoes } from './follow-link.ts'
import { Notification, useNotification } from './notification.tsx'
import { QuickReplies } from './quick-replies.tsx'
import { Sheet } from './sheet.tsx'
import { StatusBar } from './status-bar.tsx'
import { quickRepliesOf, saysToShop, talkOf } from './talk.ts'
import type { Opened } from './use-handset.ts'
import type { Words } from './words.ts'

type PhoneProps = {
  state: DemoState
  words: Words
  opened: Opened
  /** true while the staff group's chat is looked into instead of the holder's. */
  asStaff: boolean
  onOpen: (url: string | null) => void
  onOpenShop: () => void
  onAct: (action: DemoAction) => Promise<void>
}

/** The phone: the chat with the shop, and the shop opened in it. */
export function Phone(props: PhoneProps) {
  const { state, words, opened, asStaff, onOpen, onOpenShop, onAct } = props
  const shop = shopOn(state, asStaff)
  const pushes = asStaff ? state.staffChat : state.chat
  const who = asStaff ? 'staff' : (state.holder ?? '')
  const holder = asStaff ? undefined : state.people.find(({ userId }) => userId === who)
  const talk = talkOf(pushes, asStaff ? [] : state.said)
  const menu = useSeenMenu(state.menu, who, opened.url !== null)
  const { text, dismiss } = useNotification(pushes, who, opened.url !== null)

  function follow(tap: Tap | null) {
    if (tap?.kind === 'open') onOpen(tap.url)
    if (tap?.kind === 'add_friend') onAct({ action: 'follow' })
    if (tap?.kind === 'outside') window.open(tap.url, '_blank', 'noopener')
  }
  function closeSheet() {
    dismiss()
    onOpen(null)
  }
  function onAction(action: Action) {
    if ('uri' in action && action.uri) follow(whatTapDoes(action.uri, shop))
    const saying = asStaff ? null : saysToShop(action)
    if (saying) onAct(saying)
  }

  return (
    <section class="phone" aria-label={words.phone.region}>
      <div class="screen" style={colours(state.shop.brand)}>
        <StatusBar />
        {/* What the sheet covers must not be reached by the Tab key either. */}
        <div class="covered" inert={opened.url !== null}>
          <ChatHeader
            name={asStaff ? (state.staff?.name ?? '') : shop.name}
            words={words}
            onOpenShop={asStaff ? null : onOpenShop}
          />
          {holder && !holder.friend && (
            <FriendBar
              person={holder}
              state={state}
              words={words}
              onFollow={() => onAct({ action: 'follow' })}
            />
          )}
          <Chat
            key={who}
            talk={talk}
            shopName={shop.name}
            words={words}
            empty={asStaff ? words.phone.staffEmpty : words.phone.chatEmpty}
            start={asStaff ? null : onOpenShop}
            onAction={onAction}
          />
          {!asStaff && (
            <div class="foot" key={who}>
              <QuickReplies actions={quickRepliesOf(talk)} words={words} onAction={onAction} />
              <Composer menu={menu} words={words} onAction={onAction} onAct={onAct} />
            </div>
          )}
        </div>
        {opened.url && (
          <Sheet
            key={opened.times}
            url={opened.url}
            shop={shop}
            words={words}
            onTap={follow}
            onClose={closeSheet}
          />
        )}
        {text && <Notification from={shop.name} text={text} onTap={closeSheet} />}
      </div>
    </section>
  )
}

/** What changes behind the sheet would change unseen: the chat keeps its menu until it is looked at again. */
function useSeenMenu(menu: DemoMenu | null, who: string, covered: boolean): DemoMenu | null {
  const seen = useRef({ menu, who })
  if (!covered || seen.current.who !== who) seen.current = { menu, who }
  return seen.current.menu
}

/** The shop as this phone names it: in the language of whoever holds it; its own staff read Japanese. */
function shopOn(state: DemoState, asStaff: boolean) {
  const holder = state.people.find(({ userId }) => userId === state.holder)
  const language = asStaff ? 'ja' : (nearestLanguage(holder?.language) ?? 'en')
  return {
    url: state.shop.url,
    liffId: state.liffId,
    name: localized(state.shop.name, language),
    language: language === 'ja' ? ('ja' as const) : ('en' as const),
  }
}

function colours(brand: string) {
  return { '--brand': brand, '--on-brand': textColourOn(brand) } as Record<string, string>
}
