import type { messagingApi } from '@line/bot-sdk'
import { contrastOf, darkenedForWhite, textColourOn } from '../../../shared/contrast.ts'
import { cleanText } from './clean-text.ts'
import { block, linkable, text } from './parts.ts'

/** One message to a buyer, before it takes LINE's form. */
export type Letter = {
  /** A full sentence: the notification, the chat list and screen readers have nothing else. */
  altText: string
  title: string
  /** Groups that belong together; a line is drawn between them. */
  blocks: messagingApi.FlexComponent[][]
  /** The first is the one we would tap; those whose address LINE would refuse are left out. */
  buttons: { label: string; address: string | null }[]
}

/** Below this a brand colour can hardly be told from the white paper under it. */
const BARELY_VISIBLE = 1.3

/** A shop's name as it stands in a message, short enough for the header and the alt text. */
export function shownShopName(name: string): string {
  return cleanText(name, 'Shop', 40)
}

/** The letter as a Flex bubble under the shop's colour. Throws a TypeError for a brand that is not #rrggbb. */
export function flexLetter(
  letter: Letter,
  shop: { name: string; brand: string },
): messagingApi.FlexMessage {
  const footer = buttonsOf(letter, darkenedForWhite(shop.brand))
  return {
    type: 'flex',
    altText: letter.altText,
    contents: {
      type: 'bubble',
      header: headerOf(letter.title, shop),
      body: { type: 'box', layout: 'vertical', paddingTop: 'none', contents: bodyOf(letter) },
      ...(footer.length > 0 && {
        footer: { type: 'box', layout: 'vertical', spacing: 'sm', contents: footer },
      }),
      styles: {
        header: { backgroundColor: shop.brand },
        body: {
          backgroundColor: '#FFFFFF',
          separator: contrastOf(shop.brand, '#FFFFFF') < BARELY_VISIBLE,
        },
        footer: { backgroundColor: '#FFFFFF' },
      },
    },
  }
}

function headerOf(title: string, shop: { name: string; brand: string }): messagingApi.FlexBox {
  const color = textColourOn(shop.brand)
  return {
    type: 'box',
    layout: 'vertical',
    spacing: 'xs',
    contents: [
      text(shownShopName(shop.name), { color }),
      text(title, { color, size: 'lg', weight: 'bold' }),
    ],
  }
}

function bodyOf(letter: Letter): messagingApi.FlexComponent[] {
  const filled = letter.blocks.filter((contents) => contents.length > 0)
  return filled.flatMap((contents, index) =>
    index === 0 ? [block(contents)] : [{ type: 'separator', margin: 'lg' }, block(contents)],
  )
}

function buttonsOf(letter: Letter, color: string): messagingApi.FlexButton[] {
  return letter.buttons
    .map(({ label, address }) => ({ label, uri: linkable(address) }))
    .filter((action): action is { label: string; uri: string } => action.uri !== null)
    .map((action, index) => ({
      type: 'button',
      style: index === 0 ? 'primary' : 'link',
      color,
      scaling: true,
      action: { type: 'uri', ...action },
    }))
}
