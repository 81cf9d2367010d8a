import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import type { Letter } from '../../letters/letter.ts'
import { linkable } from '../../letters/linkable.ts'
import type { Part } from '../../letters/parts.ts'
import { CHAT_COMMANDS, type ChatAnswer } from '../../ports.ts'
import { answerLetter } from './answer-letter.ts'

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

/** Campaigns stop, or come again; what somebody caused themselves they hear either way. */
export function campaignAnswer(
  answer: ChatAnswer & { kind: 'stopped' | 'started' },
  words: Messages,
): Letter {
  const { title, lead, how } = words.chat.campaigns[answer.kind]
  return answerLetter(answer, words, { title, said: [lead, how], buttons: [] })
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

function wordRow(command: (typeof CHAT_COMMANDS)[number], { chat }: Messages): Part {
  return { part: 'word', word: chat.words[command], does: chat.help.does[command] }
}
