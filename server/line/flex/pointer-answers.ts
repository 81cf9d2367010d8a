import type { messagingApi } from '@line/bot-sdk'
import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import { CHAT_COMMANDS, type ChatAnswer, type ChatCommand } from '../../ports.ts'
import { answerLetter } from './answer-letter.ts'
import type { Letter } from './letter.ts'
import { linkable, quietText, text } from './parts.ts'

/** The way to what was bought so far. */
export function ordersAnswer(answer: ChatAnswer, words: Messages): Letter {
  const { title, lead, open } = words.chat.orders
  const buttons = [{ label: open, address: answer.links.orders }]
  return answerLetter(answer, words, { title, said: [lead], buttons })
}

/** The way to the shelf. */
export function shopAnswer(answer: ChatAnswer, words: Messages): Letter {
  const { title, lead, open } = words.chat.shop
  const buttons = [{ label: open, address: answer.links.shop }]
  return answerLetter(answer, words, { title, said: [lead], buttons })
}

/** The link that adds the shop as a friend, where the shopkeeper has named it. */
export function friendAnswer(answer: ChatAnswer, words: Messages): Letter {
  const { title, lead, none, open } = words.chat.friend
  const address = answer.links.friend
  const buttons = [{ label: open, address }]
  return answerLetter(answer, words, { title, said: [linkable(address) ? lead : none], buttons })
}

/** Every word that is understood, each to be typed or tapped. */
export function helpAnswer(answer: ChatAnswer, words: Messages): Letter {
  const { help, named } = words.chat
  return answerLetter(answer, words, {
    title: help.title,
    said: [help.lead, help.staff],
    rows: CHAT_COMMANDS.map((command) => wordRow(command, words)),
    besides: CHAT_COMMANDS.map((command) => named(words.chat.words[command], help.does[command])),
    buttons: [],
  })
}

function wordRow(command: ChatCommand, { chat }: Messages): messagingApi.FlexBox {
  const word = chat.words[command]
  return {
    type: 'box',
    layout: 'horizontal',
    spacing: 'md',
    action: { type: 'message', label: word, text: word },
    contents: [
      text(word, { flex: 0, weight: 'bold', decoration: 'underline' }),
      quietText(chat.help.does[command], { flex: 1, align: 'end' }),
    ],
  }
}
