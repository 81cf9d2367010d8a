import { accountsOf, isChat, lockPerson } from '../people/people.store.ts'
import type { Tx } from '../ports.ts'
import { findSign } from '../signs/signs.store.ts'
import { wishSign } from '../signs/wish-sign.ts'
import { announceMembership } from './announce-membership.ts'
import { emitMembership } from './emit-membership.ts'
import { findMembership, holdingsOf, writeMembership } from './memberships.store.ts'
import { GUEST, type Reason, reasonsOf, roleOf, rulesOf } from './reasons.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import type { Changed } from './subscriptions.store.ts'
import { tellOfDoubles } from './tell-of-doubles.ts'

/**
 * What a person is, from everything they hold: locks them, computes, and writes it. On a change their
 * accounts get another sign and hear of it. What did not change is not written and not said again.
 * Returns the role. Makes no call to anybody.
 */
export async function reconsiderPerson(
  desk: Pick<MemberDesk, 'post'>,
  tx: Tx,
  personId: string,
  { changed = [], cause = null }: { changed?: readonly Changed[]; cause?: string | null } = {},
): Promise<string> {
  const { post } = desk
  const now = post.clock.now()
  const rules = rulesOf(post.shop)
  // Forgotten in this moment: nobody is left to be anything.
  if (!(await lockPerson(tx, personId))) return GUEST
  const reasons = reasonsOf(await holdingsOf(tx, personId), rules, now)
  const before = await findMembership(tx, personId)
  const role = roleOf(reasons, rules)
  const reconsider_at = nextChange(reasons, now)
  const was = before?.role ?? GUEST
  if (before ? was !== role || before.reconsider_at !== reconsider_at : reasons.length > 0) {
    const since = before && was === role ? before.since : now.toISOString()
    const row = { person_id: personId, role, since, reconsider_at }
    await writeMembership(tx, { ...row, ...movedAt(was, role, now) })
  }
  const accounts = await accountsOf(tx, personId)
  // By each account's own sign: one that has just come to them, or left, shows what it was before.
  // A mailbox shows nobody what they are.
  for (const { id } of accounts.filter(isChat))
    if (role !== ((await findSign(tx, id))?.role ?? GUEST)) await wishSign(post, tx, id, role)
  await tellOfDoubles(post, tx, reasons, cause)
  const change = { accounts, reasons, was, role, changed, cause, rules }
  await announceMembership(post, tx, change)
  await emitMembership(post, tx, personId, change)
  return role
}

/** Who comes, and who goes, is told to the shop each morning; another role is neither. */
function movedAt(was: string, role: string, now: Date): { joined_at?: string; left_at?: string } {
  if ((was === GUEST) === (role === GUEST)) return {}
  return { [role === GUEST ? 'left_at' : 'joined_at']: now.toISOString() }
}

/**
 * When time alone may change something. What lies behind a test clock is told by Stripe's own events:
 * our clock will not get there for months.
 */
export function nextChange(reasons: readonly Reason[], now: Date): string | null {
  const times = reasons
    .filter(({ subscription }) => !subscription?.clock_at)
    .flatMap(({ changesAt }) => changesAt)
  return times.filter((at) => at > now.toISOString()).toSorted()[0] ?? null
}
