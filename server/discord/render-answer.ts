import type { RESTPatchAPIInteractionOriginalResponseJSONBody } from 'discord-api-types/v10'
import { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import type { CommandAnswer } from '../ports.ts'
import { accountsCard } from './accounts-card.ts'
import { type Card, type Said, sentences } from './answer-card.ts'
import { buttonRows } from './buttons.ts'
import { embedOf } from './embed.ts'
import { helpCard } from './help-card.ts'
import { guestCard, memberCard, openCard, ordersCard } from './page-cards.ts'
import { NOBODY_IS_CALLED } from './render.ts'

/**
 * The JSON that edits the answer to an interaction, within Discord's limits whatever the names are. All of it
 * is said anew: a question is replaced by what came of it. Throws as renderMessage does
 * (https://docs.discord.com/developers/interactions/receiving-and-responding#edit-original-interaction-response).
 */
export function renderAnswer(answer: CommandAnswer): string {
  return JSON.stringify(answerBody(answer))
}

/** The same as an object, for an answer that is given at once. */
export function answerBody(answer: CommandAnswer) {
  const said = discordWordsIn(answer.language)
  return bodyOf(cardFor(answer, said), answer, said)
}

/** One sentence, where there is nothing to look at. */
export function plainBody(words: string, answer: Pick<CommandAnswer, 'language' | 'shop'>) {
  const card = { title: '', blocks: [sentences([words])], buttons: [] }
  return bodyOf(card, answer, discordWordsIn(answer.language))
}

function bodyOf(
  { buttons, ...card }: Card,
  { shop }: Pick<CommandAnswer, 'shop'>,
  { words }: Said,
) {
  return {
    content: '',
    embeds: [embedOf(card, shop, words)],
    components: buttonRows(buttons),
    ...NOBODY_IS_CALLED,
  } satisfies RESTPatchAPIInteractionOriginalResponseJSONBody
}

function cardFor(answer: CommandAnswer, said: Said): Card {
  switch (answer.kind) {
    case 'help':
      return helpCard(said)
    case 'guest':
      return guestCard(answer, said)
    case 'member':
      return memberCard(answer, said)
    case 'orders':
      return ordersCard(answer, said)
    case 'open':
      return openCard(answer, said)
    default:
      return accountsCard(answer, said)
  }
}
