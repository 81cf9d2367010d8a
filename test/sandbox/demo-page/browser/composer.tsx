import { useEffect, useRef, useState } from 'preact/hooks'
import type { DemoAction, DemoMenu } from '../state.ts'
import type { OnAction } from './flex/tappable.ts'
import { Icon } from './icons.tsx'
import { RichMenu } from './rich-menu.tsx'
import type { Words } from './words.ts'

type ComposerProps = {
  menu: DemoMenu | null
  words: Words
  onAction: OnAction
  onAct: (action: DemoAction) => Promise<void>
}

/**
 * The foot of the chat, as in LINE: the shop's menu with its bar, or the line to write in, and a
 * button to change between them. A shop without a menu has only the line to write in.
 */
export function Composer({ menu, words, onAction, onAct }: ComposerProps) {
  const [typing, setTyping] = useState(false)
  const [open, setOpen] = useState(menu?.selected ?? false)
  const [draft, setDraft] = useState('')

  // A menu that has changed shows itself, or nobody would see what has just happened.
  useEffect(() => {
    if (!menu) return
    setTyping(false)
    setOpen(menu.selected)
  }, [menu?.richMenuId])

  return (
    <>
      {menu && open && !typing && <RichMenu menu={menu} words={words} onAction={onAction} />}
      <div class="composer">
        {menu && (
          <BarButton
            icon={typing ? 'menu' : 'keyboard'}
            label={typing ? words.phone.toMenu : words.phone.toKeyboard}
            onPress={() => setTyping((now) => !now)}
          />
        )}
        {menu && !typing ? (
          <ChatBar menu={menu} open={open} onToggle={() => setOpen((now) => !now)} />
        ) : (
          <WriteLine
            words={words}
            draft={draft}
            focus={typing}
            onDraft={setDraft}
            onSend={(text) => onAct({ action: 'say', text })}
          />
        )}
      </div>
    </>
  )
}

/** The words that the shop gave its menu; a tap folds it away and brings it back. */
function ChatBar(props: { menu: DemoMenu; open: boolean; onToggle: () => void }) {
  const { menu, open, onToggle } = props
  return (
    <button type="button" class="chat-bar" aria-expanded={open} onClick={onToggle}>
      <span key={menu.richMenuId}>{menu.chatBarText}</span>
      <Icon name={open ? 'down' : 'up'} size={16} />
    </button>
  )
}

function BarButton(props: { icon: 'menu' | 'keyboard'; label: string; onPress: () => void }) {
  return (
    <button type="button" class="bar-button" title={props.label} onClick={props.onPress}>
      <Icon name={props.icon} size={24} />
      <span class="unseen">{props.label}</span>
    </button>
  )
}

type WriteLineProps = {
  words: Words
  draft: string
  focus: boolean
  onDraft: (text: string) => void
  onSend: (text: string) => void
}

function WriteLine({ words, draft, focus, onDraft, onSend }: WriteLineProps) {
  const line = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focus) line.current?.focus()
  }, [focus])

  function send(event: Event) {
    event.preventDefault()
    const text = draft.trim()
    if (!text) return
    onDraft('')
    onSend(text)
  }

  return (
    <form class="write-line" onSubmit={send}>
      <input
        ref={line}
        type="text"
        value={draft}
        maxLength={5000}
        autocomplete="off"
        enterkeyhint="send"
        placeholder={words.phone.write}
        aria-label={words.phone.write}
        onInput={(event) => onDraft(event.currentTarget.value)}
      />
      <button type="submit" class="bar-button" disabled={!draft.trim()}>
        <Icon name="send" size={24} />
        <span class="unseen">{words.phone.send}</span>
      </button>
    </form>
  )
}
