import { type Kysely, sql } from 'kysely'
import type { Db, Job, Store } from '../ports.ts'
import { isSame, refuseOutdated } from './refuse-outdated.ts'

/** In an order in which nobody is pointed at before they are there; each with what it is found by. */
export const COPIED: readonly (readonly [table: string, ...key: string[]])[] = [
  ['people', 'id'],
  ['accounts', 'id'],
  ['customers', 'id'],
  ['merges', 'id'],
  ['left_alone', 'customer_id'],
  ['subscriptions', 'id'],
  ['staff_grants', 'id'],
  ['memberships', 'person_id'],
  ['signs', 'account_id'],
  ['given_roles', 'account_id', 'guild', 'role_id'],
  ['refused_roles', 'guild', 'role_id'],
  ['menus', 'channel', 'key'],
  ['portal_configurations', 'view', 'livemode'],
  ['links', 'hash'],
  ['procedures', 'id'],
  ['terms', 'version'],
  ['campaign_optouts', 'person_id'],
  ['events', 'id'],
  ['visits', 'account_id', 'issued', 'source', 'offer'],
  ['orders', 'id'],
  ['order_items', 'order_id', 'position'],
  ['refunds', 'id'],
  ['deliveries', 'id'],
  ['endpoints', 'id'],
  ['outbound_messages', 'id'],
  ['outbound_deliveries', 'id'],
  ['catalogue', 'id'],
  ['stripe_reads', 'day'],
  ['pauses', 'channel'],
  ['duties', 'name'],
  ['counters', 'name', 'labels'],
]
/** Bells are rung anew, each engine in its own way; the pace is found again in seconds; who asked a moment ago asks again. */
export const NOT_COPIED = ['jobs', 'paces', 'open_answers'] as const

/** 30 columns of an order, 500 times, stay below what either engine takes in a statement. */
const PAGE = 500
const SAMPLE = 50

type Row = Record<string, unknown>
type Loose = Kysely<Record<string, Row>>
const loose = (db: Db) => db as unknown as Loose

export type Count = { table: string; there: number; here: number }

/** How many rows of each table the source and the target hold. */
export async function countBooks(source: Db, target: Db): Promise<Count[]> {
  const counts = []
  for (const [table] of COPIED) {
    const [there, here] = await Promise.all([countOf(source, table), countOf(target, table)])
    counts.push({ table, there, here })
  }
  return counts
}

async function countOf(db: Db, table: string): Promise<number> {
  const { count } = await loose(db)
    .selectFrom(table)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * The first table in which the target holds a row that is not the source's own; null when there is none, as
 * in an empty database or after a copy that broke off. A look at both ends of each table; going on with
 * the copy looks at the rest.
 */
export async function strangeTable(source: Db, target: Db): Promise<string | null> {
  for (const [table, ...key] of COPIED)
    for (const direction of ['asc', 'desc'] as const) {
      const rows = await ordered(target, table, key, direction).limit(SAMPLE).execute()
      for (const row of rows) if (!(await holds(source, table, key, row))) return table
    }
  return null
}

async function holds(db: Db, table: string, key: string[], row: Row): Promise<boolean> {
  let query = loose(db).selectFrom(table).selectAll()
  for (const column of key) query = query.where(column, '=', row[column])
  const own = await query.executeTakeFirst()
  return own !== undefined && isSame(row, own)
}

function ordered(db: Db, table: string, key: string[], direction: 'asc' | 'desc') {
  let query = loose(db).selectFrom(table).selectAll()
  for (const column of key) query = query.orderBy(column, direction)
  return query
}

/**
 * Copies what the target lacks, page by page, each in a commit of its own, so a copy that broke off is
 * simply begun again. Throws when what is there already is not as the source has it by now. `moved`
 * hears how many rows were looked at.
 */
export async function copyBooks(
  source: Db,
  target: Store,
  moved: (rows: number) => void,
): Promise<void> {
  for (const { table, here } of await countBooks(source, target.db))
    await copyTable(source, target, { table, begun: here > 0 }, moved)
}

async function copyTable(
  source: Db,
  target: Store,
  { table, begun }: { table: string; begun: boolean },
  moved: (rows: number) => void,
): Promise<void> {
  const [, ...key] = COPIED.find(([name]) => name === table) ?? [table]
  for (let after: unknown[] | null = null; ; ) {
    let query = ordered(source, table, key, 'asc').limit(PAGE)
    if (after) query = query.where(isBehind(key, after))
    const rows = await query.execute()
    if (begun && rows.length > 0) await refuseOutdated(loose(target.db), table, key, rows)
    if (rows.length > 0)
      await target.transaction((tx) =>
        loose(tx)
          .insertInto(table)
          .values(rows)
          .onConflict((known) => known.doNothing())
          .execute(),
      )
    moved(rows.length)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = key.map((column) => last[column])
  }
}

/** Row values: `(order_id, position) > (…, …)` goes on exactly behind the last row. */
function isBehind(key: string[], after: unknown[]) {
  return sql<boolean>`(${sql.join(key.map((column) => sql.ref(column)))}) > (${sql.join(after)})`
}

/**
 * Rings for each open event and each message and webhook on its way, all or none. Does nothing where bells hang
 * already: those of an earlier run. Returns how many it rang.
 */
export async function ringBells(target: Store): Promise<number> {
  if ((await target.openJobs()) > 0) return 0
  const { db } = target
  const events = await db
    .selectFrom('events')
    .select('id')
    .where('handled_at', 'is', null)
    .execute()
  const deliveries = await db
    .selectFrom('deliveries')
    .select('id')
    .where('state', '=', 'pending')
    .execute()
  const outbound = await db
    .selectFrom('outbound_deliveries')
    .select('id')
    .where('state', '=', 'pending')
    .execute()
  const jobs = [
    ...events.map(({ id }): Job => ({ kind: 'event', ref: id })),
    ...deliveries.map(({ id }): Job => ({ kind: 'deliver', ref: id })),
    ...outbound.map(({ id }): Job => ({ kind: 'outbound', ref: id })),
  ]
  await target.transaction(async (tx) => {
    for (let at = 0; at < jobs.length; at += PAGE)
      await target.enqueue(tx, jobs.slice(at, at + PAGE))
  })
  return jobs.length
}
