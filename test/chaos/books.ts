import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../server/ports.ts'
import { readDatabaseUrl } from '../../server/read-env.ts'
import { openStore } from '../../server/store/open-store.ts'

/** Noren's own books, read from outside while its processes live and die. */
export type Books = {
  db: Db
  open(): Promise<{ events: number; deliveries: number }>
  /** Of these events, those that are not written down */
  missing(ids: ReadonlySet<string>): Promise<string[]>
  /**
   * What is looked for each hour, and what is looked for once a day, is looked for now. (A konbini
   * order lapses after days in life, and after seconds here.)
   */
  passADay(): Promise<void>
  /** What the dead had claimed is free, as it would be after some seconds. SQLite, when nobody lives. */
  forgetClaims(): Promise<void>
  /** What waits for its next try is due now. */
  hurry(): Promise<void>
  close(): Promise<void>
}

export function openBooks(databaseUrl: string): Books {
  const database = readDatabaseUrl(databaseUrl)
  if (!database) throw new Error(`no database: ${databaseUrl}`)
  const clock = { now: () => new Date() }
  const store = openStore(database, { clock, report: () => {}, gapMs: 0 })
  const { db } = store
  const count = async (query: { execute(): Promise<unknown[]> }) => (await query.execute()).length

  return {
    db,
    open: async () => ({
      events: await count(db.selectFrom('events').select('id').where('handled_at', 'is', null)),
      deliveries: await count(
        db.selectFrom('deliveries').select('id').where('state', '=', 'pending'),
      ),
    }),
    async missing(ids) {
      const held = new Set(
        (await db.selectFrom('events').select('id').execute()).map(({ id }) => id),
      )
      return [...ids].filter((id) => !held.has(id))
    },
    async passADay() {
      const since = new Date().toISOString()
      for (;;) {
        const duty = await backfill(db)
        // Not any turn will do: one that began before has not looked for what is looked for once a day.
        if (duty?.done_at && duty.done_at > since && allEventsSeen(duty.bookmark) > since) return
        // Again and again: a turn that failed is put off, as it should be.
        if (duty && (!duty.held_until || duty.held_until < since))
          await db
            .updateTable('duties')
            .set({ due_at: since, bookmark: aDayOlder(duty.bookmark) })
            .where('name', '=', 'backfill')
            .where('held_until', duty.held_until ? '=' : 'is', duty.held_until)
            .execute()
        await wait(250)
      }
    },
    async forgetClaims() {
      if (store.engine !== 'sqlite') return
      await sql`update jobs set claimed_until = null where claimed_until is not null`.execute(db)
      await db.updateTable('duties').set({ held_until: null }).execute()
    },
    async hurry() {
      const now = clock.now().toISOString()
      if (store.engine === 'sqlite')
        await sql`update jobs set run_at = ${now} where run_at > ${now} and claimed_until is null`.execute(
          db,
        )
      else await hurryBoss(db)
    },
    close: () => store.close(),
  }
}

function backfill(db: Db) {
  return db.selectFrom('duties').selectAll().where('name', '=', 'backfill').executeTakeFirst()
}

function allEventsSeen(bookmark: string | null): string {
  return bookmark ? JSON.parse(bookmark).allEvents : ''
}

function aDayOlder(bookmark: string | null): string | null {
  if (!bookmark) return null
  const allEvents = new Date(Date.now() - 25 * 3_600_000).toISOString()
  return JSON.stringify({ ...JSON.parse(bookmark), allEvents })
}

/** A living worker is heard of every 5 s. */
async function hurryBoss(db: Db): Promise<void> {
  await sql`
    update noren_jobs.job_common set start_after = now()
    where state < 'active' and start_after > now()`.execute(db)
  await sql`
    update noren_jobs.job_common set heartbeat_on = now() - interval '1 minute'
    where state = 'active' and heartbeat_on < now() - interval '7 seconds'`.execute(db)
}
