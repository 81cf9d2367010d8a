import type { AccountRow } from '../store/tables.ts'
import type { Circumstances } from './circumstances.store.ts'
import type { WhyNot } from './may-hear.ts'

/** What is open to campaigns at present; `line`: why nothing may go there, or null. */
export type Outlets = { line: WhyNot | null; mail: boolean }

/** `account`: null: a mailbox that is no account yet */
export type Way = { channel: 'line' | 'mail'; account: AccountRow | null }

/**
 * LINE where they are a friend, mail otherwise; and mail where LINE has nothing left for it. Never another chat:
 * Discord forbids its bots to advertise (https://support-dev.discord.com/hc/articles/8563934450327).
 */
export function wayTo(
  by: 'line' | 'mail' | undefined,
  around: Circumstances,
  outlets: Outlets,
): Way | WhyNot {
  const friend = around.accounts.find(({ channel, friend }) => channel === 'line' && friend === 1)
  if (friend && by !== 'mail') {
    if (!outlets.line) return { channel: 'line', account: friend }
    // An outage is over soon; what is used up stays so for the month.
    const other = outlets.line === 'no_messages' && by !== 'line' ? mailTo(around, outlets) : null
    return other ?? outlets.line
  }
  if (by === 'line') return 'no_friend'
  return mailTo(around, outlets) ?? (by === 'mail' ? 'no_mailbox' : 'not_reachable')
}

/** Of an account's id, where a customer of Stripe's told the mailbox, and not a till. */
const BY_CUSTOMER = 'mail:cus_'

/** A mailbox that was shown to be theirs, then where Stripe writes to them, before one that was only typed at a till. */
function mailTo(
  { accounts, stopped, hasMail }: Circumstances,
  outlets: Outlets,
): Way | 'opted_out' | null {
  if (!outlets.mail) return null
  const mailboxes = accounts.filter(({ channel, friend }) => channel === 'mail' && friend !== 0)
  const account =
    mailboxes.find(({ verified_at }) => verified_at) ??
    mailboxes.find(({ id }) => id.startsWith(BY_CUSTOMER)) ??
    mailboxes[0]
  if (account) return stopped.has(account.id) ? 'opted_out' : { channel: 'mail', account }
  return hasMail ? { channel: 'mail', account: null } : null
}
