import { sql } from 'kysely'
import type { Konbini } from '../../shared/api.ts'
import type { Db } from '../ports.ts'
import { overdueId } from './found-events.ts'

/** Stripe tells of a lapsed konbini some time after the deadline; asking at once would be too early. */
const GRACE_MS = 3_600_000
const DAY_MS = 86_400_000
/** What is unpaid after so long stays so. */
const GIVE_UP_MS = 90 * DAY_MS
/** Each costs a question to Stripe; those left over have their turn an hour later. */
const MOST_AT_ONCE = 50
const PAGE = 200

/**
 * Orders that should have heard of their money by now: past the konbini deadline, or a day old without
 * one. Oldest first, at most 50, and none that was asked for today already.
 */
export async function overdueOrders(db: Db, now: Date): Promise<string[]> {
  const found: string[] = []
  let behind = { created_at: new Date(now.getTime() - GIVE_UP_MS).toISOString(), id: '' }
  for (;;) {
    const page = await awaitingOrders(db, behind, now)
    const due = page.filter(({ konbini }) => isOverdue(konbini, now)).map(({ id }) => id)
    found.push(...due.slice(0, MOST_AT_ONCE - found.length))
    const last = page.at(-1)
    if (!last || page.length < PAGE || found.length === MOST_AT_ONCE) return found
    behind = last
  }
}

function awaitingOrders(db: Db, behind: { created_at: string; id: string }, now: Date) {
  const today = overdueId('', now)
  return (
    db
      .selectFrom('orders')
      .select(['id', 'created_at', 'konbini'])
      // To the letter what the partial index says: a bound value would not be known to be it.
      .where(sql<boolean>`status = 'awaiting_payment'`)
      .where('created_at', '<=', new Date(now.getTime() - DAY_MS).toISOString())
      .where((eb) =>
        eb.or([
          eb('created_at', '>', behind.created_at),
          eb.and([eb('created_at', '=', behind.created_at), eb('id', '>', behind.id)]),
        ]),
      )
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('events')
              .select('events.id')
              .where('events.id', '=', sql<string>`${today} || orders.id`),
          ),
        ),
      )
      .orderBy('created_at')
      .orderBy('id')
      .limit(PAGE)
      .execute()
  )
}

function isOverdue(konbini: string | null, now: Date): boolean {
  if (!konbini) return true
  const deadline = Date.parse((JSON.parse(konbini) as Konbini).expiresAt)
  return deadline + GRACE_MS <= now.getTime()
}
