import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import type { Letter } from '../../letters/letter.ts'
import { planRows } from '../../letters/plan-rows.ts'
import { planInShort } from '../../letters/plan-words.ts'
import type { ChatAnswer } from '../../ports.ts'
import { answerLetter } from './answer-letter.ts'

/** A notification has 1,500 characters for everything, and a name alone may take 160 of them. */
const MOST_IN_NOTIFICATION = 3

type Guest = Extract<ChatAnswer, { kind: 'guest' }>

/** To somebody who is no member: which plans there are, what they cost, where to read on and join. */
export function guestAnswer(answer: Guest, words: Messages): Letter {
  const { guest } = words.chat
  const { links, plans } = answer
  if (plans.length === 0)
    return answerLetter({ ...answer, computer: null }, words, {
      title: guest.title,
      said: [guest.none],
      buttons: [{ label: guest.seeShop, address: links.shop }],
    })
  return answerLetter(answer, words, {
    title: guest.title,
    said: [guest.lead, guest.next],
    rows: planRows(answer, words),
    besides: inNotification(answer, words),
    buttons: [{ label: guest.join, address: links.join }],
  })
}

function inNotification(answer: Guest, words: Messages): string[] {
  const { listed, guest } = words.chat
  const named = answer.plans
    .slice(0, MOST_IN_NOTIFICATION)
    .map((plan) => listed(planInShort(plan, answer, words)))
  const more = answer.plans.length - named.length
  return more > 0 ? [...named, listed(guest.more(more))] : named
}
