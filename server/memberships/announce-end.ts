import type { Change, Say } from './announce-membership.ts'
import { itemsOf, type Reason, roleOfItems } from './reasons.ts'
import { isLiving } from './standing.ts'

/**
 * The role is gone, or a lower one is left: by the reason that was lost last. What was said of an older
 * one is not said again, so the first that is news is it. Returns the reason that was told.
 */
export async function part(say: Say, change: Change): Promise<Reason | null> {
  const touched = new Set(change.changed.map(({ after }) => after.id))
  const lost = change.reasons
    .filter(({ counts, role }) => !counts && role === change.was)
    .toSorted((a, b) => (lostLast(a, touched) > lostLast(b, touched) ? -1 : 1))
  for (const reason of lost) if (await sayLost(say, reason)) return reason
  await sayDropped(say, change)
  return lost[0] ?? null
}

/** What has just been written comes first, then whatever does not say when. */
function lostLast({ id, lostAt }: Reason, touched: ReadonlySet<string>): string {
  if (touched.has(id)) return 'now'
  return lostAt ?? 'lately'
}

async function sayLost(say: Say, reason: Reason): Promise<boolean> {
  const { id, lost: because, subscription } = reason
  if (!because) return false
  if (because === 'paused') {
    const until = subscription?.pause_until ?? null
    return say(reason, `${id}:${subscription?.version ?? 0}`, { kind: 'paused', until })
  }
  if (because === 'unpaid' && subscription && isLiving(subscription)) {
    if (await sayUnpaid(say, reason, null)) return true
    return say(reason, `${id}:${subscription.invoice}`, { kind: 'ended', because: 'resting' })
  }
  // A bank may take back one payment after the other, each time with a membership in between.
  const which = because === 'disputed' && subscription ? `:${subscription.version}` : ''
  return say(reason, `${id}:${because}${which}`, { kind: 'ended', because })
}

/** Changed to something that gives no role at all: there is no reason left to name. */
async function sayDropped(say: Say, { changed, was, rules }: Change): Promise<void> {
  const drop = changed.find(
    ({ before, after }) => before && isLiving(after) && roleOfItems(itemsOf(before), rules) === was,
  )
  if (!drop?.before || roleOfItems(itemsOf(drop.after), rules)) return
  const reason = { id: drop.after.id, role: was, subscription: drop.before } as Reason
  const subject = `${drop.after.id}:${drop.after.version}`
  await say(reason, subject, { kind: 'ended', because: 'cancelled' })
}

/** A payment failed, or its grace ends: `until` then, null when it is over. False: it was said before. */
export async function sayUnpaid(
  say: Say,
  reason: Reason,
  until: string | null,
  kind: 'payment_failed' | 'grace_ending' = 'payment_failed',
): Promise<boolean> {
  const { invoice, invoice_amount } = reason.subscription ?? {}
  if (!invoice) return false
  return say(reason, invoice, { kind, amount: invoice_amount ?? 0, until })
}
