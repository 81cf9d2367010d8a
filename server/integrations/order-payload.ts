import type { Utm } from '../../shared/utm.ts'
import type { WebhookOrder } from '../../shared/webhooks.ts'
import type { Tx } from '../ports.ts'
import type { OrderItemRow, OrderRow } from '../store/tables.ts'
import { personPayload } from './person-payload.ts'

/** The rules advise 20 KB at the most; an order of a thousand items says how many there are. */
const MOST_ITEMS = 100

/**
 * What was bought in the end, line by line: quantities that the buyer changed and products that they added
 * on the payment page (cross-sell) are in it. `amount` is before discounts, `amountTotal` after them and with
 * tax, as Stripe says; in orders from before version 7 both are the former, and the price is null.
 */
export function contentsOf(items: readonly OrderItemRow[]): WebhookOrder['items'] {
  return items.map((item) => ({
    product: item.product,
    price: item.price,
    name: item.name,
    quantity: item.quantity,
    amount: item.amount,
    amountTotal: item.amount_total ?? item.amount,
  }))
}

/** An order as other systems are told of it, with whoever it belongs to. Amounts in minor units. */
export async function orderPayload(
  tx: Tx,
  order: OrderRow,
  items: readonly OrderItemRow[],
): Promise<WebhookOrder> {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    mode: order.mode,
    currency: order.currency,
    amount: order.amount,
    subtotal: order.subtotal,
    discount: order.discount,
    shipping: order.shipping,
    tax: order.tax,
    refunded: order.refunded,
    items: contentsOf(items.slice(0, MOST_ITEMS)),
    itemCount: order.item_count,
    paymentMethod: order.payment_method,
    source: order.source,
    utm: order.utm ? (JSON.parse(order.utm) as Utm) : null,
    link: order.link,
    customer: order.customer,
    person: order.person_id ? await personPayload(tx, order.person_id) : null,
    ownership: order.ownership,
    createdAt: order.created_at,
    paidAt: order.paid_at,
  }
}
