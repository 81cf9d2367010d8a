import type { messagingApi } from '@line/bot-sdk'

type Text = messagingApi.FlexText
type Box = messagingApi.FlexBox

const INK = '#222222'
/** 7.5:1 on white; the #AAAAAA of most sample receipts is 2.3:1 */
const QUIET = '#555555'

/** LINE's limit for an action's URI (https://developers.line.biz/en/reference/messaging-api/#uri-action). */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/
const LONGEST_URI = 1000

/** Text that wraps and follows the reader's font size. Never pass an empty one: LINE refuses the message. */
export function text(words: string, style: Partial<Text> = {}): Text {
  return { type: 'text', text: words, size: 'sm', color: INK, wrap: true, scaling: true, ...style }
}

export function quietText(words: string, style: Partial<Text> = {}): Text {
  return text(words, { color: QUIET, ...style })
}

/** What it is on the left, taking the room that is left over; its value on the right. */
export function row(left: Text, right: Text): Box {
  return {
    type: 'box',
    layout: 'horizontal',
    spacing: 'md',
    contents: [
      { ...left, flex: 1 },
      { ...right, flex: 0, align: 'end' },
    ],
  }
}

/** A name and what it says, the second one as long as it likes. */
export function fact(label: string, value: string, style: Partial<Text> = {}): Box {
  return {
    type: 'box',
    layout: 'horizontal',
    spacing: 'md',
    contents: [quietText(label, { flex: 0 }), text(value, { flex: 1, align: 'end', ...style })],
  }
}

export function block(contents: messagingApi.FlexComponent[], margin = 'lg'): Box {
  return { type: 'box', layout: 'vertical', spacing: 'sm', margin, contents }
}

/**
 * The address as LINE takes it (percent-encoded, at most 1000 characters), or null. https alone, but for a
 * shop that is tried out on the machine it runs on.
 */
export function linkable(address: string | null): string | null {
  if (!address || !URL.canParse(address)) return null
  const { protocol, hostname, href } = new URL(address)
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  return safe && href.length <= LONGEST_URI ? href : null
}
