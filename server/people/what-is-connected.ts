import type { ConnectView } from '../../shared/api.ts'
import type { Db, SubscribedItem } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'

const MOST_SHOWN = 5
const ENDED = ['canceled', 'incomplete_expired']

/** What there is to be had by opening a mail, in so few words that its owner knows it and nobody learns of it. */
export async function whatIsConnected(
  db: Db,
  mailbox: AccountRow,
  connected: boolean,
): Promise<ConnectView> {
  const { person_id } = mailbox
  const subscriptions = await db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .select('subscriptions.items')
    .where('customers.person_id', '=', person_id)
    .where('subscriptions.status', 'not in', ENDED)
    .orderBy('subscriptions.started_at', 'desc')
    .limit(MOST_SHOWN)
    .execute()
  const orders = await db
    .selectFrom('orders')
    .innerJoin('order_items', 'order_items.order_id', 'orders.id')
    .select('order_items.name')
    .where('orders.person_id', '=', person_id)
    .where('orders.mode', '=', 'payment')
    .where('orders.status', 'not in', ['expired', 'failed'])
    .orderBy('orders.created_at', 'desc')
    .orderBy('order_items.position')
    .limit(MOST_SHOWN)
    .execute()
  const plans = subscriptions.flatMap(({ items }) =>
    (JSON.parse(items) as SubscribedItem[]).map(({ name }) => name),
  )
  return {
    mail: masked(mailbox.address),
    name: mailbox.name,
    plans: [...new Set(plans)],
    orders: [...new Set(orders.map(({ name }) => name))],
    connected,
  }
}

/** h•••@example.com: whoever owns it knows it, and whoever looks over a shoulder does not. */
export function masked(address: string): string {
  const at = address.lastIndexOf('@')
  const [first = ''] = address
  return at > 0 ? `${first}•••${address.slice(at)}` : '•••'
}
