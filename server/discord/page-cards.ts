import type { Order } from '../../shared/api.ts'
import { formatJapanTime } from '../../shared/japan-time.ts'
import { memberState } from '../letters/member-state.ts'
import { itemsInShort, money } from '../letters/order-words.ts'
import { group, type Part, row, text } from '../letters/parts.ts'
import { planRows } from '../letters/plan-rows.ts'
import { memberRows } from '../letters/plan-words.ts'
import { type AnswerOf, aboutLink, type Card, type Said, sentences } from './answer-card.ts'
import { ASKS, type Button } from './buttons.ts'

/** To somebody who is no member: which plans there are, what they cost, and the way to the page before payment. */
export function guestCard(answer: AnswerOf<'guest'>, said: Said): Card {
  const { guest } = said.words.chat
  const { enter, plans, linked } = answer
  const none = plans.length === 0
  const main = { label: none ? guest.seeShop : guest.join, address: enter }
  return {
    title: guest.title,
    ...aboutLink(
      enter,
      [sentences(none ? [guest.none] : [guest.lead, guest.next]), planRows(answer, said.words)],
      said,
    ),
    buttons: [main, ...otherChat(linked, said.discord.buttons.memberInLine, said)],
  }
}

/** To a member: what they are, how it stands, and the way to their page (or to the till, where it waits). */
export function memberCard(answer: AnswerOf<'member'>, said: Said): Card {
  const { member } = said.words.chat
  const { enter, linked, state } = answer
  const label = state === 'past_due' ? member.pay : member.open
  return {
    title: member.title,
    ...aboutLink(
      enter,
      [sentences([memberState(answer, said.words)]), memberRows(answer, said.words)],
      said,
    ),
    buttons: [
      { label, address: enter },
      ...otherChat(linked, said.discord.buttons.connectLine, said),
    ],
  }
}

/** The newest few orders in short, and the way to all of them. */
export function ordersCard(answer: AnswerOf<'orders'>, said: Said): Card {
  const { title, open } = said.words.chat.orders
  const { latest, none } = said.discord.orders
  const { orders, enter } = answer
  return {
    title,
    ...aboutLink(
      enter,
      [
        sentences([orders.length > 0 ? latest : none]),
        orders.map((order, at) => shortOrder(answer, order, at, said)),
      ],
      said,
    ),
    buttons: [{ label: open, address: enter }],
  }
}

function shortOrder(
  { language, shop }: AnswerOf<'orders'>,
  order: Order,
  at: number,
  { words, discord }: Said,
): Part {
  const about = { order, language, shop }
  const when = formatJapanTime(order.paidAt ?? order.createdAt, language)
  const what = text(itemsInShort(about, words), { weight: 'bold' })
  const amount = row(text(money(about, order.amount)), text(discord.orders.status[order.status]))
  return group([what, amount, text(when)], at === 0 ? 'none' : 'md')
}

/** A button under a message was pressed: the page that it opens. */
export function openCard({ enter }: AnswerOf<'open'>, said: Said): Card {
  const { title, lead, button } = said.discord.open
  return {
    title,
    ...aboutLink(enter, [sentences(enter ? [lead] : [])], said),
    buttons: [{ label: button, address: enter }],
  }
}

/** Into the other chat for who is there as well; or out of it again. */
function otherChat(linked: boolean, label: string, { discord }: Said): Button[] {
  return [
    linked ? { label: discord.buttons.leaveLine, asks: ASKS.unlink } : { label, asks: ASKS.link },
  ]
}
