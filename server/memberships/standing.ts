import type { MembershipRules } from '../shop/define-shop.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { aheadTimes } from './ahead.ts'

/** What a subscription means for the membership it pays for, at one moment. */
export type Standing = {
  /** It makes its owner a member now */
  member: boolean
  state:
    | 'active'
    | 'trial'
    | 'leaving'
    | 'past_due'
    | 'paused'
    | 'lapsed'
    | 'disputed'
    | 'unfinished'
    | 'ended'
  /** What the state is about: next payment, first payment, end, end of the grace, end of the pause. ISO UTC */
  at: string | null
  /** When time alone makes something of it (a word to say, a role to take): Stripe is asked again then */
  changesAt: string[]
}

type Policy = 'member' | 'grace' | 'nothing'

/**
 * Stripe's status, and what it is worth: the one table (docs/members.md says it for shopkeepers). A word
 * that Stripe adds later is worth nothing until somebody has thought about it.
 */
export const STATUS_POLICY: Readonly<Record<string, Policy>> = {
  active: 'member',
  trialing: 'member',
  past_due: 'grace',
  unpaid: 'nothing',
  paused: 'nothing',
  incomplete: 'nothing',
  incomplete_expired: 'nothing',
  canceled: 'nothing',
}

/**
 * How payments pause while the status stays active (`pause_collection.behavior`), by what Stripe says
 * they are for: `void` while nothing can be provided, the others while it goes on free or is paid later
 * (https://docs.stripe.com/billing/subscriptions/pause-payment).
 */
const PAUSE_POLICY: Readonly<Record<string, Policy>> = {
  void: 'nothing',
  mark_uncollectible: 'member',
  keep_as_draft: 'member',
}

export const DEFAULT_GRACE_DAYS = 7
/** Said so long before: a trial turns paid, a grace ends. */
export const TRIAL_NOTICE_DAYS = 3
export const GRACE_NOTICE_DAYS = 2
const DAY_MS = 86_400_000

/**
 * Where a subscription stands. By Stripe's own time for a customer on a test clock, by `now` for
 * everybody else; from what is stored alone, so that the order in which events came cannot matter.
 */
export function standingOf(
  subscription: SubscriptionRow,
  rules: MembershipRules,
  now: Date,
): Standing {
  const { status, cancel_at, trial_end, period_end, pause, pause_until } = subscription
  const policy = STATUS_POLICY[status] ?? 'nothing'
  const none = { member: false, at: null, changesAt: [] }
  if (status === 'canceled') return { ...none, state: 'ended', at: subscription.ended_at }
  if (status === 'incomplete' || status === 'incomplete_expired')
    return { ...none, state: 'unfinished' }
  if (isDisputed(subscription) && rules.onDispute !== 'keep') return { ...none, state: 'disputed' }
  if (status === 'paused') return { ...none, state: 'paused', at: pause_until }
  if (pause && PAUSE_POLICY[pause] !== 'member')
    return { ...none, state: 'paused', at: pause_until }
  if (policy === 'grace') return standingInGrace(subscription, rules, timeOf(subscription, now))
  if (policy === 'nothing') return { ...none, state: 'lapsed' }
  const ends = cancel_at ? [cancel_at] : []
  if (cancel_at) return { member: true, state: 'leaving', at: cancel_at, changesAt: ends }
  const ahead = aheadTimes(subscription, now)
  if (status === 'trialing' && trial_end)
    return {
      member: true,
      state: 'trial',
      at: trial_end,
      changesAt: [daysFrom(trial_end, -TRIAL_NOTICE_DAYS), trial_end, ...ahead],
    }
  return { member: true, state: 'active', at: period_end, changesAt: ahead }
}

/** Their time: a test clock may stand months away from everybody else's. */
export function timeOf({ clock_at }: Pick<SubscriptionRow, 'clock_at'>, now: Date): Date {
  return clock_at ? new Date(clock_at) : now
}

/** The payment could not be taken: still a member for so many days from when it was asked for. */
function standingInGrace(
  { invoice_at, started_at }: SubscriptionRow,
  { graceDays = DEFAULT_GRACE_DAYS }: MembershipRules,
  now: Date,
): Standing {
  const ends = daysFrom(invoice_at ?? started_at, graceDays)
  if (now.getTime() >= Date.parse(ends))
    return { member: false, state: 'lapsed', at: null, changesAt: [] }
  const notice = graceDays > GRACE_NOTICE_DAYS ? [daysFrom(ends, -GRACE_NOTICE_DAYS)] : []
  return { member: true, state: 'past_due', at: ends, changesAt: [...notice, ends] }
}

export function isDisputed({ disputed }: Pick<SubscriptionRow, 'disputed'>): boolean {
  return disputed !== '[]'
}

/** Not ended, and not one that never began: somebody pays for it, or should. */
export function isLiving({ status }: Pick<SubscriptionRow, 'status'>): boolean {
  return !['canceled', 'incomplete', 'incomplete_expired'].includes(status)
}

export function daysFrom(time: string, days: number): string {
  return new Date(Date.parse(time) + days * DAY_MS).toISOString()
}
