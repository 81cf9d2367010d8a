import type { Language } from '../../language.ts'
import { withInstead } from '../messages/instead.ts'
import type { Messages } from '../messages/ja.ts'
import { messagesIn } from '../messages/messages-in.ts'
import { en } from './en.ts'
import { type DiscordWords, ja } from './ja.ts'
import { th } from './th.ts'
import { zhTW } from './zh-TW.ts'

const DISCORD: Record<Language, DiscordWords> = { ja, en, th, 'zh-TW': zhTW }

/** The shop's words as Discord has them: those of the other chat, but for the sentences that speak of that chat. */
export function discordWordsIn(language: Language): { words: Messages; discord: DiscordWords } {
  const discord = DISCORD[language]
  return { discord, words: withInstead(messagesIn(language), discord.instead) }
}
