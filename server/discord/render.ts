import type { RESTPostAPIChannelMessageJSONBody } from 'discord-api-types/v10'
import { discordText } from '../../shared/discord-text.ts'
import { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import { campaignLetter } from '../letters/campaign.ts'
import { shownShopName } from '../letters/letter.ts'
import { letterToBuyer } from '../letters/letter-to-buyer.ts'
import { letterToMember } from '../letters/letter-to-member.ts'
import { staffLine } from '../letters/staff-lines.ts'
import { type ForStaff, isForStaff } from '../letters/who-hears.ts'
import type { Message } from '../ports.ts'
import { buttonRows } from './buttons.ts'
import { embedOf } from './embed.ts'

/** https://docs.discord.com/developers/resources/message#create-message-jsonform-params */
const LONGEST_CONTENT = 2_000

/**
 * The JSON of a create-message request, within Discord's limits whatever the items are called. Its title stands
 * above the card, since a notification shows that alone, and so does somebody's Discord that shows no cards.
 * Throws a TypeError for a brand colour that is not #rrggbb and a RangeError for a time or currency that is none.
 */
export function renderMessage(message: Message): string {
  return JSON.stringify(isForStaff(message) ? plainText(message) : card(message))
}

/** Neither @everyone nor anybody else, whatever somebody calls themselves. */
export const NOBODY_IS_CALLED = { allowed_mentions: { parse: [] } }

/** What the staff hear goes to their own places in LINE and by mail; here it is only text. */
function plainText(message: ForStaff): RESTPostAPIChannelMessageJSONBody {
  const said = `【${shownShopName(message.shop.name)}】${staffLine(message)}`
  return { content: discordText(said).slice(0, LONGEST_CONTENT), ...NOBODY_IS_CALLED }
}

function card(message: Exclude<Message, ForStaff>): RESTPostAPIChannelMessageJSONBody {
  const { words } = discordWordsIn(message.language)
  const { title, blocks, buttons } = letterFor(message, words)
  return {
    content: strong(title),
    embeds: [embedOf({ blocks }, message.shop, words)],
    components: buttonRows(buttons),
    ...NOBODY_IS_CALLED,
  }
}

const strong = (title: string) => `**${discordText(title)}**`

function letterFor(
  message: Exclude<Message, ForStaff>,
  words: Parameters<typeof letterToBuyer>[1],
) {
  // Campaigns never leave for here: Discord wants no unasked advertising in messages to one person.
  if (message.kind === 'campaign') return campaignLetter(message, words)
  return 'order' in message ? letterToBuyer(message, words) : letterToMember(message, words)
}
