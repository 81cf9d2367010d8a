import type { CustomerFacts, Db, PaymentCard, SubscriptionFacts, Tx } from '../ports.ts'
import type { SubscriptionRow } from '../store/tables.ts'

export type LinkedCustomer = {
  id: string
  person_id: string
  version: number
  deleted: 0 | 1
  features: string | null
  mail: string | null
}

export function findCustomer(db: Db | Tx, id: string): Promise<LinkedCustomer | undefined> {
  return db
    .selectFrom('customers')
    .select(['id', 'person_id', 'version', 'deleted', 'features', 'mail'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** What this customer subscribes to that has not ended. */
export function livingOf(db: Db, customer: string): Promise<SubscriptionRow[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('customer_id', '=', customer)
    .where('status', 'not in', ['canceled', 'incomplete_expired'])
    .execute()
}

/** One subscription before and after a write; `before` is missing when it is new to us. */
export type Changed = { before: SubscriptionRow | undefined; after: SubscriptionRow }

/**
 * Brings a customer's rows to what Stripe says. Returns those that changed, or `stale` (and nothing is
 * written) when somebody else has written since it was `known` so.
 */
export async function writeSubscriptions(
  tx: Tx,
  facts: CustomerFacts,
  known: LinkedCustomer,
  at: Date,
): Promise<Changed[] | 'stale'> {
  const now = await lockCustomer(tx, facts.id)
  if (!now) return 'stale'
  const rows = await tx
    .selectFrom('subscriptions')
    .selectAll()
    .where('customer_id', '=', facts.id)
    .execute()
  const held = new Map(rows.map((row) => [row.id, row]))
  const told = facts.subscriptions.map((each) => columnsOf(each, facts, at))
  const gone = facts.deleted ? missing(rows, told, at) : []
  const changed = [...told, ...gone].flatMap((after): Changed[] => {
    const before = held.get(after.id)
    if (before && isSame(before, after)) return []
    const version = (before?.version ?? 0) + 1
    return [{ before, after: { ...after, disputed: before?.disputed ?? '[]', version } }]
  })
  const [deleted, features] = [facts.deleted ? 1 : 0, JSON.stringify(facts.features)] as const
  const mail = facts.deleted ? null : (facts.mail ?? now.mail)
  const isNews =
    changed.length > 0 || now.deleted !== deleted || now.features !== features || now.mail !== mail
  // Whoever finds nothing new undoes nothing: of many who look at once, only a writer asks again.
  if (isNews && now.version !== known.version) return 'stale'
  await tx
    .updateTable('customers')
    // Also when nothing changed: an answer from before somebody changed their mind twice is out of date.
    .set({ version: now.version + 1, deleted, features, mail, checked_at: at.toISOString() })
    .where('id', '=', facts.id)
    .execute()
  for (const { after } of changed) await upsert(tx, after)
  return changed
}

/** As it is, and stays for everybody else until this transaction is over. */
function lockCustomer(tx: Tx, id: string): Promise<LinkedCustomer | undefined> {
  return tx
    .updateTable('customers')
    .set((row) => ({ version: row.ref('version') }))
    .where('id', '=', id)
    .returning(['id', 'person_id', 'version', 'deleted', 'features', 'mail'])
    .executeTakeFirst()
}

type Told = Omit<SubscriptionRow, 'version' | 'disputed'>

/** What Stripe does not list for a deleted customer has ended with it. */
function missing(rows: SubscriptionRow[], told: Told[], now: Date): Told[] {
  const listed = new Set(told.map(({ id }) => id))
  return rows
    .filter(({ id, status }) => !listed.has(id) && status !== 'canceled')
    .map((row) => ({ ...row, status: 'canceled', ended_at: now.toISOString() }))
}

function columnsOf(facts: SubscriptionFacts, customer: CustomerFacts, now: Date): Told {
  return {
    id: facts.id,
    customer_id: facts.customer,
    status: facts.status,
    currency: facts.currency,
    items: JSON.stringify(facts.items),
    started_at: facts.startedAt,
    period_end: facts.periodEnd,
    trial_end: facts.trialEnd,
    cancel_at: facts.cancelAt,
    ended_at: facts.endedAt,
    pause: facts.pause?.how ?? null,
    pause_until: facts.pause?.until ?? null,
    invoice: facts.invoice?.id ?? null,
    invoice_unpaid: facts.invoice?.unpaid ? 1 : 0,
    invoice_at: facts.invoice?.at ?? null,
    invoice_amount: facts.invoice?.amount ?? null,
    card: facts.card && cardText(facts.card),
    clock_at: facts.testClock ? customer.clockAt : null,
    seen_at: now.toISOString(),
  }
}

/** The same words for the same card, whoever read it. */
export function cardText({ brand, last4, month }: PaymentCard): string {
  return JSON.stringify({ brand, last4, month })
}

/** When we looked says nothing about the subscription. */
function isSame(before: SubscriptionRow, after: Told): boolean {
  return Object.entries(after).every(
    ([name, is]) => name === 'seen_at' || before[name as keyof SubscriptionRow] === is,
  )
}

async function upsert(tx: Tx, row: SubscriptionRow): Promise<void> {
  const { id: _, ...change } = row
  await tx
    .insertInto('subscriptions')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute()
}

/**
 * Writes down whether a bank has taken this payment back. `stale`, and nothing is written, when somebody
 * else has written since `seen`; null when it is no news.
 */
export async function noteDispute(
  tx: Tx,
  about: { subscription: string; customer: string; payment: string },
  disputed: boolean,
  seen: number,
): Promise<Changed | 'stale' | null> {
  const moved = await tx
    .updateTable('customers')
    .set({ version: seen + 1 })
    .where('id', '=', about.customer)
    .where('version', '=', seen)
    .executeTakeFirst()
  const before = await tx
    .selectFrom('subscriptions')
    .selectAll()
    .where('id', '=', about.subscription)
    .executeTakeFirst()
  if (!before) return null
  const held = JSON.parse(before.disputed) as string[]
  if (held.includes(about.payment) === disputed) return null
  if (moved.numUpdatedRows === 0n) return 'stale'
  const list = disputed ? [...held, about.payment] : held.filter((each) => each !== about.payment)
  const change = { disputed: JSON.stringify(list.toSorted()), version: before.version + 1 }
  await tx.updateTable('subscriptions').set(change).where('id', '=', before.id).execute()
  return { before, after: { ...before, ...change } }
}
