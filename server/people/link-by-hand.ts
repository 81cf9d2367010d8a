import { nearestLanguage } from '../../shared/language.ts'
import type { Clock, PayerFacts, Store } from '../ports.ts'
import { type Merges, type Taken, takePayer } from './merge-people.ts'
import { chatAccountOf, ensurePayer, inviteLater } from './payers.ts'

type Books = { store: Store; clock: Clock }

/** A person says that this customer is that LINE user: undoable as every merge, and never a theft. */
export function linkByHand(parts: Merges, payer: PayerFacts, into: string): Promise<Taken> {
  return parts.store.transaction(async (tx) => {
    // Whoever was forgotten, and is linked by hand, is known again.
    await tx.deleteFrom('left_alone').where('customer_id', '=', payer.id).execute()
    const met = await ensurePayer(parts, tx, payerOf(payer))
    if (!met) throw new Error(`nobody could be made of ${payer.id}`)
    return takePayer(parts, tx, { from: met.personId, into, how: 'hand' })
  })
}

/** A fresh mail to where Stripe writes to this customer. Says where it goes, or why it cannot. */
export function inviteByHand(
  parts: Books,
  payer: PayerFacts,
): Promise<{ address: string } | 'in_line' | 'no_mail' | 'forgotten'> {
  return parts.store.transaction(async (tx) => {
    const met = await ensurePayer(parts, tx, payerOf(payer))
    if (!met) return 'forgotten'
    if (await chatAccountOf(tx, met.personId)) return 'in_line'
    if (!met.account) return 'no_mail'
    // Whoever is made known by it is invited by that.
    if (!met.isNew)
      await inviteLater(parts, tx, met.account.id, { id: parts.clock.now().toISOString() })
    return { address: met.account.address }
  })
}

function payerOf({ id, email, name, locale }: PayerFacts) {
  const language = nearestLanguage(locale) ?? null
  return { customer: id, told: id, email, name, language }
}
