import type { messagingApi } from '@line/bot-sdk'
import { contrastOf, darkenedForWhite, textColourOn } from '../../../shared/contrast.ts'
import { type Letter, shownShopName } from '../../letters/letter.ts'
import { linkable } from '../../letters/linkable.ts'
import { block, flexPart, flexText } from './parts.ts'

/** Below this a brand colour can hardly be told from the white paper under it. */
const BARELY_VISIBLE = 1.3

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
      { ...flexText({ words: shownShopName(shop.name) }), color },
      { ...flexText({ words: title, size: 'lg', weight: 'bold' }), color },
    ],
  }
}

function bodyOf(letter: Letter): messagingApi.FlexComponent[] {
  const filled = letter.blocks.filter((contents) => contents.length > 0)
  return filled.flatMap((parts, index) => {
    const contents = block(parts.map(flexPart))
    return index === 0 ? [contents] : [{ type: 'separator', margin: 'lg' }, contents]
  })
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
