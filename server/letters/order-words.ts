import { cleanText } from '../../shared/clean-text.ts'
import type { Messages } from '../../shared/i18n/messages/ja.ts'
import { formatMoney } from '../../shared/money.ts'
import type { OrderMessage } from '../ports.ts'

/** Whatever is said about an order, to its buyer or to the shop. */
export type AboutOrder = Pick<OrderMessage, 'order' | 'language'> & {
  shop: { name: string; taxNote?: string }
  links?: { order: string }
}

/** An amount of this order's currency, as the reader writes it. */
export function money(message: AboutOrder, amount: number): string {
  return formatMoney(amount, message.order.currency, message.language)
}

/** The order's total with the shop's tax note: "¥3,960（税込）". */
export function totalWithNote(message: OrderMessage, words: Messages): string {
  return withNote(money(message, message.order.amount), message.shop.taxNote ?? '', words)
}

/** A label or an amount followed by the shop's tax note, if it has one. */
export function withNote(shown: string, taxNote: string, words: Messages): string {
  const note = cleanText(taxNote, '', 30)
  return note ? words.withTaxNote(shown, note) : shown
}

export function orderNumber(message: AboutOrder): string {
  return cleanText(message.order.number, '-', 40)
}

/** The first item's name and how many kinds more: "煎茶 ほか2点". */
export function itemsInShort(message: AboutOrder, words: Messages): string {
  const { items, itemCount } = message.order
  const first = cleanText(items[0]?.name ?? '', words.unnamedItem, 30)
  return words.itemAndMore(first, Math.max(itemCount, items.length) - 1)
}

/** "PayPay", "コンビニ払い"; null when nothing was paid with. */
export function paymentMethod(message: AboutOrder, words: Messages): string | null {
  const name = message.order.paymentMethod
  return name ? wordFor(name, words.methods) : null
}

/** Our word for what Stripe calls `name`; Stripe adds methods and stores freely, and those keep its name. */
export function wordFor(name: string, known: Record<string, string>): string {
  return Object.hasOwn(known, name) ? known[name]! : cleanText(name, '-', 40)
}
