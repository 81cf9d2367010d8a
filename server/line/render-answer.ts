import type { messagingApi } from '@line/bot-sdk'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { messagesIn } from '../../shared/i18n/messages/messages-in.ts'
import { type Letter, shownShopName } from '../letters/letter.ts'
import { linkable } from '../letters/linkable.ts'
import type { ChatAnswer, ChatCommand } from '../ports.ts'
import { guestAnswer } from './flex/guest-answer.ts'
import { flexLetter } from './flex/letter.ts'
import { cancelAnswer, memberAnswer } from './flex/member-answer.ts'
import {
  campaignAnswer,
  friendAnswer,
  helpAnswer,
  ordersAnswer,
  shopAnswer,
} from './flex/pointer-answers.ts'

type Private = Exclude<ChatAnswer['kind'], 'group'>

/** What one may want to say next, offered under the answer; it is gone with the next message. */
const NEXT: Record<Private, readonly ChatCommand[]> = {
  guest: ['shop', 'orders', 'help'],
  member: ['orders', 'shop', 'cancel', 'help'],
  cancel: ['membership', 'orders', 'help'],
  orders: ['membership', 'shop', 'help'],
  shop: ['membership', 'orders', 'help'],
  friend: ['membership', 'shop', 'help'],
  help: ['membership', 'orders', 'cancel', 'friend', 'shop'],
  stopped: ['start', 'orders', 'shop'],
  started: ['stop', 'orders', 'shop'],
}

/**
 * The JSON of a reply request's `messages` array: one message, within LINE's limits whatever the names are.
 * In a group nothing personal stands in it. Throws as renderMessage does
 * (https://developers.line.biz/en/reference/messaging-api/#send-reply-message).
 */
export function renderAnswer(answer: ChatAnswer): string {
  const words = messagesIn(answer.language)
  if (answer.kind === 'group') return JSON.stringify([groupText(answer, words)])
  const message: messagingApi.Message = {
    ...flexLetter(letterFor(answer, words), answer.shop),
    quickReply: quickReply(NEXT[answer.kind], words),
  }
  return JSON.stringify([message])
}

function letterFor(answer: ChatAnswer, words: Messages): Letter {
  switch (answer.kind) {
    case 'guest':
      return guestAnswer(answer, words)
    case 'member':
      return memberAnswer(answer, words)
    case 'cancel':
      return cancelAnswer(answer, words)
    case 'orders':
      return ordersAnswer(answer, words)
    case 'shop':
      return shopAnswer(answer, words)
    case 'friend':
      return friendAnswer(answer, words)
    case 'stopped':
    case 'started':
      return campaignAnswer(answer, words)
    default:
      return helpAnswer(answer, words)
  }
}

function groupText({ shop, links }: ChatAnswer, words: Messages): messagingApi.TextMessage {
  const said = words.members.alt(shownShopName(shop.name), words.chat.group)
  const address = linkable(links.friend)
  return { type: 'text', text: address ? `${said}\n${address}` : said }
}

function quickReply(commands: readonly ChatCommand[], { chat }: Messages): messagingApi.QuickReply {
  const words = { ...chat.words, ...chat.campaigns.words }
  const items = commands.map((command) => {
    const word = words[command]
    return { type: 'action', action: { type: 'message' as const, label: word, text: word } }
  })
  return { items }
}
