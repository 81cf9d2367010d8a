import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { splitTax } from '../../shared/split-tax.ts'
import { type AboutOrder, money, withNote } from './order-words.ts'
import { type Part, quietText, row, text } from './parts.ts'

/** The sum, and on the way to it only what changes it; then the tax that was in it all along, if any. */
export function totalRows(message: AboutOrder, words: Messages): Part[] {
  const { amount, subtotal, discount, shipping } = message.order
  const line = (label: string, value: number) => row(quietText(label), text(money(message, value)))
  const tax = splitTax(message.order)
  const steps = [
    ...(discount > 0 ? [line(words.discount, -discount)] : []),
    ...(shipping > 0 ? [line(words.shipping, shipping)] : []),
    ...(tax.added > 0 ? [line(words.tax, tax.added)] : []),
  ]
  return [
    ...(steps.length > 0 ? [line(words.subtotal, subtotal), ...steps] : []),
    row(
      text(withNote(words.total, message.shop.taxNote ?? '', words), { weight: 'bold' }),
      text(money(message, amount), { size: 'lg', weight: 'bold' }),
    ),
    ...(tax.included > 0 ? [line(words.taxIncluded, tax.included)] : []),
  ]
}
