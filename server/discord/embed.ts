import type { APIEmbed } from 'discord-api-types/v10'
import { discordText } from '../../shared/discord-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { shownShopName } from '../letters/letter.ts'
import { linkable } from '../letters/linkable.ts'
import type { Part, Text } from '../letters/parts.ts'
import { pageInLine } from './buttons.ts'
import { fitLines } from './fit-lines.ts'

/** Columns do not line up on a phone: what a row says and its amount stand apart by a wide space. */
const APART = '\u2003'

/** A card in the shop's colour: who speaks, a title and blocks, as a slip of paper reads from top to bottom. */
export function embedOf(
  {
    title,
    blocks,
    aside,
  }: { title?: string; blocks: readonly (readonly Part[])[]; aside?: string },
  shop: { name: string; brand: string },
  words: Messages,
): APIEmbed {
  const paragraphs = blocks
    .map((parts) => parts.flatMap((part, at) => linesOf(part, at === 0, words)))
    .filter((lines) => lines.length > 0)
  return {
    author: { name: shownShopName(shop.name) },
    color: colourOf(shop.brand),
    ...(title && { title: discordText(title) }),
    description: fitLines(paragraphs),
    ...(aside && { footer: { text: aside } }),
  }
}

function linesOf(part: Part, isFirst: boolean, words: Messages): string[] {
  switch (part.part) {
    case 'text':
      return [shown(part)]
    case 'row':
      return [inARow(part.left, part.right)]
    case 'fact':
      return [words.shopNews.line(discordText(part.label), shown(part.value))]
    case 'word':
      return [`**${discordText(part.word)}**${APART}${discordText(part.does)}`]
    case 'group': {
      const lines = part.contents.flatMap((each) => linesOf(each, true, words))
      return isFirst || part.apart === 'none' ? lines : ['', ...lines]
    }
  }
}

function inARow(left: Text, right: Text): string {
  // Two bold pieces side by side would be read as one with signs in it.
  if (left.weight && right.weight) return strong(`${plain(left)}${APART}${plain(right)}`)
  return `${shown(left)}${APART}${shown(right)}`
}

function shown(text: Text): string {
  const words = text.weight === 'bold' ? strong(plain(text)) : plain(text)
  const address = linkable(text.address ?? null)
  // Nobody can open LINE's own pages here; the button below asks for them.
  return address && pageInLine(address) === null ? `[${words}](${address})` : words
}

const plain = ({ words }: Text) => discordText(words)
const strong = (words: string) => `**${words}**`

/** Throws a TypeError for a colour that is not #rrggbb. */
function colourOf(brand: string): number {
  if (!/^#[0-9a-f]{6}$/i.test(brand)) throw new TypeError(`not a #rrggbb colour: ${brand}`)
  return Number.parseInt(brand.slice(1), 16)
}
