import { nearestLanguage } from '../../shared/language.ts'
import { revokeLinks } from '../people/one-time-links.ts'
import { chatAccountOf, inviteLater, meetsPayers } from '../people/payers.ts'
import {
  ensureMailAccount,
  findAccount,
  isSameMail,
  mailAccountId,
} from '../people/people.store.ts'
import type { Db, PayerFacts, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { findCustomer } from './subscriptions.store.ts'

/**
 * Brings the mailbox of a customer whom we know to where Stripe writes by now. A new address has been shown
 * by nobody to be theirs: links that went to the old one open nothing any more, and whoever has not come
 * into LINE yet is invited anew. Throws when Stripe does not answer.
 */
export async function refreshPayer(
  { post, stripe }: MemberDesk,
  customer: string,
  cause: string,
): Promise<void> {
  const { db } = post.store
  if (!meetsPayers(post) || !(await mailboxOf(db, customer))) return
  const payer = await stripe.fetchPayer(customer)
  if (!payer?.email) return
  await post.store.transaction(async (tx) => {
    const known = await mailboxOf(tx, customer)
    if (!known || (known.box && isSameMail(known.box.address, payer.email ?? ''))) return
    const { owner, inChat } = known
    const account = await moveMailbox(tx, payer, owner)
    if (!account) return
    for (const id of new Set([account.id, mailAccountId(customer)])) {
      await revokeLinks(tx, id)
      await withdrawInvites(tx, id)
    }
    if (!inChat) await inviteLater(post, tx, account.id, { id: cause })
  })
}

type Known = { owner: string; box: AccountRow | undefined; inChat: boolean }

/** null: nobody's, or a LINE user's without a mailbox: that is made where a mail is to be sent, and not before. */
async function mailboxOf(db: Db | Tx, customer: string): Promise<Known | null> {
  const owner = (await findCustomer(db, customer))?.person_id
  if (!owner) return null
  const box = await findAccount(db, mailAccountId(customer))
  const inChat = (await chatAccountOf(db, owner)) !== null
  return inChat && !box ? null : { owner, box, inChat }
}

/** One that is on its way would bring a link that opens nothing. */
async function withdrawInvites(tx: Tx, accountId: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ state: 'superseded', body: '' })
    .where('account_id', '=', accountId)
    .where('kind', '=', 'invite')
    .where('state', 'in', ['pending', 'waiting'])
    .execute()
}

function moveMailbox(tx: Tx, { id, email, name, locale }: PayerFacts, personId: string) {
  return ensureMailAccount(tx, {
    ...{ told: id, address: email ?? '', personId, name },
    language: nearestLanguage(locale) ?? null,
  })
}
