import { sql } from 'kysely'
import { holdingsOf } from '../memberships/memberships.store.ts'
import { itemsOf, type Reason, reasonsOf, roleOfItems, rulesOf } from '../memberships/reasons.ts'
import { daysFrom, timeOf } from '../memberships/standing.ts'
import type { CampaignRule } from '../shop/define-shop.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { type Candidate, type Look, nextAfter, PAGE, type Page, pageOf } from './candidate-page.ts'
import { findFree } from './find-free.ts'
import { monthlyPlan } from './rule-offers.ts'

/** Who left longer ago is not written to because a rule was switched on today. */
const LAPSED_DAYS = 30

/** A page of those whom a rule is for, in an order that stays. Reads our own books alone, by index. */
export function findCandidates({ to }: CampaignRule, look: Look): Promise<Page> {
  if ('trial' in to) return onTrial(to.trial.afterDays, look)
  if ('free' in to) return findFree(to.free.afterDays, look)
  return 'monthly' in to ? monthly(to.monthly.forMonths, look) : lapsed(to.lapsed.afterDays, look)
}

async function onTrial(afterDays: number, look: Look): Promise<Page> {
  const rows = await subscriptionsIn(look, 'trialing', daysFrom(look.now.toISOString(), -afterDays))
  return pageOf(rows, ({ person_id, ...subscription }) => {
    const since = daysFrom(subscription.started_at, afterDays)
    const role = roleOfItems(itemsOf(subscription), rulesOf(look.shop))
    if (!role || !hasCome(since, subscription, look.now)) return []
    return [{ personId: person_id, subscription, role }]
  })
}

async function monthly(forMonths: number, look: Look): Promise<Page> {
  const rows = await subscriptionsIn(look, 'active', monthsFrom(look.now.toISOString(), -forMonths))
  return pageOf(rows, ({ person_id, ...subscription }) => {
    const { trial_end, started_at } = subscription
    // A trial is no month that was paid for.
    const paidFrom = trial_end && trial_end > started_at ? trial_end : started_at
    const role = roleOfItems(itemsOf(subscription), rulesOf(look.shop))
    if (!role || !hasCome(monthsFrom(paidFrom, forMonths), subscription, look.now)) return []
    if (!monthlyPlan(subscription, look.shop)) return []
    return [{ personId: person_id, subscription, role }]
  })
}

/** By their own time, where Stripe's test clock gives them one: those are looked at one by one. */
function subscriptionsIn({ db, after }: Look, status: string, since: string) {
  return db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .selectAll('subscriptions')
    .select(['customers.person_id', 'subscriptions.id as key'])
    .where('subscriptions.status', '=', status)
    .where('subscriptions.id', '>', after)
    .where((eb) => eb.or([eb('clock_at', 'is not', null), eb('started_at', '<=', since)]))
    .orderBy('subscriptions.id')
    .limit(PAGE)
    .execute()
}

function hasCome(at: string, subscription: SubscriptionRow, now: Date): boolean {
  return Date.parse(at) <= timeOf(subscription, now).getTime()
}

/** Whose role ended within the 30 days before the rule's own days; when, the reason for it says. */
async function lapsed(afterDays: number, { db, shop, now, after }: Look): Promise<Page> {
  const at = now.toISOString()
  const [since = '', person = ''] = after.split(' ')
  const rows = await db
    .selectFrom('memberships')
    .select(['person_id', 'since', sql<string>`since || ' ' || person_id`.as('key')])
    // To the letter what the partial index says.
    .where(sql<boolean>`role = 'guest'`)
    .where('since', '>=', since || daysFrom(at, -afterDays - LAPSED_DAYS))
    .where('since', '<=', daysFrom(at, -afterDays))
    .where((eb) =>
      eb.or([
        eb('since', '>', since),
        eb.and([eb('since', '=', since), eb('person_id', '>', person)]),
      ]),
    )
    .orderBy('since')
    .orderBy('person_id')
    .limit(PAGE)
    .execute()
  const candidates: Candidate[] = []
  for (const { person_id } of rows) {
    const lost = lastLost(reasonsOf(await holdingsOf(db, person_id), rulesOf(shop), now))
    const before = daysFrom(at, -afterDays - LAPSED_DAYS)
    // Many are learned of long after they left: a shop that takes Noren up is told all of its past.
    const isOld = lost?.lostAt && !lost.subscription?.clock_at && lost.lostAt < before
    if (lost && !isOld)
      candidates.push({ personId: person_id, subscription: null, role: lost.role })
  }
  return { candidates, next: nextAfter(rows) }
}

/** What made them a member last. Whose page was never paid was none. */
function lastLost(reasons: readonly Reason[]): Reason | undefined {
  return reasons
    .filter(({ lost, standing }) => lost && standing?.state !== 'unfinished')
    .toSorted((a, b) => ((a.lostAt ?? a.since) > (b.lostAt ?? b.since) ? -1 : 1))[0]
}

/** The same day so many months on, or the last one of a shorter month; as Stripe counts its periods. */
export function monthsFrom(time: string, months: number): string {
  const at = new Date(time)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  at.setUTCDate(Math.min(day, last))
  return at.toISOString()
}
