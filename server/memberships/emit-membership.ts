import type { WebhookMember, WebhookPlan } from '../../shared/webhooks.ts'
import { type Emitter, emit } from '../integrations/emit.ts'
import { personPayload } from '../integrations/person-payload.ts'
import type { Tx } from '../ports.ts'
import { type Change, isOtherPlan } from './announce-membership.ts'
import { stateOf } from './membership-view.ts'
import { findMembership } from './memberships.store.ts'
import { planOfItems } from './plan-of-items.ts'
import { GUEST, type Reason, type RoleRules } from './reasons.ts'
import { standingOf } from './standing.ts'
import type { Changed } from './subscriptions.store.ts'

type Told = {
  type: 'member.joined' | 'member.left' | 'member.changed'
  subject: string
  change: WebhookMember['change']
  reason: Reason | null
  /** The subscription before, where it is what has changed */
  before: Changed['before']
}

/**
 * What became of a member, for other systems: another role, another plan, or another state of what they pay
 * for. Within the transaction in which the role is written, by whoever holds the person.
 */
export async function emitMembership(
  emitter: Emitter,
  tx: Tx,
  personId: string,
  change: Change,
): Promise<void> {
  const { was, role } = change
  for (const told of whatToTell(personId, change, emitter.clock.now()))
    await emit(emitter, tx, {
      type: told.type,
      subject: told.subject,
      object: `person:${personId}`,
      personId,
      data: () => memberPayload(tx, personId, { was, role }, told, change.rules),
    })
}

function whatToTell(personId: string, change: Change, now: Date): Told[] {
  const { was, role, changed, reasons } = change
  if (was !== role) {
    const reason = reasonOf(change)
    const before = changed.find(({ after }) => after.id === reason?.id)?.before
    const subject = `${personId}:${was}>${role}:${now.toISOString()}`
    return [{ type: typeOf(was, role), subject, change: 'role', reason, before }]
  }
  if (role === GUEST) return []
  return changed.flatMap(({ before, after }): Told[] => {
    const reason = reasons.find(({ id }) => id === after.id)
    const what = before && reason && whatChanged({ before, after }, change.rules, now)
    if (!what) return []
    const subject = `${after.id}:${after.version}`
    return [{ type: 'member.changed', subject, change: what, reason, before }]
  })
}

function typeOf(was: string, role: string): Told['type'] {
  if (was === GUEST) return 'member.joined'
  return role === GUEST ? 'member.left' : 'member.changed'
}

/** What gives the role now; who has none any more lost it by what they held last. */
function reasonOf({ was, role, reasons }: Change): Reason | null {
  const held = (each: Reason) =>
    role === GUEST ? each.role === was && !each.counts : each.role === role && each.counts
  const newest = (each: Reason) => each.lostAt ?? each.since
  return reasons.filter(held).toSorted((a, b) => (newest(a) > newest(b) ? -1 : 1))[0] ?? null
}

function whatChanged(
  { before, after }: { before: Changed['after']; after: Changed['after'] },
  { membership }: RoleRules,
  now: Date,
): 'plan' | 'status' | null {
  if (isOtherPlan(before, after)) return 'plan'
  const state = (row: Changed['after']) => standingOf(row, membership, now).state
  return state(before) === state(after) ? null : 'status'
}

async function memberPayload(
  tx: Tx,
  personId: string,
  { was, role }: { was: string; role: string },
  { change, reason, before }: Told,
  rules: RoleRules,
): Promise<WebhookMember> {
  const subscription = reason?.subscription ?? null
  return {
    person: await personPayload(tx, personId),
    role: { before: was, after: role },
    change,
    kind: reason?.kind ?? null,
    since: (await findMembership(tx, personId))?.since ?? null,
    status: reason && stateOf(reason),
    plan: planPayload(subscription, rules),
    planBefore:
      before && subscription && isOtherPlan(before, subscription)
        ? planPayload(before, rules)
        : null,
    currentPeriodEnd: subscription?.period_end ?? null,
    endsAt: subscription?.ended_at ?? subscription?.cancel_at ?? reason?.until ?? null,
    subscription: subscription?.id ?? null,
    customer: subscription?.customer_id ?? null,
  }
}

function planPayload(subscription: Reason['subscription'], rules: RoleRules): WebhookPlan | null {
  const plan = planOfItems(subscription, rules)
  if (!plan) return null
  const { price, name, amount, currency, interval, intervalCount } = plan
  return { price, name, amount, currency, interval, intervalCount }
}
