import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { CampaignMessage } from '../ports.ts'
import { type Letter, shownShopName } from './letter.ts'
import { linkable } from './linkable.ts'
import { quietText, text } from './parts.ts'
import { inOneLine } from './sentences.ts'

/** A shopkeeper writes a few lines; a page of them is none of a message. */
const MOST_LINES = 12

/** What the shop recommends: its own words, one button, and quietly the way to hear no more of it. */
export function campaignLetter(message: CampaignMessage, words: Messages): Letter {
  const { button, language, shop } = message
  const name = shownShopName(shop.name)
  const title = cleanText(message.title, name, 60)
  const said = message.text
    .split(/\r?\n/)
    .map((line) => cleanText(line, '', 300))
    .filter((line) => line !== '')
    .slice(0, MOST_LINES)
  return {
    altText: cleanText(words.members.alt(name, inOneLine([title, ...said], language)), name, 300),
    title,
    blocks: [said.map((line) => text(line))],
    buttons: [{ label: cleanText(button.label, title, 20), address: button.address }],
  }
}

/** In the chat the way out stands in the letter itself; a mail has it at its foot and in its headers. */
export function withWayOut(letter: Letter, message: CampaignMessage, words: Messages): Letter {
  const address = linkable(message.links.unsubscribe)
  if (!address) return letter
  const wayOut = quietText(words.shopNews.stop, { size: 'xs', address })
  return { ...letter, blocks: [...letter.blocks, [wayOut]] }
}
