import type { Localized } from '../../shared/language.ts'
import type { PostRoom } from '../notifications/notify.ts'
import { type MemberNews, notifyMember } from '../notifications/notify-member.ts'
import type { Tx } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { announceAhead } from './announce-ahead.ts'
import { part, sayUnpaid } from './announce-end.ts'
import { type PlanNames, planNames } from './plan-names.ts'
import { planOfItems } from './plan-of-items.ts'
import {
  itemsOf,
  type Reason,
  type RoleRules,
  rankOf,
  roleOfItems,
  timeOfReason,
} from './reasons.ts'
import {
  DEFAULT_GRACE_DAYS,
  daysFrom,
  GRACE_NOTICE_DAYS,
  isLiving,
  type Standing,
  standingOf,
  TRIAL_NOTICE_DAYS,
} from './standing.ts'
import type { Changed } from './subscriptions.store.ts'
import { tellStaffOfUnpaid } from './tell-staff-of-unpaid.ts'

/** What a person is now, what they were, and what of it has just been written. */
export type Change = {
  accounts: readonly AccountRow[]
  reasons: readonly Reason[]
  was: string
  role: string
  changed: readonly Changed[]
  cause: string | null
  rules: RoleRules
}
/** False: it was said before. */
export type Say = (reason: Reason, subject: string, news: MemberNews) => Promise<boolean>

const DAY_MS = 86_400_000

/**
 * Turns what changed into messages, each once for its cause: the unique key of a delivery is the invoice,
 * the trial, the subscription or its version. Goods that are subscribed to are no membership, and silent.
 */
export async function announceMembership(post: PostRoom, tx: Tx, change: Change): Promise<void> {
  const { accounts, reasons, cause } = change
  const now = post.clock.now()
  const say: Say = async (reason, subject, news) => {
    const names = await planNames(tx, post.shop)
    const named =
      news.kind === 'plan_changed' ? { ...news, before: namedBy(names, news.before) } : news
    const words = wordsFor(reason, names, change.rules)
    if (news.kind === 'payment_failed')
      await tellStaffOfUnpaid(post, tx, subject, news, words, cause)
    return notifyMember(post, tx, { accounts, subject, news: named, cause, ...words })
  }
  const rose = rankOf(change.role, change.rules) < rankOf(change.was, change.rules)
  const fell = rankOf(change.role, change.rules) > rankOf(change.was, change.rules)
  const greeted = rose ? await greet(post, say, change, now) : null
  const parted = fell ? await part(say, change) : null
  for (const reason of reasons) {
    const told = reason === greeted || reason === parted
    await announceTime(say, reason, change.rules, timeOfReason(reason, now))
    await announceAhead(say, reason, timeOfReason(reason, now))
    const changed = change.changed.find(({ after }) => after.id === reason.id)
    if (changed?.before && !told) await announceChange(say, reason, changed, change.rules, now)
  }
}

function wordsFor({ role, subscription }: Reason, names: PlanNames, rules: RoleRules) {
  const plan = planOfItems(subscription, rules)
  return { role, plan: plan && namedBy(names, plan) }
}

function namedBy<Plan extends object>(
  names: PlanNames,
  plan: Plan,
): Plan & { names: Localized | null } {
  return { ...plan, names: 'price' in plan ? names(String(plan.price)) : null }
}

