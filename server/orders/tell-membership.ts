import { emitPersonLinked } from '../integrations/person-payload.ts'
import { roleOfOffer, rulesOf } from '../memberships/reasons.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { linkCustomer } from '../people/people.store.ts'
import { ringBell } from '../people/ring-bell.ts'
import type { Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'

/**
 * What an order may mean for its owner's membership, rung within the order's own transaction: a customer
 * that is theirs from now on, or a purchase that gives (or no longer gives) a role. A bare id in a link
 * is a claim that anybody can make: it links nobody and gives nothing.
 */
export async function tellMembership(post: PostRoom, tx: Tx, order: OrderRow): Promise<void> {
  const { customer, person_id, ownership } = order
  if (!person_id || ownership === 'bare') return
  const isNew = customer && (await linkCustomer(tx, customer, person_id, post.clock.now()))
  if (isNew) {
    const how = ownership === 'claimed' ? 'claim' : 'checkout'
    const subject = `${customer}:${person_id}`
    await emitPersonLinked(post, tx, { personId: person_id, subject, how, order: order.id })
  }
  // Who has just bought once subscribes to nothing yet; when they do, that rings. A claim may come much later.
  if (isNew && (order.mode === 'subscription' || ownership === 'claimed'))
    await ringBell(post, tx, { kind: 'customer', about: customer })
  if (order.mode === 'payment' && roleOfOffer(order.link, rulesOf(post.shop)))
    await ringBell(post, tx, {
      kind: 'person',
      about: person_id,
      // The version stays when nothing changed, and then nobody rings again.
      id: `${order.id}_${order.version}`,
    })
}
