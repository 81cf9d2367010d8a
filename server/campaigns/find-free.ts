import { GUEST } from '../memberships/reasons.ts'
import { daysFrom } from '../memberships/standing.ts'
import type { Db } from '../ports.ts'
import { type Look, PAGE, type Page, pageOf } from './candidate-page.ts'

/**
 * A friend or a payer who never was a member; who was one is left to the rule for those who left. Page by page, and
 * what else must be known of a page by its ids: asked in one go, Postgres reads whole tables for each page.
 */
export async function findFree(afterDays: number, { db, now, after }: Look): Promise<Page> {
  const rows = await db
    .selectFrom('people')
    .leftJoin('memberships', 'memberships.person_id', 'people.id')
    .select(['people.id as key', 'memberships.role'])
    .where('people.id', '>', after)
    .where('people.created_at', '<=', daysFrom(now.toISOString(), -afterDays))
    .orderBy('people.id')
    .limit(PAGE)
    .execute()
  const known = await friendsAndPayers(
    db,
    rows.flatMap(({ key, role }) => (role ? [] : [key])),
  )
  const guests = rows.flatMap(({ key, role }) => (role === GUEST ? [key] : []))
  const never = await neverMembers(db, guests)
  return pageOf(rows, ({ key }) =>
    known.has(key) || never.has(key) ? [{ personId: key, subscription: null, role: null }] : [],
  )
}

async function friendsAndPayers(db: Db, persons: readonly string[]): Promise<Set<string | null>> {
  if (persons.length === 0) return new Set()
  const friends = await db
    .selectFrom('accounts')
    .select('person_id')
    .where('person_id', 'in', persons)
    .where((eb) => eb.or([eb('friend', '=', 1), eb('channel', '=', 'mail')]))
    .execute()
  const payers = await db
    .selectFrom('orders')
    .select('person_id')
    .where('person_id', 'in', persons)
    .where('status', 'in', ['paid', 'partially_refunded'])
    .execute()
  return new Set([...friends, ...payers].map(({ person_id }) => person_id))
}

/** Of those that are written down as guests: whose subscriptions were all given up on Stripe's page. */
async function neverMembers(db: Db, persons: readonly string[]): Promise<Set<string>> {
  if (persons.length === 0) return new Set()
  const rows = await db
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customer_id')
    .select(['person_id', 'status'])
    .where('person_id', 'in', persons)
    .execute()
  const begun = new Set(rows.map(({ person_id }) => person_id))
  for (const { person_id, status } of rows)
    if (!status.startsWith('incomplete')) begun.delete(person_id)
  return begun
}
