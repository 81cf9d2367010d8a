import type { messagingApi } from '@line/bot-sdk'
import type { Part, Text } from '../../letters/parts.ts'

const INK = '#222222'
/** 7.5:1 on white; the #AAAAAA of most sample receipts is 2.3:1 */
const QUIET = '#555555'

/** A part of a letter in Flex. */
export function flexPart(part: Part): messagingApi.FlexComponent {
  switch (part.part) {
    case 'text':
      return flexText(part)
    case 'row':
      return sideBySide([
        { ...flexText(part.left), flex: 1 },
        { ...flexText(part.right), flex: 0, align: 'end' },
      ])
    case 'fact':
      return sideBySide([
        { ...flexText({ words: part.label, quiet: true }), flex: 0 },
        { ...flexText(part.value), flex: 1, align: 'end' },
      ])
    case 'group':
      return block(part.contents.map(flexPart), part.apart)
    case 'word':
      return wordRow(part)
  }
}

/** Text that wraps and follows the reader's font size. */
export function flexText({ words, size, weight, quiet, address }: Text): messagingApi.FlexText {
  return {
    type: 'text',
    text: words,
    size: size ?? 'sm',
    color: quiet ? QUIET : INK,
    wrap: true,
    scaling: true,
    ...(weight && { weight }),
    ...(address && {
      decoration: 'underline' as const,
      action: { type: 'uri' as const, label: words, uri: address },
    }),
  }
}

export function block(contents: messagingApi.FlexComponent[], margin = 'lg'): messagingApi.FlexBox {
  return { type: 'box', layout: 'vertical', spacing: 'sm', margin, contents }
}

function sideBySide(contents: messagingApi.FlexText[]): messagingApi.FlexBox {
  return { type: 'box', layout: 'horizontal', spacing: 'md', contents }
}

function wordRow({ word, does }: Extract<Part, { part: 'word' }>): messagingApi.FlexBox {
  return {
    ...sideBySide([
      { ...flexText({ words: word, weight: 'bold' }), flex: 0, decoration: 'underline' },
      { ...flexText({ words: does, quiet: true }), flex: 1, align: 'end' },
    ]),
    action: { type: 'message', label: word, text: word },
  }
}
