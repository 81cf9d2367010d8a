import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { Language } from '../../shared/language.ts'
import { formatMoney } from '../../shared/money.ts'
import type { PlanWords } from '../ports.ts'
import { withNote } from './order-words.ts'
import { fact, type Part } from './parts.ts'

/** Whom a plan is written for: a member's message and an answer in the chat are both one. */
export type PlanReader = { language: Language; shop: { name: string; taxNote?: string } }

export function roleName(role: string, words: Messages): string {
  return cleanText(role, words.members.unnamedRole, 40)
}

export function planName(plan: PlanWords, words: Messages): string {
  return cleanText(plan.name, words.members.unnamedPlan, 40)
}

/** What one cycle costs, "¥980/月（税込）"; null where Stripe names no whole amount, as with a metered price. */
export function priceOf(plan: PlanWords, reader: PlanReader, words: Messages): string | null {
  const price = pricePerCycle(plan, reader, words)
  return price && withNote(price, reader.shop.taxNote ?? '', words)
}

function pricePerCycle(plan: PlanWords, reader: PlanReader, words: Messages): string | null {
  if (plan.amount === null) return null
  const amount = formatMoney(plan.amount, plan.currency, reader.language)
  return `${amount}${words.members.per[plan.interval](plan.intervalCount)}`
}

/** The plan with its price for the middle of a sentence: two prices of one plan are told apart by it. */
export function planInShort(plan: PlanWords, reader: PlanReader, words: Messages): string {
  const name = planName(plan, words)
  const price = pricePerCycle(plan, reader, words)
  return price ? words.members.planAt(name, price) : words.members.planAlone(name)
}

/** The rows under the news of a membership: what they are here, and what for how much. */
export function memberRows(
  member: PlanReader & { role: string; plan: PlanWords | null },
  words: Messages,
): Part[] {
  const { plan } = member
  const price = plan && priceOf(plan, member, words)
  return [
    ...(member.role === '' ? [] : [fact(words.members.role, roleName(member.role, words))]),
    ...(plan ? [fact(words.members.plan, planName(plan, words))] : []),
    ...(price ? [fact(words.members.price, price)] : []),
  ]
}
