import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord-api-types/v10'
import { SLASH_COMMANDS, type SlashCommand } from '../ports.ts'

/** What each command is called and does, in the languages that Discord shows its readers. */
const WORDS: Readonly<Record<SlashCommand, Record<'ja' | 'en', [name: string, does: string]>>> = {
  join: {
    ja: ['入会', '会員プランを見て、お申し込みのページを開きます'],
    en: ['join', 'See the plans and open the page to join'],
  },
  membership: {
    ja: ['会員', '会員の状態を確かめ、お手続きのページを開きます'],
    en: ['membership', 'See your membership and open its page'],
  },
  orders: { ja: ['注文', 'ご注文を見ます'], en: ['orders', 'See your orders'] },
  help: { ja: ['ヘルプ', '使い方を見ます'], en: ['help', 'See what you can ask here'] },
}

/** The shop's commands as Discord takes them. */
export function slashCommands(): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  return SLASH_COMMANDS.map((name) => ({
    type: ApplicationCommandType.ChatInput,
    name,
    name_localizations: { ja: WORDS[name].ja[0] },
    description: WORDS[name].en[1],
    description_localizations: { ja: WORDS[name].ja[1] },
    ...(name === 'membership' ? { options: [CODE] } : {}),
  }))
}

const CODE = {
  type: ApplicationCommandOptionType.String as const,
  name: 'code',
  description: 'A code from your page in LINE',
  description_localizations: { ja: 'LINE のページに出たコード' },
  required: false,
}
