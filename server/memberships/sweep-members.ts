import { meetsPayers } from '../people/payers.ts'
import { ringBell } from '../people/ring-bell.ts'
import type { Db, SubscriptionGlance } from '../ports.ts'
import type { SubscriptionRow } from '../store/tables.ts'
import { cardNotice } from './ahead.ts'
import { itemsOf, roleOfItems, rulesOf } from './reasons.ts'
import type { MemberDesk } from './reconcile-membership.ts'
import { cardText } from './subscriptions.store.ts'

/** What a sweep has seen so far; it grows while it runs, for whoever shows it. */
export type Swept = {
  /** Subscriptions that Stripe listed */
  listed: number
  /** Customers whose subscriptions say something else than we hold, either way: each is asked for anew */
  differing: number
  /** Subscriptions that would give a role, to nobody whom we know */
  unclaimed: string[]
}

/** Rows at a time: SQLite takes 32,766 values in a statement. */
const PAGE = 500

/**
 * Compares both ways, without asking for each member: who pays and is none here, and who is one here
 * and pays no longer. Stripe lists a hundred subscriptions with one read, so ten thousand members cost
 * a hundred; only those that differ are asked for, by the queue and at its pace.
 *
 * `id` names the sweep: a repeated one rings for nobody twice. Throws when Stripe does not answer; what
 * was found until then is recorded.
 */
export async function sweepMembers(
  desk: MemberDesk,
  options: { id: string; swept: Swept; stop?: AbortSignal; keep?: () => Promise<void> },
): Promise<void> {
  const { swept, stop, keep } = options
  const seen = new Set<string>()
  for await (const page of desk.stripe.listSubscriptions()) {
    stop?.throwIfAborted()
    for (const { id } of page) seen.add(id)
    const unclaimed = swept.unclaimed.length
    await ringFor(desk, await differingOn(desk, page, swept), options)
    await ringForPayers(desk, page, swept.unclaimed.slice(unclaimed), options.id)
    swept.listed += page.length
    await keep?.()
  }
  for (let behind = ''; ; ) {
    const held = await livingRows(desk.post.store.db, behind)
    stop?.throwIfAborted()
    const gone = held.filter(({ id }) => !seen.has(id)).map(({ customer_id }) => customer_id)
    await ringFor(desk, gone, options)
    behind = held.at(-1)?.id ?? ''
    if (held.length < PAGE) return
  }
}

/** Who subscribes to a role, and whom no event has told us of: they are met as if one had. */
async function ringForPayers(
  { post }: MemberDesk,
  page: readonly SubscriptionGlance[],
  unclaimed: readonly string[],
  sweep: string,
): Promise<void> {
  if (unclaimed.length === 0 || !meetsPayers(post)) return
  const named = page.filter(({ id }) => unclaimed.includes(id)).map(({ customer }) => customer)
  await post.store.transaction(async (tx) => {
    for (const about of new Set(named))
      await ringBell(post, tx, { kind: 'payer', about, id: `${sweep}_${about}` })
  })
}

/** Paying without being one, or being something else than is paid for. */
async function differingOn(
  { post }: MemberDesk,
  page: readonly SubscriptionGlance[],
  swept: Swept,
): Promise<string[]> {
  if (page.length === 0) return []
  const { db } = post.store
  const known = await customersOn(db, page)
  const held = new Map((await rowsOn(db, page)).map((row) => [row.id, row]))
  return page.flatMap((glance) => {
    if (known.has(glance.customer))
      return isAsTold(held.get(glance.id), glance) ? [] : [glance.customer]
    if (roleOfItems(glance.items, rulesOf(post.shop))) swept.unclaimed.push(glance.id)
    return []
  })
}

function isAsTold(row: SubscriptionRow | undefined, glance: SubscriptionGlance): boolean {
  if (!row) return false
  const prices = (items: SubscriptionGlance['items']) =>
    items
      .map(({ price }) => price)
      .toSorted()
      .join()
  return (
    row.status === glance.status &&
    row.cancel_at === glance.cancelAt &&
    row.period_end === glance.periodEnd &&
    row.pause === (glance.pause?.how ?? null) &&
    row.pause_until === (glance.pause?.until ?? null) &&
    hasCardAsTold(row, glance) &&
    prices(itemsOf(row)) === prices(glance.items)
  )
}

/**
 * Nearly all cards are good for years, and what we hold of them may be old, or nothing: that costs no
 * question. One that is to be spoken of before the next renewal, or was, is worth it.
 */
function hasCardAsTold(row: SubscriptionRow, { card }: SubscriptionGlance): boolean {
  const told = { ...row, card: card && cardText(card) }
  return told.card === row.card || (!cardNotice(told) && !cardNotice(row))
}

async function customersOn(db: Db, page: readonly SubscriptionGlance[]): Promise<Set<string>> {
  const ids = page.map(({ customer }) => customer)
  const rows = await db.selectFrom('customers').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

function rowsOn(db: Db, page: readonly SubscriptionGlance[]): Promise<SubscriptionRow[]> {
  const ids = page.map(({ id }) => id)
  return db.selectFrom('subscriptions').selectAll().where('id', 'in', ids).execute()
}

function livingRows(db: Db, behind: string) {
  return db
    .selectFrom('subscriptions')
    .select(['id', 'customer_id'])
    .where('id', '>', behind)
    .where('status', 'not in', ['canceled', 'incomplete_expired'])
    .orderBy('id')
    .limit(PAGE)
    .execute()
}

async function ringFor(
  { post }: MemberDesk,
  customers: readonly string[],
  { id, swept }: { id: string; swept: Swept },
): Promise<void> {
  const each = [...new Set(customers)].toSorted()
  if (each.length === 0) return
  await post.store.transaction(async (tx) => {
    for (const customer of each)
      if (await ringBell(post, tx, { kind: 'customer', about: customer, id: `${id}_${customer}` }))
        swept.differing++
  })
}
