import type { messagingApi } from '@line/bot-sdk'
import type { AcceptedPush, Said } from '../../types.ts'
import type { DemoAction } from '../state.ts'
import type { Action } from './flex/tappable.ts'

/** One entry of a chat: what came from the shop, or what the holder of the phone wrote. */
export type Entry = { key: string; at: number } & ({ push: AcceptedPush } | { said: Said })

/** Both sides in order of time; in the same millisecond the words come first and the answer after. */
export function talkOf(pushes: AcceptedPush[], said: Said[]): Entry[] {
  const mine = said.map((words, index) => ({
    key: `said ${words.at} ${index}`,
    at: words.at,
    said: words,
  }))
  const theirs = pushes.map((push, index) => ({
    key: push.retryKey ?? `push ${push.at} ${index}`,
    at: push.at,
    push,
  }))
  return [...mine, ...theirs].toSorted((one, other) => one.at - other.at)
}

/** The quick replies that the chat offers now: those of its last message, until somebody writes. */
export function quickRepliesOf(talk: Entry[]): Action[] {
  const last = talk.at(-1)
  if (!last || !('push' in last) || !last.push.delivered) return []
  const message = last.push.messages.at(-1) as messagingApi.Message | undefined
  return (message?.quickReply?.items ?? []).flatMap(({ action }) => (action ? [action] : []))
}

/** What an action says to the shop, in words or as a postback; null for one that says nothing, such as a link. */
export function saysToShop(action: Action): DemoAction | null {
  if (action.type === 'message') {
    const { text } = action as messagingApi.MessageAction
    return text ? { action: 'say', text } : null
  }
  if (action.type !== 'postback') return null
  const { data, displayText, text } = action as messagingApi.PostbackAction
  const shown = displayText ?? text
  return data ? { action: 'tap', data, ...(shown && { shown }) } : null
}
