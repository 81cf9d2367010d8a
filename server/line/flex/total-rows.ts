import type { messagingApi } from '@line/bot-sdk'
import type { Messages } from '../../../shared/i18n/messages/ja.ts'
import type { OrderMessage } from '../../ports.ts'
import { money, withNote } from './order-words.ts'
import { quietText, row, text } from './parts.ts'

/** The sum, and on the way to it only what changes it; then the tax that was in it all along, if any. */
export function totalRows(message: OrderMessage, words: Messages): messagingApi.FlexBox[] {
  const { amount, subtotal, discount, shipping, tax } = message.order
  const line = (label: string, value: number) => row(quietText(label), text(money(message, value)))
  const taxIsWithin = tax > 0 && subtotal - discount + shipping === amount
  const taxIsAdded = tax > 0 && !taxIsWithin
  const steps = [
    ...(discount > 0 ? [line(words.discount, -discount)] : []),
    ...(shipping > 0 ? [line(words.shipping, shipping)] : []),
    ...(taxIsAdded ? [line(words.tax, tax)] : []),
  ]
  return [
    ...(steps.length > 0 ? [line(words.subtotal, subtotal), ...steps] : []),
    row(
      text(withNote(words.total, message, words), { weight: 'bold' }),
      text(money(message, amount), { size: 'lg', weight: 'bold' }),
    ),
    ...(taxIsWithin ? [line(words.taxIncluded, tax)] : []),
  ]
}
