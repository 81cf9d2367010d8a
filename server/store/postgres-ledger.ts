import type pg from 'pg'
import type { Db as BossDb } from 'pg-boss'
import { openBoss } from './open-boss.ts'
import { openPool } from './postgres-pool.ts'
import type { WriteEvents } from './record-events.ts'
import { type JobData, newJobId } from './settle-jobs.ts'
import { shareConnection } from './share-connection.ts'
import type { NewEvent } from './tables.ts'

/** One for all that is under way; after an error a new one, while the other may still be answering. */
const MOST_CONNECTIONS = 2

/**
 * Postgres's own way to write webhooks down: one statement, and so one transaction and one round
 * trip, for any number of events and their jobs. pg-boss's insert is a part of it, so that a job
 * exists exactly if its event is new. Rejects when the rows are not on disk.
 */
export function openPostgresLedger(
  url: string,
  report: (error: unknown) => void,
): { write: WriteEvents; close(): Promise<void> } {
  const pool = openPool(url, { most: MOST_CONNECTIONS, report, pipeline: true })
  const query = shareConnection(pool)
  let text: Promise<string> | null = null

  async function statement(): Promise<string> {
    text ??= statementOf(pool, report)
    return text.catch((error) => {
      text = null
      throw error
    })
  }

  return {
    async write(events) {
      const given = inOrder(events)
      const jobs = jobsOf(given)
      const { rows } = await query<{ jobs: number }>({
        // Parsed and planned once for each connection, not for each batch.
        name: 'record-events',
        text: await statement(),
        values: [JSON.stringify(given), JSON.stringify(jobs), jobs.length],
      })
      return (rows[0]?.jobs ?? 0) > 0
    },
    close: () => pool.end(),
  }
}

type Given = NewEvent & { job: string }

/**
 * Once each, and in the order of their ids: two processes that insert the same events the other way
 * round would wait for each other.
 */
function inOrder(events: readonly NewEvent[]): Given[] {
  const first = new Map(events.toReversed().map((event) => [event.id, event]))
  return [...first.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((event) => ({ ...event, job: newJobId() }))
}

/** An event without a reaction comes in handled, and gets no job. */
function jobsOf(given: readonly Given[]): { id: string; data: JobData }[] {
  const open = given.filter(({ handled_at }) => handled_at === null)
  return open.map(({ id, job }) => ({ id: job, data: { ref: id, attempts: 0 } }))
}

const GIVEN = `
  select * from json_to_recordset($1::text::json) as given (
    id text, source text, type text, doorbell text,
    received_at text, handled_at text, outcome text, job uuid)`

const EVENTS = `
  insert into events (id, source, type, doorbell, received_at, handled_at, outcome)
  select id, source, type, doorbell, received_at, handled_at, outcome from given
  on conflict (id) do nothing
  returning id, handled_at`

/**
 * Nearly always all of them are new, and their jobs come as they are; where some were known, the others'
 * are picked. (To do so each time would cost Postgres a sixth of the statement.)
 */
const JOBS = `(
  select case when (select count(*) from fresh where handled_at is null) = $3::int then $2::text::json
  else (
    select coalesce(json_agg(job), '[]') from json_array_elements($2::text::json) as job
    where (job->>'id')::uuid in (select given.job from fresh join given using (id))) end)`

/** pg-boss is asked for its own insert, and its jobs are put where it reads them. */
async function statementOf(pool: pg.Pool, report: (error: unknown) => void): Promise<string> {
  let insert = ''
  const listening: BossDb = {
    executeSql: async (text) => {
      insert = text
      return { rows: [] }
    },
  }
  const asking: BossDb = { executeSql: (text, values) => pool.query(text, values) }
  const boss = openBoss(asking, report)
  const jobs: { data: JobData }[] = [{ data: { ref: '', attempts: 0 } }]
  await boss.insert('event', jobs, { db: listening, returnId: true })
  const [before, after, ...more] = insert.split('$1::text::json')
  if (after === undefined || more.length > 0)
    throw new Error('pg-boss inserts jobs in a way that the ledger does not know')
  return `with given as materialized (${GIVEN}), fresh as (${EVENTS}), rung as (${before}${JOBS}${after})
    select count(*) as jobs from rung`
}
