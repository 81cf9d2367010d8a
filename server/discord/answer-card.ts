import { cleanText } from '../../shared/clean-text.ts'
import type { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import { type Part, text } from '../letters/parts.ts'
import { type Sentence, sentenceTexts } from '../letters/sentences.ts'
import type { CommandAnswer } from '../ports.ts'
import type { Button } from './buttons.ts'

export type Said = ReturnType<typeof discordWordsIn>
export type AnswerOf<Kind extends CommandAnswer['kind']> = Extract<CommandAnswer, { kind: Kind }>

/** An answer before it is an embed. */
export type Card = { title: string; blocks: Part[][]; buttons: Button[] }

export const sentences = (said: readonly Sentence[]): Part[] => sentenceTexts(said)

/** How a one-time link may be used, above its button; or why there is none. */
export function aboutLink(address: string | null, { discord }: Said): Part[] {
  return [text(address ? discord.enter.once : discord.enter.tooMany)]
}

/** What somebody calls themselves; null where nothing of it can be seen. */
export function shownName(name: string | null): string | null {
  return cleanText(name ?? '', '', 40) || null
}
