import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Store } from '../../server/ports.ts'
import { openStore } from '../../server/store/open-store.ts'

const TEMPLATE = 'noren_template'

/**
 * Makes the database that all others are copied from (50 ms each): migrated, and with a clock that a
 * test can move. All times in the queue are the database's own, and pg-boss asks one function for them.
 */
export async function makeTemplate(serverUrl: string): Promise<void> {
  await onServer(serverUrl, `create database ${TEMPLATE}`)
  const url = urlOf(serverUrl, TEMPLATE)
  const report = (error: unknown) => console.error(error)
  const store = openStore({ engine: 'postgres', url }, { clock: systemClock, report, gapMs: 0 })
  await store.migrate()
  await store.close()
  await onServer(
    url,
    `create table noren_jobs.test_clock (ahead_ms double precision not null);
     insert into noren_jobs.test_clock values (0);
     create or replace function noren_jobs.job_now() returns timestamp with time zone as $$
       select pg_catalog.now() + (select ahead_ms from noren_jobs.test_clock) * interval '1 ms'
     $$ language sql stable`,
  )
}

const systemClock = { now: () => new Date() }

/** A fresh database on a test's server; `empty` has no tables yet. Remove it with `drop`. */
export async function makeDatabase(
  serverUrl: string,
  options: { empty?: boolean } = {},
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = options.empty ? 'template0' : TEMPLATE
  await onServer(serverUrl, `create database ${name} template ${template}`)
  return {
    url: urlOf(serverUrl, name),
    drop: () => onServer(serverUrl, `drop database ${name} with (force)`),
  }
}

/** The same store, whose database has the test's time whenever it matters: before it looks for jobs. */
export function keepInStep(store: Store, ahead: () => number): Store {
  let told = 0
  async function tellTime(): Promise<void> {
    if (ahead() === told) return
    told = ahead()
    await store.transaction((tx) =>
      (tx as never as TestClock)
        .updateTable('noren_jobs.test_clock')
        .set({ ahead_ms: told })
        .execute(),
    )
  }
  return {
    ...store,
    async drain(handle, stop) {
      await tellTime()
      return store.drain(handle, stop)
    },
    async nextDue(kind) {
      await tellTime()
      return store.nextDue(kind)
    },
  }
}

type TestClock = {
  updateTable(table: string): { set(values: object): { execute(): Promise<unknown> } }
}

/** One statement (or more, without values) on a connection of its own. */
export async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
