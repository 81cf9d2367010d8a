import type { Store, Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { holdPeople } from './hold-people.ts'
import { type Merges, takePayer } from './merge-people.ts'
import { type LinkState, lookAtLink, spendIn } from './one-time-links.ts'
import { chatAccountOf } from './payers.ts'
import { describeAccount, findAccount } from './people.store.ts'
import type { Session } from './session.ts'

/** `mine`: it is theirs already. `taken`: it belongs to another LINE account. Else what is wrong with the link. */
export type Mailed =
  | { state: 'good' | 'mine'; mailbox: AccountRow }
  | { state: 'taken' | Exclude<LinkState, 'good'> }

/** What a mailed link would do for who asks. Changes nothing. */
export async function lookAtMailed(
  tx: Pick<Store, 'db'>['db'] | Tx,
  token: string,
  asks: Session,
  now: Date,
): Promise<Mailed> {
  const { state, accountId } = await lookAtLink(tx, token, now, 'connect')
  const mailbox = accountId ? await findAccount(tx, accountId) : undefined
  if (!mailbox) return { state: state === 'other' ? 'other' : 'unknown' }
  // Who opens their mail once more wants to see that it is done, and not that the link is used up.
  if (mailbox.person_id === asks.personId) return { state: 'mine', mailbox }
  // Who claimed the payment has it without the mail, which may have gone to anybody: what they hold is theirs to see.
  if (state === 'good' && (await chatAccountOf(tx, mailbox.person_id))) return { state: 'taken' }
  return state === 'good' ? { state, mailbox } : { state }
}

/**
 * Whoever opened the mail and is logged in with LINE is this payer from now on: the link is used up, the
 * mailbox is proven, and the two persons are one. The typed address alone never does it.
 */
export function connectPayer(parts: Merges, token: string, asks: Session): Promise<Mailed> {
  return parts.store.transaction(async (tx) => {
    const now = parts.clock.now()
    const seen = await lookAtMailed(tx, token, asks, now)
    if (seen.state !== 'good') return seen
    // Held first, and looked at again: of two who press at once, the second sees what the first has done.
    await holdPeople(tx, [seen.mailbox.person_id, asks.personId])
    const is = await lookAtMailed(tx, token, asks, now)
    if (is.state !== 'good') return is
    const from = is.mailbox.person_id
    if (from !== seen.mailbox.person_id) throw new Error('the mailbox changed hands just now')
    const { state } = await takePayer(parts, tx, { from, into: asks.personId, how: 'link' })
    if (state === 'other') return { state: 'taken' }
    const spent = await spendIn(tx, token, now, 'connect')
    if (spent.state !== 'good') throw new Error('the link was spent just now')
    await describeAccount(tx, is.mailbox.id, { verified_at: now.toISOString() })
    return { state: 'mine', mailbox: { ...is.mailbox, person_id: asks.personId } }
  })
}
