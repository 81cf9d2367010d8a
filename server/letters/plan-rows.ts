import type { Messages } from '../../shared/i18n/messages/ja.ts'
import type { PlanWords } from '../ports.ts'
import { group, type Part, quietText, text } from './parts.ts'
import { type PlanReader, planName, priceOf } from './plan-words.ts'

/** More would be a catalogue; the page behind the button shows them all. */
const MOST_ROWS = 10

/** Each plan with what it costs; beyond ten, how many more there are. */
export function planRows(answer: PlanReader & { plans: PlanWords[] }, words: Messages): Part[] {
  const rows: Part[] = answer.plans.slice(0, MOST_ROWS).map((plan, at) => {
    const price = priceOf(plan, answer, words)
    const name = text(planName(plan, words), { weight: 'bold' })
    return group(price ? [name, text(price)] : [name], at === 0 ? 'none' : 'md')
  })
  const more = answer.plans.length - rows.length
  return more > 0 ? [...rows, quietText(words.chat.guest.more(more))] : rows
}
