import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Job, Store } from '../server/ports.ts'
import { retryDelay } from '../server/retry-policy.ts'
import { startNoren } from '../server/start.ts'
import { migrate } from '../server/store/migrate.ts'
import { openWriter } from '../server/store/open-writer.ts'
import { createRecorder } from '../server/store/record-events.ts'
import { openSqlite } from '../server/store/sqlite.ts'
import { openPen } from '../server/store/sqlite-pen.ts'
import type { NewEvent } from '../server/store/tables.ts'

let folder: string
let file: string
let ahead: number
let store: Store
let reported: unknown[]
const opened: Store[] = []

const clock = { now: () => new Date(Date.now() + ahead) }
const report = (error: unknown) => reported.push(error)

function open(): Store {
  const made = openSqlite({ file, clock, report })
  opened.push(made)
  return made
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noren-store-'))
  file = join(folder, 'data', 'noren.db')
  ahead = 0
  reported = []
  store = open()
  await migrate(store.db)
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  rmSync(folder, { recursive: true, force: true })
})

const person = (id: string) => ({ id, created_at: clock.now().toISOString() })
const addPerson = (id: string) =>
  store.transaction((tx) => tx.insertInto('people').values(person(id)).execute())
const peopleIds = async (from = store) =>
  (await from.db.selectFrom('people').select('id').orderBy('id').execute()).map(({ id }) => id)
const enqueue = (...refs: string[]) =>
  store.transaction((tx) =>
    store.enqueue(
      tx,
      refs.map((ref): Job => ({ kind: 'event', ref })),
    ),
  )
const jobs = () => store.db.selectFrom('jobs').selectAll().orderBy('id').execute()

function eventOf(id: string, handled_at: string | null = null): NewEvent {
  const received_at = clock.now().toISOString()
  const outcome = handled_at ? 'ignored' : null
  return { id, source: 'stripe', type: 't', doorbell: '{}', received_at, handled_at, outcome }
}

const fullDisk = (table: 'events' | 'jobs') =>
  sql`create trigger full_disk before insert on ${sql.table(table)}
    begin select raise(abort, 'database or disk is full'); end`.execute(store.db)

test('a database that cannot be written is refused in a sentence that names the file', () => {
  const notes = join(folder, 'notes.txt')
  writeFileSync(notes, 'These are my notes, and no database.\n'.repeat(100))
  for (const bad of [folder, notes, join(notes, 'noren.db')])
    expect(() => openSqlite({ file: bad, clock, report })).toThrow(
      new RegExp(
        `^The database ${bad} cannot be opened for writing \\(.+\\)\\. Check DATABASE_URL`,
      ),
    )
})

test('the shop does not open on such a database', async () => {
  const env = {
    DATABASE_URL: `file:${folder}`,
    STRIPE_SECRET_KEY: 'sk_test_51Noren',
    STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
    LINE_CHANNEL_SECRET: 'secret',
    LINE_CHANNEL_ACCESS_TOKEN: 'token',
    LIFF_ID: '1234567890-AbcdEfgh',
    REFERENCE_SECRET: 'r'.repeat(32),
    SESSION_SECRET: 's'.repeat(32),
  }
  const appDir = join(import.meta.dirname, 'support', 'app')
  await expect(startNoren({ env, appDir, logLevel: 'silent' })).rejects.toThrow(
    /^The database .* cannot be opened for writing/,
  )
})

test('what was promised is on disk, where another process sees it', async () => {
  const other = open()
  await addPerson('a')
  expect(await peopleIds(other)).toEqual(['a'])
  expect((await sql`pragma synchronous`.execute(store.db)).rows).toEqual([{ synchronous: 2 }])
  expect((await sql`pragma journal_mode`.execute(store.db)).rows).toEqual([{ journal_mode: 'wal' }])
})

test('when the shared commit itself fails, nobody is told that it worked', async () => {
  const homeless = store.transaction(async (tx) => {
    await sql`pragma defer_foreign_keys = on`.execute(tx)
    const account = { id: 'line:U', person_id: 'nobody', channel: 'line', address: 'U' } as const
    await tx.insertInto('accounts').values(account).execute()
  })
  const results = await Promise.allSettled([addPerson('a'), homeless, addPerson('b')])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await peopleIds()).toEqual([])
  await addPerson('c')
  expect(await peopleIds()).toEqual(['c'])
})

test('who waits for another process’s lock leaves the loop free, and is served after all', async () => {
  const other = new Database(file)
  other.exec('begin immediate')
  const added = addPerson('patient')
  let turns = 0
  const beat = setInterval(() => turns++, 5)
  await vi.waitUntil(() => turns >= 20)
  other.exec('commit')
  await added
  clearInterval(beat)
  other.close()
  expect(await peopleIds()).toEqual(['patient'])
})

test('webhooks that come together are one commit, and ring once for what is new', async () => {
  let rings = 0
  let commits = 0
  const pen = openPen(file)
  const record = createRecorder(
    async (events) => {
      commits += 1
      return pen.write(events)
    },
    () => {
      rings += 1
    },
  )
  const ids = Array.from({ length: 50 }, (_, at) => `evt_${at}`)
  await Promise.all(ids.map((id) => record([eventOf(id)])))
  expect({ rings, commits }).toEqual({ rings: 1, commits: 1 })
  await record([eventOf('evt_0')])
  await record([eventOf('evt_ignored', 'now')])
  expect(rings).toBe(1)
  pen.close()
})

test('the writing thread says when it could not write, and goes on when it can again', async () => {
  const writer = openWriter(file, report)
  expect(await writer.write([eventOf('a')])).toBe(true)
  expect(await writer.write([eventOf('a')])).toBe(false)
  await fullDisk('events')
  const results = await Promise.allSettled([
    writer.write([eventOf('b')]),
    writer.write([eventOf('a', 'known')]),
  ])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await sql`drop trigger full_disk`.execute(store.db)
  expect(await writer.write([eventOf('b')])).toBe(true)
  await writer.close()
  expect(reported).toEqual([])
})

test('a job that failed eight times keeps count, and why it failed last', async () => {
  await enqueue('a')
  for (let attempt = 1; attempt <= 8; attempt++) {
    await store.drain(async ({ attempts }) => {
      throw new Error(`attempt ${attempts} failed`)
    })
    ahead += ((await store.nextDue())?.getTime() ?? 0) - clock.now().getTime()
  }
  expect(await jobs()).toMatchObject([{ attempts: 8, error: 'attempt 8 failed' }])
  // Whoever handles a job says what failed; the queue has had no trouble of its own.
  expect(reported).toEqual([])
})

test('no two retries are an hour and a quarter apart, however often a job has failed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tries, chance) => {
        const seconds = retryDelay(tries, () => chance)
        expect(seconds).toBeGreaterThanOrEqual(0.75)
        expect(seconds).toBeLessThanOrEqual(4_500)
      },
    ),
  )
})
