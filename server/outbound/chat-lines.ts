import { cleanText } from '../../shared/clean-text.ts'
import { WEBHOOK_WORDS } from '../../shared/i18n/webhooks.ts'
import { formatMoney } from '../../shared/money.ts'
import type {
  WebhookEvent,
  WebhookLink,
  WebhookMember,
  WebhookOrder,
  WebhookPlan,
} from '../../shared/webhooks.ts'
import type { OutboundLetter } from '../ports.ts'

type Row = [name: string, value: string]
type Words = (typeof WEBHOOK_WORDS)['ja']

const MOST_ITEMS = 3
const MOST_LETTERS = 80

/** What people read of a webhook: a title, and rows of a name and a value, as plain text. */
export function chatLines({ payload, language }: OutboundLetter): { title: string; rows: Row[] } {
  const event = JSON.parse(payload) as WebhookEvent
  const words = WEBHOOK_WORDS[language]
  const title = words.titles[event.type] ?? event.type
  return { title, rows: rowsOf(event, words, language).filter(([, value]) => value !== '') }
}

function rowsOf(event: WebhookEvent, words: Words, language: OutboundLetter['language']): Row[] {
  const money = (amount: number, currency: string) => formatMoney(amount, currency, language)
  switch (event.type) {
    case 'order.refunded':
      return [
        [words.refund, money(event.data.refund.amount, event.data.currency)],
        ...orderRows(event.data, words, money),
      ]
    case 'order.paid':
    case 'order.awaiting_payment':
      return orderRows(event.data, words, money)
    case 'member.joined':
    case 'member.left':
    case 'member.changed':
      return memberRows(event.data, words, money)
    case 'person.linked':
      return linkRows(event.data, words)
    default:
      return []
  }
}

type Money = (amount: number, currency: string) => string

function orderRows(order: WebhookOrder, words: Words, money: Money): Row[] {
  return [
    [words.order, clean(order.number)],
    [words.items, itemsOf(order, words)],
    [words.total, money(order.amount, order.currency)],
    [words.buyer, clean(order.person?.name ?? '') || words.unknown],
    [words.source, clean(order.source ?? '')],
  ]
}

function itemsOf({ items, itemCount }: WebhookOrder, words: Words): string {
  const shown = items
    .slice(0, MOST_ITEMS)
    .map(({ name, quantity }) => `${clean(name)} × ${quantity}`)
  const more = itemCount - shown.length
  return [...shown, ...(more > 0 ? [words.more(more)] : [])].join('、')
}

function memberRows(member: WebhookMember, words: Words, money: Money): Row[] {
  const { before, after } = member.role
  return [
    [words.buyer, clean(member.person.name ?? '') || words.unknown],
    [words.role, before === after ? after : `${before} → ${after}`],
    [words.plan, planOf(member.plan, money)],
  ]
}

function planOf(plan: WebhookPlan | null, money: Money): string {
  if (!plan) return ''
  return [clean(plan.name), plan.amount === null ? '' : money(plan.amount, plan.currency)]
    .filter(Boolean)
    .join(' ')
}

function linkRows(link: WebhookLink, words: Words): Row[] {
  return [
    [words.buyer, clean(link.person.name ?? '') || words.unknown],
    [words.customer, link.customers.slice(0, 5).join(', ')],
  ]
}

const clean = (text: string) => cleanText(text, '', MOST_LETTERS)
