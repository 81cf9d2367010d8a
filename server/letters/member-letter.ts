import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatJapanDay } from '../../shared/japan-time.ts'
import type { MemberMessage } from '../ports.ts'
import { type Letter, shownShopName } from './letter.ts'
import { fact, type Part } from './parts.ts'
import { memberRows, priceOf } from './plan-words.ts'
import { inOneLine, type Sentence, sentenceTexts } from './sentences.ts'

export type MemberNews<Kind extends MemberMessage['kind']> = Extract<MemberMessage, { kind: Kind }>

/** One piece of news of a membership, before it is a letter. */
export type News = {
  title: string
  said: Sentence[]
  /** What a row shows already, so that only the notification says it in words */
  besides?: string[]
  /** Default: the role, the plan and its price */
  rows?: Part[]
  opens: keyof MemberMessage['links']
  /** Default: our usual words for that place */
  label?: string
}

/** The letter about a membership: what changes, when, for how much, and the one place to go. */
export function memberLetter(message: MemberMessage, words: Messages, news: News): Letter {
  const { language, links, shop } = message
  const said = inOneLine([...news.said, ...(news.besides ?? [])], language)
  return {
    altText: words.members.alt(shownShopName(shop.name), said),
    title: news.title,
    blocks: [sentenceTexts(news.said), news.rows ?? memberRows(message, words)],
    buttons: [
      { label: news.label ?? words.members.buttons[news.opens], address: links[news.opens] },
    ],
  }
}

/** The plan's price for a sentence; where it has none to name, the word for a fee. */
export function priceInWords(message: MemberMessage, words: Messages): string {
  const price = message.plan && priceOf(message.plan, message, words)
  return price ?? words.members.fee
}

/** When the next payment is due, as a row and as a sentence. null: never. */
export function renewal(message: MemberMessage & { renewsAt: string | null }, words: Messages) {
  if (!message.renewsAt) return { rows: [], besides: [] }
  const day = formatJapanDay(new Date(message.renewsAt), message.language)
  const price = message.plan && priceOf(message.plan, message, words)
  return {
    rows: [fact(words.members.nextPayment, day)],
    besides: [price ? words.members.renews(day, price) : words.members.renewsOpen(day)],
  }
}