/** A member, or one of higher rank, by the reason that counts now. The same one again is a return. */
async function greet(post: PostRoom, say: Say, change: Change, now: Date): Promise<Reason | null> {
  const counting = change.reasons.filter(({ counts, role }) => counts && role === change.role)
  const reason = counting.toSorted((a, b) => (a.since > b.since ? -1 : 1))[0]
  const before = change.changed.find(({ after }) => after.id === reason?.id)?.before
  // The same subscription at another price: told as that, not as a welcome.
  if (!reason || (before && standingOf(before, change.rules.membership, now).member)) return null
  const { standing, subscription } = reason
  const ends = reason.until ?? (standing?.state === 'leaving' ? standing.at : null)
  const renewsAt = ends ? null : (subscription?.period_end ?? null)
  const trialEnd = standing?.state === 'trial' ? standing.at : null
  const late = hoursBetween(reason.since, timeOfReason(reason, now)) > (post.shop.lateAfter ?? 72)
  // Who has been one for long, and whom we only learn of now, is not greeted like a stranger.
  const welcome = { kind: 'welcome' as const, trialEnd, renewsAt, endsAt: ends }
  if (!late && (await say(reason, reason.id, welcome))) return reason
  if (before && subscription)
    await say(reason, `${reason.id}:${subscription.version}`, { kind: 'resumed', renewsAt })
  return reason
}

/** What time brings: a trial turns paid, a payment failed, a grace ends. */
async function announceTime(
  say: Say,
  reason: Reason,
  { membership }: RoleRules,
  now: Date,
): Promise<void> {
  const { subscription, standing } = reason
  if (!subscription || !standing?.at) return
  if (standing.state === 'trial') {
    const { trial_end, started_at } = subscription
    const notice = Date.parse(standing.at) - TRIAL_NOTICE_DAYS * DAY_MS
    // A trial that is no longer than the notice was told of with the welcome.
    if (trial_end && now.getTime() >= notice && Date.parse(started_at) < notice)
      await say(reason, `${reason.id}:${trial_end}`, { kind: 'trial_ending', at: trial_end })
  }
  if (standing.state !== 'past_due') return
  const news = await sayUnpaid(say, reason, standing.at)
  // A grace that is no longer than the notice was told of with the failure.
  const { graceDays = DEFAULT_GRACE_DAYS } = membership
  if (graceDays <= GRACE_NOTICE_DAYS) return
  if (news || daysFrom(standing.at, -GRACE_NOTICE_DAYS) > now.toISOString()) return
  await sayUnpaid(say, reason, standing.at, 'grace_ending')
}

/** What became of one subscription that still is what it was: another plan, a pause, a leave, a change of mind. */
async function announceChange(
  say: Say,
  reason: Reason,
  { before, after }: Changed,
  rules: RoleRules,
  now: Date,
): Promise<void> {
  if (!before || !isLiving(after) || !isLiving(before)) return
  const was = standingOf(before, rules.membership, now)
  const is = standingOf(after, rules.membership, now)
  const subject = `${after.id}:${after.version}`
  const renewsAt = after.cancel_at ? null : after.period_end
  if (isOtherPlan(before, after) && roleOfItems(itemsOf(before), rules)) {
    const plan = planOfItems(before, rules)
    if (plan) await say(reason, subject, { kind: 'plan_changed', before: plan, renewsAt })
  }
  if (is.state !== was.state) await announceState(say, reason, subject, was, is, renewsAt)
}

async function announceState(
  say: Say,
  reason: Reason,
  subject: string,
  was: Standing,
  is: Standing,
  renewsAt: string | null,
): Promise<void> {
  if (is.state === 'paused') await say(reason, subject, { kind: 'paused', until: is.at })
  else if (was.state === 'paused' && is.member)
    await say(reason, subject, { kind: 'resumed', renewsAt })
  else if (is.state === 'leaving' && is.at)
    await say(reason, subject, { kind: 'leaving', at: is.at })
  else if (was.state === 'leaving' && is.member)
    await say(reason, subject, { kind: 'staying', renewsAt })
}

/** Other prices than before: what somebody subscribes to has changed. */
export function isOtherPlan(before: Changed['after'], after: Changed['after']): boolean {
  const prices = (row: Changed['after']) =>
    itemsOf(row)
      .map(({ price }) => price)
      .toSorted()
      .join()
  return prices(before) !== prices(after)
}

function hoursBetween(from: string, to: Date): number {
  return (to.getTime() - Date.parse(from)) / 3_600_000
}
