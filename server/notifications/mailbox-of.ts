import { accountsOf, ensureMailAccount } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'

type Told = { told: string; address: string }

/**
 * Where this person reads mail, as an account of theirs (made, where there is none yet): what they typed
 * when they paid for this very order; a mailbox that they have shown to be theirs; where Stripe writes to
 * them; what LINE knows. What somebody typed for another order proves nothing, and is not used.
 * null: nobody has told.
 */
export async function mailboxOf(
  tx: Tx,
  personId: string,
  orderId: string | null,
): Promise<AccountRow | null> {
  const accounts = await accountsOf(tx, personId)
  const language = accounts.find((account) => account.language)?.language ?? null
  const order = orderId ? await orderOf(tx, orderId) : undefined
  if (order?.payer_mail) {
    const told = { told: order.id, address: order.payer_mail }
    const payer = await ensureMailAccount(tx, { ...told, personId, language })
    if (payer) return payer
  }
  // Anybody can write anybody's id into a link: what we know of that person is not for who did.
  if (order?.ownership === 'bare') return null
  const verified = accounts.find(({ channel, verified_at }) => channel === 'mail' && verified_at)
  if (verified) return verified
  for (const each of [...(await fromStripe(tx, personId)), ...fromLine(accounts)]) {
    const found = await ensureMailAccount(tx, { ...each, personId, language })
    if (found) return found
  }
  return null
}

function orderOf(tx: Tx, id: string) {
  return tx
    .selectFrom('orders')
    .select(['id', 'payer_mail', 'ownership'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The customer that became theirs last comes first. */
async function fromStripe(tx: Tx, personId: string): Promise<Told[]> {
  const customers = await tx
    .selectFrom('customers')
    .select(['id', 'mail'])
    .where('person_id', '=', personId)
    .where('deleted', '=', 0)
    .orderBy('linked_at', 'desc')
    .execute()
  return customers.flatMap(({ id, mail }) => (mail ? [{ told: id, address: mail }] : []))
}

/** Out of the ID token, where the buyer let LINE tell it. */
function fromLine(accounts: readonly AccountRow[]): Told[] {
  return accounts.flatMap(({ channel, address, email }) =>
    channel === 'line' && email ? [{ told: address, address: email }] : [],
  )
}
