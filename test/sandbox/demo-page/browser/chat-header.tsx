import type { LineUser } from '../../types.ts'
import type { DemoState } from '../state.ts'
import { Icon } from './icons.tsx'
import type { Words } from './words.ts'

type ChatHeaderProps = {
  name: string
  words: Words
  /** null where there is no shop to open: in the staff's group. */
  onOpenShop: (() => void) | null
}

/** The chat's name, and the way into the shop that is there also when the shop has no menu. */
export function ChatHeader({ name, words, onOpenShop }: ChatHeaderProps) {
  return (
    <header class="chat-header">
      <span class="chat-back" title={words.phone.back}>
        <Icon name="back" size={22} />
      </span>
      <h2>{name}</h2>
      {onOpenShop && (
        <button type="button" class="bar-button" title={words.guide.openShop} onClick={onOpenShop}>
          <Icon name="shop" size={22} />
          <span class="unseen">{words.guide.openShop}</span>
        </button>
      )}
    </header>
  )
}

/** How many messages Noren holds back until this person adds the shop. */
function waitingFor(person: LineUser, state: DemoState): number {
  const mine = `line:${person.userId}`
  return state.rows.deliveries.filter(
    (delivery) => delivery.state === 'waiting' && delivery.account_id === mine,
  ).length
}

type FriendBarProps = { person: LineUser; state: DemoState; words: Words; onFollow: () => void }

/** What LINE shows above a chat with a shop that is no friend, and what the shop keeps for them meanwhile. */
export function FriendBar({ person, state, words: { phone }, onFollow }: FriendBarProps) {
  const waiting = waitingFor(person, state)
  return (
    <div class={`friend-bar ${waiting ? 'friend-bar-waiting' : ''}`}>
      <span>{waiting ? phone.receiptWaits(waiting) : phone.notFriendBar}</span>
      <button type="button" onClick={onFollow}>
        <Icon name="add" size={16} /> {phone.add}
      </button>
    </div>
  )
}
