import { cleanText } from '../../shared/clean-text.ts'
import type { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import { type Part, text } from '../letters/parts.ts'
import { type Sentence, sentenceTexts } from '../letters/sentences.ts'
import type { CommandAnswer } from '../ports.ts'
import type { Button } from './buttons.ts'

export type Said = ReturnType<typeof discordWordsIn>
export type AnswerOf<Kind extends CommandAnswer['kind']> = Extract<CommandAnswer, { kind: Kind }>

/** An answer before it is an embed. */
export type Card = {
  title: string
  blocks: Part[][]
  /** In small letters below; nothing in it is Markdown */
  aside?: string
  buttons: Button[]
}

export const sentences = (said: readonly Sentence[]): Part[] => sentenceTexts(said)

/** What is said, and quietly below it how its one-time link may be used; or, aloud, why there is none. */
export function aboutLink(
  address: string | null,
  blocks: Part[][],
  { discord }: Said,
): Pick<Card, 'blocks' | 'aside'> {
  if (address) return { blocks, aside: discord.enter.once }
  return { blocks: [...blocks, [text(discord.enter.tooMany)]] }
}

/** What somebody calls themselves; null where nothing of it can be seen. */
export function shownName(name: string | null): string | null {
  return cleanText(name ?? '', '', 40) || null
}
