import type { OrderStatus } from '../../shared/api.ts'
import { nearestLanguage } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { tellOfPerson } from '../notifications/tell-of-person.ts'
import { ensurePayer, type Met, meetsPayers, type Payer } from '../people/payers.ts'
import type { CheckoutFacts, Tx } from '../ports.ts'
import type { OrderRow } from '../store/tables.ts'
import { giveOrderTo } from './orders.store.ts'

/**
 * Who paid without a word of who they are (a poster, a pricing table, a mail): the person of their Stripe
 * customer, or of the mailbox that a guest typed. null: the shop wants no such persons, nobody has paid,
 * or there is nothing to know them by.
 */
export async function payerOf(
  post: PostRoom,
  tx: Tx,
  facts: CheckoutFacts,
  status: OrderStatus,
): Promise<Met | null> {
  if (!meetsPayers(post) || status === 'expired' || status === 'failed') return null
  return meet(post, tx, {
    customer: facts.customer,
    told: facts.customer ?? facts.id,
    email: facts.payerMail,
    name: facts.payerName,
    language: nearestLanguage(facts.locale) ?? null,
  })
}

/** Whoever cannot be written to can never come into LINE by themselves: a person must look. */
export async function meet(post: PostRoom, tx: Tx, payer: Payer): Promise<Met | null> {
  const met = await ensurePayer(post, tx, payer)
  if (met?.isNew && !met.account)
    await tellOfPerson(post, tx, { why: 'no_mail', about: payer.told, cause: null })
  return met
}

/**
 * The customer behind an order that proves nothing (a bare id, a forged reference) is met by their mailbox,
 * and the order stays as it is. One that nobody has owned until now is its payer's.
 */
export async function meetPayer(
  post: PostRoom,
  tx: Tx,
  order: OrderRow,
  facts: CheckoutFacts,
): Promise<void> {
  const nobody = order.ownership === null && !order.person_id
  if (order.ownership !== 'bare' && !nobody) return
  const adopts = nobody && order.reference_forged === 0
  // A guest is known by this very order: without it there is nothing to be theirs.
  if (!facts.customer && !adopts) return
  const payer = await payerOf(post, tx, facts, order.status)
  if (!payer || !adopts) return
  const owner = { account_id: payer.account?.id ?? null, person_id: payer.personId }
  if (await giveOrderTo(tx, order.id, { ...owner, ownership: 'payer' }))
    Object.assign(order, owner, { ownership: 'payer', version: order.version + 1 })
}
