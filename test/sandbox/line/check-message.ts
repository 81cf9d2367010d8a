import { checkAction } from './check-action.ts'
import { checkFlex } from './check-flex.ts'
import {
  checkProperties,
  count,
  fault,
  isObject,
  label,
  type MessageFault,
  mustBeOneOf,
  type Rule,
  secureAddress,
  text,
} from './check-values.ts'

const MAX_MESSAGES = 5
const MAX_QUICK_REPLIES = 13
const anything: Rule = () => undefined
const number: Rule = (value) => (typeof value === 'number' ? undefined : 'Must be a number')

type MessageSpec = { required: string[]; rules: Record<string, Rule> }

/** Text is counted in UTF-16 code units. Templates and imagemaps are known by name only: Noren sends none. */
const MESSAGES: Record<string, MessageSpec> = {
  text: {
    required: ['text'],
    rules: { text: text(1, 5000), emojis: anything, quoteToken: text(1, 999) },
  },
  textV2: {
    required: ['text'],
    rules: { text: text(1, 5000), substitution: anything, quoteToken: text(1, 999) },
  },
  flex: {
    required: ['altText', 'contents'],
    rules: { altText: text(1, 1500), contents: anything },
  },
  sticker: {
    required: ['packageId', 'stickerId'],
    rules: { packageId: text(1, 99), stickerId: text(1, 99), quoteToken: text(1, 999) },
  },
  image: media('originalContentUrl', 'previewImageUrl'),
  video: media('originalContentUrl', 'previewImageUrl'),
  audio: {
    required: ['originalContentUrl', 'duration'],
    rules: { originalContentUrl: secureAddress, duration: count },
  },
  location: {
    required: ['title', 'address', 'latitude', 'longitude'],
    rules: { title: label(100), address: label(100), latitude: number, longitude: number },
  },
}

function media(...addresses: string[]): MessageSpec {
  const rules = Object.fromEntries(addresses.map((name) => [name, secureAddress]))
  return { required: addresses, rules: { ...rules, trackingId: text(1, 100) } }
}

/**
 * What LINE would refuse in the `messages` of a push, each fault with its place; an empty list means
 * that LINE would take them. Sizes and values after
 * https://developers.line.biz/en/reference/messaging-api/#message-objects.
 */
export function checkMessages(messages: unknown): MessageFault[] {
  if (!Array.isArray(messages) || messages.length < 1 || messages.length > MAX_MESSAGES)
    return [fault('messages', `Size must be between 1 and ${MAX_MESSAGES}`)]
  return messages.flatMap((message, index) => checkMessage(message, `messages[${index}]`))
}

function checkMessage(message: unknown, at: string): MessageFault[] {
  if (!isObject(message)) return [fault(at, 'must be an object')]
  const type = Object.keys(MESSAGES).find((name) => name === message['type'])
  const spec = type && MESSAGES[type]
  if (!spec) return [fault(`${at}.type`, mustBeOneOf(Object.keys(MESSAGES)))]
  const { contents, quickReply, sender } = message
  const elsewhere = ['quickReply', 'sender']
  return [
    ...checkProperties(message, at, spec.rules, { required: spec.required, elsewhere }),
    ...(type === 'flex' && contents !== undefined ? checkFlex(contents, `${at}.contents`) : []),
    ...(quickReply === undefined ? [] : checkQuickReply(quickReply, `${at}.quickReply`)),
    ...(sender === undefined ? [] : checkSender(sender, `${at}.sender`)),
  ]
}

function checkQuickReply(value: unknown, at: string): MessageFault[] {
  const items = isObject(value) ? value['items'] : undefined
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_QUICK_REPLIES)
    return [fault(`${at}.items`, `Size must be between 1 and ${MAX_QUICK_REPLIES}`)]
  return items.flatMap((item, index) => {
    const place = `${at}.items[${index}]`
    if (!isObject(item) || item['type'] !== 'action')
      return [fault(`${place}.type`, mustBeOneOf(['action']))]
    return [
      ...checkProperties(item, place, { imageUrl: secureAddress }, { elsewhere: ['action'] }),
      ...checkAction(item['action'], `${place}.action`, { labelled: true, max: 20 }),
    ]
  })
}

function checkSender(value: unknown, at: string): MessageFault[] {
  if (!isObject(value)) return [fault(at, 'must be an object')]
  const name: Rule = (given) =>
    /\bline\b/i.test(String(given)) ? 'May not contain a reserved word' : text(1, 20)(given)
  return checkProperties(value, at, { name, iconUrl: secureAddress })
}
