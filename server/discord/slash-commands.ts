import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord-api-types/v10'
import { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import type { DiscordWords } from '../../shared/i18n/discord/ja.ts'
import { SLASH_COMMANDS } from '../ports.ts'

/** Beside English, which everybody else reads. Discord's names for them are ours. */
const TRANSLATED = ['ja', 'th', 'zh-TW'] as const

/**
 * The shop's commands as Discord takes them: each under its English name, by which it comes back to us, with
 * its name and description in the reader's language beside it
 * (https://docs.discord.com/developers/interactions/application-commands#localization).
 */
export function slashCommands(): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  return SLASH_COMMANDS.map((name) => ({
    type: ApplicationCommandType.ChatInput,
    name,
    ...wordsOf(name),
    ...(name === 'membership' && { options: [codeOption()] }),
  }))
}

function codeOption(): APIApplicationCommandBasicOption {
  const type = ApplicationCommandOptionType.String as const
  return { type, name: 'code', ...wordsOf('code'), required: false }
}

function wordsOf(name: keyof DiscordWords['commands']) {
  const translated = TRANSLATED.map((language) => {
    const { discord } = discordWordsIn(language)
    return [language, discord.commands[name]] as const
  })
  return {
    description: discordWordsIn('en').discord.commands[name].description,
    name_localizations: Object.fromEntries(translated.map(([tag, words]) => [tag, words.name])),
    description_localizations: Object.fromEntries(
      translated.map(([tag, words]) => [tag, words.description]),
    ),
  }
}
