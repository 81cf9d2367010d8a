import type { Store, StripeGateway, Tx } from '../ports.ts'
import { type Clock, type CustomerNote, type Db, type Log, NeedsPerson, Never } from '../ports.ts'
import { lineAccountOf } from './payers.ts'
import { ringBell } from './ring-bell.ts'

export type NoteDesk = { stripe: StripeGateway; store: Store; clock: Clock; log: Log }

const NOTHING: CustomerNote = { lineUser: null, person: null }
/** So many customers an hour are caught up with: those from before there were notes. */
const MOST_AT_ONCE = 200
/** A refused key is tried with one customer a day. */
const TRY_AGAIN_MS = 86_400_000

/**
 * Brings what stands beside a customer at Stripe to whose it is here: its LINE user and person, or nothing
 * of ours. Only what has not been said yet. A key that may not write there loses nobody their
 * membership: that is noted for `status`, said once, and tried again a day later. A customer whom Stripe lets
 * nobody note (it takes 50 keys) stays without. Throws when Stripe does not answer, and while a refused key
 * keeps a note from being taken back.
 */
export async function noteCustomer(desk: NoteDesk, customer: string): Promise<void> {
  const { store } = desk
  if (await isNoted(store.db, customer)) return
  const wanted = await noteFor(store.db, customer)
  try {
    await tellStripe(desk, customer, wanted)
  } catch (error) {
    // What is to be taken back names somebody who may have asked for it: that is tried until it is done.
    if (wanted === NOTHING) throw error
    if (error instanceof NeedsPerson) return beRefused(desk, customer, error)
    if (!(error instanceof Never)) throw error
    desk.log.warn({ err: error, customer }, 'Stripe takes no note beside this customer')
  }
  await store.transaction((tx) => settle(desk, tx, customer, wanted))
}

async function tellStripe(
  { store, stripe }: NoteDesk,
  customer: string,
  wanted: CustomerNote,
): Promise<void> {
  // Most have never had a note, and need none taken back: that is seen before it is written.
  if (wanted === NOTHING) {
    const there = await stripe.fetchPayer(customer)
    if (!there || isSame(there.note, NOTHING)) return
  }
  if (!(await stripe.noteCustomer(customer, wanted))) return
  // The key has the right by now: those that were refused need wait no longer.
  await store.single((db) =>
    db
      .updateTable('customers')
      .set({ note_refused_at: null })
      .where('note_refused_at', 'is not', null)
      .execute(),
  )
}

async function beRefused(
  { store, clock, log }: NoteDesk,
  customer: string,
  error: NeedsPerson,
): Promise<void> {
  if (!(await isAnyRefused(store.db)))
    log.error(
      { err: error },
      'our key may not note at Stripe whose a customer is: give it that right',
    )
  await store.single((db) =>
    db
      .updateTable('customers')
      .set({ note_refused_at: clock.now().toISOString() })
      .where('id', '=', customer)
      .execute(),
  )
}

/** Whose it is may have changed while Stripe was told: then it is told again. */
async function settle(desk: NoteDesk, tx: Tx, customer: string, told: CustomerNote): Promise<void> {
  if (!isSame(await noteFor(tx, customer), told)) {
    await ringBell(desk, tx, { kind: 'note', about: customer })
    return
  }
  await tx
    .updateTable('customers')
    .set({ noted_at: desk.clock.now().toISOString(), note_refused_at: null })
    .where('id', '=', customer)
    .execute()
}

/** What Stripe should say of it: nothing of who is nobody's here, or has no LINE account. */
async function noteFor(db: Db | Tx, customer: string): Promise<CustomerNote> {
  const row = await db
    .selectFrom('customers')
    .select('person_id')
    .where('id', '=', customer)
    .executeTakeFirst()
  const line = row && (await lineAccountOf(db, row.person_id))
  return line ? { lineUser: line.address, person: row.person_id } : NOTHING
}

function isSame(one: CustomerNote, other: CustomerNote): boolean {
  return one.lineUser === other.lineUser && one.person === other.person
}

/** Said, and nothing has moved since: who moves a customer takes the mark away. */
async function isNoted(db: Db, customer: string): Promise<boolean> {
  const row = await db
    .selectFrom('customers')
    .select('noted_at')
    .where('id', '=', customer)
    .executeTakeFirst()
  return row !== undefined && row.noted_at !== null
}

async function isAnyRefused(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('customers')
    .select('id')
    .where('note_refused_at', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Rings for customers of LINE users that have no note yet; while our key is refused, for one of them a day. */
export async function ringForNotes(desk: Omit<NoteDesk, 'stripe' | 'log'>): Promise<number> {
  const { store, clock } = desk
  const due = await store.db
    .selectFrom('customers')
    .select(['id', 'note_refused_at'])
    .where('noted_at', 'is', null)
    .where('deleted', '=', 0)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('accounts')
          .select('accounts.id')
          .whereRef('accounts.person_id', '=', 'customers.person_id')
          .where('accounts.channel', '=', 'line'),
      ),
    )
    .orderBy('linked_at')
    .orderBy('id')
    .limit(MOST_AT_ONCE)
    .execute()
  const refused = due.flatMap(({ note_refused_at: at }) => at ?? []).toSorted()
  const last = refused.at(-1)
  if (last && clock.now().getTime() - Date.parse(last) < TRY_AGAIN_MS) return 0
  const some = last
    ? due.filter(({ note_refused_at }) => note_refused_at !== null).slice(0, 1)
    : due
  await store.transaction(async (tx) => {
    for (const { id } of some) await ringBell(desk, tx, { kind: 'note', about: id })
  })
  return some.length
}
