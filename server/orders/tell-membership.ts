import { emitPersonLinked } from '../integrations/person-payload.ts'
import { mergesOf } from '../integrations/tell-merge.ts'
import { roleOfOffer, rulesOf } from '../memberships/reasons.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { tellOfPerson } from '../notifications/tell-of-person.ts'
import { takePayer } from '../people/merge-people.ts'
import { holdCustomer } from '../people/payers.ts'
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
  if (customer) await linkOwner(post, tx, { ...order, customer, person_id })
  if (order.mode === 'payment' && roleOfOffer(order.link, rulesOf(post.shop)))
    await ringBell(post, tx, {
      kind: 'person',
      about: person_id,
      // The version stays when nothing changed, and then nobody rings again.
      id: `${order.id}_${order.version}`,
    })
}

/** Who paid before anybody knew them turns out to be this LINE user: the two are one from now on. */
async function linkOwner(
  post: PostRoom,
  tx: Tx,
  order: OrderRow & { customer: string; person_id: string },
): Promise<void> {
  const { customer, person_id, ownership } = order
  if (await linkCustomer(tx, customer, person_id, post.clock.now()))
    return tellLink(post, tx, order)
  if (ownership !== 'sealed' && ownership !== 'claimed') return
  const from = (await holdCustomer(tx, customer))?.person_id ?? person_id
  const how = ownership === 'sealed' ? 'reference' : 'claim'
  const { state } = await takePayer(mergesOf(post), tx, { from, into: person_id, how })
  if (state === 'other' || state === 'undone')
    await tellOfPerson(post, tx, { why: 'customer_of_another', about: order.id, cause: null })
}

async function tellLink(
  post: PostRoom,
  tx: Tx,
  order: OrderRow & { customer: string; person_id: string },
): Promise<void> {
  const { customer, person_id: personId, ownership, mode, id } = order
  const how = ownership === 'claimed' ? 'claim' : 'checkout'
  const subject = `${customer}:${personId}`
  await emitPersonLinked(post, tx, { personId, subject, how, order: id })
  await ringBell(post, tx, { kind: 'note', about: customer })
  // Who has just bought once subscribes to nothing yet; when they do, that rings. A claim may come much later.
  if (mode === 'subscription' || ownership === 'claimed')
    await ringBell(post, tx, { kind: 'customer', about: customer })
}
