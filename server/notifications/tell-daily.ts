import { japanDay } from '../../shared/japan-time.ts'
import type { Db, Tx } from '../ports.ts'
import type { DeliveryRow } from '../store/tables.ts'
import { countDead, IS_LATE } from './deliveries.store.ts'
import type { PostRoom } from './notify.ts'
import { postDelivery } from './post-delivery.ts'
import { bodyFor, inShopsWords, placesFor } from './tell-staff.ts'

type DailyKind = 'staff_dead' | 'staff_late_many'

/** More often one by one, and the shop's own group would be the flood. */
const MOST_LATE_A_DAY = 10
/** What fails together is told together. */
const GATHER_MS = 60_000
const JAPAN_MS = 9 * 3_600_000
const DAY_MS = 24 * 3_600_000
/** When a shop reads: the second notice of a day waits for the next morning. */
const MORNING_HOUR = 9

/** A message or an event is given up: at most one notice a day says how many there are. */
export function tellOfDead(post: PostRoom, tx: Tx): Promise<void> {
  return tellDaily(post, tx, 'staff_dead')
}

/**
 * True: the staff have heard of enough late orders today; this one only goes on the list. Counted in
 * one row a day, held until our commit, so that many processes do not each tell of ten.
 */
export async function isOneLateTooMany(post: PostRoom, tx: Tx): Promise<boolean> {
  const today = { name: 'staff_late', labels: japanDay(post.clock.now().toISOString()), value: 1 }
  const { value } = await tx
    .insertInto('counters')
    .values(today)
    .onConflict((conflict) =>
      conflict
        .columns(['name', 'labels'])
        .doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  if (value <= MOST_LATE_A_DAY) return false
  await tellDaily(post, tx, 'staff_late_many')
  return true
}

/**
 * At most one a day in each place: what comes before today's has left is counted in it, what comes later
 * is told the next morning. Its row is held until our commit, so whoever composes it counts us in.
 */
async function tellDaily(post: PostRoom, tx: Tx, kind: DailyKind): Promise<void> {
  for (const account of placesFor(post, 'trouble')) await tellDailyAt(post, tx, kind, account)
}

async function tellDailyAt(
  post: PostRoom,
  tx: Tx,
  kind: DailyKind,
  account_id: string,
): Promise<void> {
  const now = post.clock.now()
  const today = japanDay(now.toISOString())
  const tomorrow = japanDay(new Date(now.getTime() + DAY_MS).toISOString())
  const row = { kind, account_id, order_id: null, body: '', cause: null }
  const create = (day: string, at: Date) =>
    postDelivery(post, tx, { ...row, subject: `${kind}:${day}`, created_at: now.toISOString() }, at)
  if (await create(today, new Date(now.getTime() + GATHER_MS))) return
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set({ body: '' })
    .where('subject', '=', `${kind}:${today}`)
    .where('kind', '=', kind)
    .where('account_id', '=', account_id)
    .where('state', '=', 'pending')
    .where('body', '=', '')
    .executeTakeFirst()
  if (numUpdatedRows === 0n) await create(tomorrow, morningOf(tomorrow))
}

/** `day`: 2026-11-22, in Japan. */
export function morningOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - JAPAN_MS + MORNING_HOUR * 3_600_000)
}

/**
 * Counts what a daily notice has to tell, at its first attempt, and writes its body down: from then on
 * it is the same at each. null: nothing is left to tell, or it is not on its way any more.
 */
export function composeNotice(post: PostRoom, { id }: DeliveryRow): Promise<DeliveryRow | null> {
  return post.store.transaction(async (tx) => {
    const held = await tx
      .updateTable('deliveries')
      .set((eb) => ({ attempts: eb.ref('attempts') }))
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .returningAll()
      .executeTakeFirst()
    if (!held) return null
    if (held.body !== '') return held
    const kind = held.kind as DailyKind
    const events = kind === 'staff_dead' ? await countDeadEvents(tx) : 0
    const count = kind === 'staff_dead' ? events + (await countDead(tx)) : await countLate(tx, held)
    const message = { kind, count, events, ...inShopsWords(post.shop) }
    const change =
      count > 0
        ? { body: bodyFor(post, held.account_id, message) }
        : { state: 'superseded' as const }
    await tx.updateTable('deliveries').set(change).where('id', '=', id).execute()
    return count > 0 ? { ...held, ...change } : null
  })
}

/** Events that a person must look at. */
export async function countDeadEvents(tx: Db | Tx): Promise<number> {
  const { count } = await tx
    .selectFrom('events')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('outcome', '=', 'dead')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Orders, not rows: each place has one of its own. */
async function countLate(tx: Tx, notice: DeliveryRow): Promise<number> {
  const { count } = await tx
    .selectFrom('deliveries')
    .select((eb) => eb.fn.count<number>('subject').distinct().as('count'))
    .where(IS_LATE)
    .where('created_at', '>=', notice.created_at)
    .where('state', '=', 'superseded')
    .executeTakeFirstOrThrow()
  return Number(count)
}
