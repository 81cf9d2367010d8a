import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { linkable } from './linkable.ts'
import { type AboutOrder, money } from './order-words.ts'
import { type Part, quietText, row, text } from './parts.ts'

/** LINE takes 30 KB a bubble; a row with a 60-character Japanese name costs about half a kilobyte. */
const MOST_ROWS = 20

/** One row an item, with quantity (kept on the sign's line by a no-break space) and amount; beyond 20 rows the rest is one line that leads to the order. */
export function itemRows(message: AboutOrder, words: Messages): Part[] {
  const { items, itemCount } = message.order
  const shown = items.slice(0, MOST_ROWS)
  const rows: Part[] = shown.map((item) =>
    row(
      text(`${cleanText(item.name, words.unnamedItem)} ×\u00a0${item.quantity}`),
      text(money(message, item.amount)),
    ),
  )
  const more = Math.max(itemCount, items.length) - shown.length
  return more > 0 ? [...rows, moreLine(words.moreItems(more), message.links?.order ?? null)] : rows
}

function moreLine(words: string, order: string | null): Part {
  const address = linkable(order)
  return quietText(words, address ? { address } : {})
}
