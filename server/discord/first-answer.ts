import { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import { shownShopName } from '../letters/letter.ts'
import type { CommandAnswer } from '../ports.ts'
import { answerBody, plainBody } from './render-answer.ts'

/**
 * What an interaction is answered with at once
 * (https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type).
 */
export type FirstAnswer = { type: number; data?: object }

export const PONG: FirstAnswer = { type: 1 }

/** Seen by who asked alone. */
const EPHEMERAL = { flags: 64 }

/** "… is thinking", until the answer is there. */
export const thinking = (): FirstAnswer => ({ type: 5, data: EPHEMERAL })
/** Nothing is to be seen, until the message whose button was pressed is another. */
export const unseen = (): FirstAnswer => ({ type: 6 })

/** The whole answer. */
export function said(answer: CommandAnswer): FirstAnswer {
  return { type: 4, data: { ...answerBody(answer), ...EPHEMERAL } }
}

/** The whole answer, in the place of the question whose button was pressed. */
export function saidThere(answer: CommandAnswer): FirstAnswer {
  return { type: 7, data: answerBody(answer) }
}

/** A sentence for who asked something that is not answered. */
export function saidInstead(
  why: 'elsewhere' | 'gone',
  reader: Pick<CommandAnswer, 'language' | 'shop'>,
): FirstAnswer {
  const { discord } = discordWordsIn(reader.language)
  const words = why === 'gone' ? discord.gone : discord.elsewhere(shownShopName(reader.shop.name))
  return { type: 4, data: { ...plainBody(words, reader), ...EPHEMERAL } }
}
