import type { Utm } from '../../shared/utm.ts'
import type { Clock, Log, Store, Tx } from '../ports.ts'

/** An open page at Stripe lives for a day, and a konbini code for weeks at most. */
const KEPT_MS = 60 * 86_400_000
const NO_OFFER = ''

export type Visit = {
  accountId: string
  /** Unix seconds, as in the reference that goes with it */
  issuedAt: number
  source: string
  /** null: a pricing table, whose orders come from no link */
  offer: string | null
  utm: Utm | null
}

/**
 * Remembers by which UTM somebody went to the till, for when the order comes: its reference says which
 * account, when and from where. Nothing is written for who came without. Never throws: a purchase must
 * not fail for what only statistics need.
 */
export async function keepVisit(
  { store, clock, log }: { store: Store; clock: Clock; log: Log },
  visit: Visit,
): Promise<void> {
  if (!visit.utm) return
  await writeVisit(store, { ...visit, utm: JSON.stringify(visit.utm) }, clock.now()).catch(
    (error: unknown) => log.warn({ err: error }, 'a visit was not kept'),
  )
}

async function writeVisit(
  store: Store,
  visit: Omit<Visit, 'utm'> & { utm: string },
  now: Date,
): Promise<void> {
  const { accountId: account_id, issuedAt: issued, source, utm } = visit
  const offer = visit.offer ?? NO_OFFER
  const row = { account_id, issued, source, offer, utm, at: now.toISOString() }
  await store.transaction(async (tx) => {
    await tx
      .deleteFrom('visits')
      .where('at', '<', new Date(now.getTime() - KEPT_MS).toISOString())
      .execute()
    await tx
      .insertInto('visits')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'issued', 'source', 'offer']).doNothing(),
      )
      .execute()
  })
}

/** As JSON; null: they came without, or the reference does not say which way it was. */
export async function utmOfVisit(
  tx: Tx,
  accountId: string,
  told: { source: string | null; issuedAt: number | null; offer: string | null },
): Promise<string | null> {
  const { source, issuedAt, offer } = told
  if (source === null || issuedAt === null) return null
  const visit = await tx
    .selectFrom('visits')
    .select('utm')
    .where('account_id', '=', accountId)
    .where('issued', '=', issuedAt)
    .where('source', '=', source)
    .where('offer', '=', offer ?? NO_OFFER)
    .executeTakeFirst()
  return visit?.utm ?? null
}
