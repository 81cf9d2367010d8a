import type { messagingApi } from '@line/bot-sdk'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { messagesIn } from '../../shared/i18n/messages/messages-in.ts'
import { campaignLetter, withWayOut } from '../letters/campaign.ts'
import { type Letter, shownShopName } from '../letters/letter.ts'
import { letterToBuyer } from '../letters/letter-to-buyer.ts'
import { letterToMember } from '../letters/letter-to-member.ts'
import { staffLine } from '../letters/staff-lines.ts'
import { type ForStaff, isForStaff } from '../letters/who-hears.ts'
import type { Message } from '../ports.ts'
import { flexLetter } from './flex/letter.ts'

/**
 * The JSON of a push request's `messages` array, within LINE's limits (altText 1,500 characters,
 * bubble 30 KB, text 5,000) whatever the items are called. Throws a TypeError for a brand colour that
 * is not #rrggbb and a RangeError for a time or currency that is none
 * (https://developers.line.biz/en/reference/messaging-api/#flex-message).
 */
export function renderMessage(message: Message): string {
  return JSON.stringify([renderOne(message)])
}

function renderOne(message: Message): messagingApi.Message {
  if (isForStaff(message))
    return { type: 'text', text: `【${shownShopName(message.shop.name)}】${staffLine(message)}` }
  const words = messagesIn(message.language)
  return flexLetter(letterFor(message, words), message.shop)
}

function letterFor(message: Exclude<Message, ForStaff>, words: Messages): Letter {
  if (message.kind === 'campaign') return withWayOut(campaignLetter(message, words), message, words)
  return 'order' in message ? letterToBuyer(message, words) : letterToMember(message, words)
}
