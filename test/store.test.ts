import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Job, Later, Never, type Store } from '../server/ports.ts'
import { startNoren } from '../server/start.ts'
import { isMigrated, migrate } from '../server/store/migrate.ts'
import { openWriter } from '../server/store/open-writer.ts'
import { createRecorder } from '../server/store/record-events.ts'
import { MOST_ATTEMPTS, retryDelay } from '../server/store/retry.ts'
import { openSqlite } from '../server/store/sqlite.ts'
import { openPen } from '../server/store/sqlite-pen.ts'
import type { NewEvent } from '../server/store/tables.ts'
import { startWork } from '../server/work.ts'

let folder: string
let file: string
let ahead: number
let store: Store
let reported: unknown[]
const opened: Store[] = []

const clock = { now: () => new Date(Date.now() + ahead) }
const report = (error: unknown) => reported.push(error)
const forward = (seconds: number) => {
  ahead += seconds * 1_000
}

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

test('the database is brought up to date once, and a second start finds it so', async () => {
  expect(await isMigrated(store.db)).toBe(true)
  await addPerson('a')
  const again = open()
  await migrate(again.db)
  expect(await peopleIds(again)).toEqual(['a'])
})

test('web and worker may open a new database in the same moment', async () => {
  file = join(folder, 'new.db')
  const both = [open(), open()]
  await Promise.all(both.map(({ db }) => migrate(db)))
  for (const { db } of both) expect(await isMigrated(db)).toBe(true)
})

test('a migration that breaks off in the middle leaves nothing behind, and is done by the next start', async () => {
  file = join(folder, 'half.db')
  const { db } = open()
  await sql`create table jobs (in_the_way)`.execute(db)
  await expect(migrate(db)).rejects.toThrow(/jobs/)
  await sql`drop table jobs`.execute(db)
  await migrate(open().db)
  expect(await isMigrated(db)).toBe(true)
})

test('an empty database is not ready', async () => {
  file = join(folder, 'empty.db')
  expect(await isMigrated(open().db)).toBe(false)
})

test('a database that a newer Noren wrote is refused rather than harmed', async () => {
  await sql`insert into kysely_migration (name, timestamp) values ('999-later', 'x')`.execute(
    store.db,
  )
  await expect(migrate(open().db)).rejects.toThrow(/written by a newer version of Noren/)
  expect(await isMigrated(store.db).catch(() => false)).toBe(false)
})

test('what was promised is on disk, where another process sees it', async () => {
  const other = open()
  await addPerson('a')
  expect(await peopleIds(other)).toEqual(['a'])
  expect((await sql`pragma synchronous`.execute(store.db)).rows).toEqual([{ synchronous: 2 }])
  expect((await sql`pragma journal_mode`.execute(store.db)).rows).toEqual([{ journal_mode: 'wal' }])
})

test('of many writers who share a commit, one that fails takes nothing from the others', async () => {
  const writers = Array.from({ length: 30 }, (_, at) =>
    store.transaction(async (tx) => {
      await tx
        .insertInto('people')
        .values(person(`p${at}`))
        .execute()
      if (at % 3 === 0) throw new Error(`writer ${at} changed its mind`)
      return at
    }),
  )
  const results = await Promise.allSettled(writers)
  const kept = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(kept).toHaveLength(20)
  expect(await peopleIds()).toEqual(kept.map((at) => `p${at}`).sort())
  expect(results[3]).toMatchObject({ reason: new Error('writer 3 changed its mind') })
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

test('an event and its job are written together or not at all', async () => {
  const pen = openPen(file)
  const record = createRecorder(
    async (events) => pen.write(events),
    () => {},
  )
  await fullDisk('jobs')
  await expect(record([eventOf('a')])).rejects.toThrow('disk is full')
  expect(await store.db.selectFrom('events').selectAll().execute()).toEqual([])
  await sql`drop trigger full_disk`.execute(store.db)
  await record([eventOf('a'), eventOf('b', 'now'), eventOf('a')])
  expect((await jobs()).map(({ ref }) => ref)).toEqual(['a'])
  pen.close()
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

test('a job is done once, and what it makes is done in the same round', async () => {
  await enqueue('a')
  const done: string[] = []
  await store.drain(async ({ ref }) => {
    done.push(ref)
    if (ref === 'a') await enqueue('b', 'c')
  })
  expect(done.sort()).toEqual(['a', 'b', 'c'])
  expect(await jobs()).toEqual([])
  expect(await store.drain(async () => {})).toBe(0)
})

test('two workers on one database never do the same job', async () => {
  const refs = Array.from({ length: 200 }, (_, at) => `job ${at}`)
  await enqueue(...refs)
  const done: string[] = []
  const other = open()
  const handle = async ({ ref }: Job) => {
    done.push(ref)
  }
  await Promise.all([store.drain(handle), other.drain(handle)])
  expect(done.toSorted()).toEqual(refs.toSorted())
})

test('one job that waits for a silent vendor does not hold up those that come after it', async () => {
  await enqueue('slow')
  const done: string[] = []
  let finish = () => {}
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  const draining = store.drain(async ({ ref }) => {
    if (ref === 'slow') await slow
    done.push(ref)
  })
  await vi.waitUntil(async () => (await jobs())[0]?.claimed_until)
  await enqueue('quick')
  await vi.waitUntil(() => done.includes('quick'), { timeout: 5_000 })
  expect(done).toEqual(['quick'])
  finish()
  expect(await draining).toBe(2)
})

test('what a process had in hand when it died is taken up again after 20 seconds', async () => {
  await enqueue('a')
  let die = () => {}
  const dying = store.drain(
    () =>
      new Promise<void>((resolve) => {
        die = resolve
      }),
  )
  await vi.waitUntil(async () => (await jobs())[0]?.claimed_until)
  const heir = open()
  const done: string[] = []
  const handle = async ({ ref, attempts }: Job & { attempts: number }) => {
    done.push(`${ref}, attempt ${attempts}`)
  }
  forward(19)
  expect(await heir.drain(handle)).toBe(0)
  forward(2)
  expect(await heir.drain(handle)).toBe(1)
  expect(done).toEqual(['a, attempt 2'])
  die()
  await dying
})

test('a job that fails comes again, later each time, and keeps why', async () => {
  await enqueue('a')
  const waits: number[] = []
  for (let attempt = 1; attempt <= 8; attempt++) {
    await store.drain(async ({ attempts }) => {
      expect(attempts).toBe(attempt)
      throw new Error(`attempt ${attempts} failed`)
    })
    const due = (await store.nextDue())?.getTime() ?? 0
    waits.push((due - clock.now().getTime()) / 1_000)
    ahead += due - clock.now().getTime()
  }
  expect(waits[0]).toBeLessThan(2)
  for (const [at, wait] of waits.entries()) {
    expect(wait).toBeGreaterThan(2 ** at * 0.7)
    expect(wait).toBeLessThan(2 ** at * 1.3)
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

test('a job that waits for a known reason does not use up its attempts', async () => {
  await enqueue('a')
  for (let at = 0; at < MOST_ATTEMPTS + 5; at++) {
    await store.drain(async ({ attempts }) => {
      expect(attempts).toBe(1)
      throw new Later(60, 'not yet')
    })
    forward(61)
  }
  expect(await jobs()).toMatchObject([{ attempts: 0 }])
  expect(reported).toEqual([])
  expect(await store.drain(async () => {})).toBe(1)
})

test('a job that can never work is ended at once: its row says why', async () => {
  await enqueue('a')
  await store.drain(async () => {
    throw new Never('LINE will not have it')
  })
  expect(await jobs()).toEqual([])
  forward(86_400)
  expect(await store.drain(async () => {})).toBe(0)
  expect(await store.nextDue()).toBeNull()
})

test('the queue never gives up by itself: whoever does the job says Never', async () => {
  await enqueue('a')
  const started = clock.now().getTime()
  const drainOnce = (handle: () => Promise<void>) => {
    forward(4_600)
    return store.drain(handle)
  }
  for (let at = 0; at < MOST_ATTEMPTS + 5; at++)
    await drainOnce(async () => {
      throw new Error('still down')
    })
  expect(clock.now().getTime() - started).toBeGreaterThan(3 * 86_400_000)
  expect(await jobs()).toMatchObject([{ attempts: MOST_ATTEMPTS + 5, error: 'still down' }])
})

test('the worker does at once what it is rung for, and finds what nobody rang for', async () => {
  const done: string[] = []
  const handle = async ({ ref }: Job) => {
    done.push(ref)
  }
  const work = startWork({ store, handle, clock, report })
  await enqueue('rung')
  work.ring()
  await vi.waitUntil(() => done.includes('rung'))
  await enqueue('found')
  await vi.waitUntil(() => done.includes('found'), { timeout: 3_000 })
  await work.stop()
  expect(reported).toEqual([])
})

test('a worker that is told to stop finishes what it has in hand and takes nothing new', async () => {
  const refs = Array.from({ length: 500 }, (_, at) => `job ${at}`)
  await enqueue(...refs)
  let begun = 0
  let ended = 0
  const handle = async () => {
    begun += 1
    await new Promise((resolve) => setTimeout(resolve, 20))
    ended += 1
  }
  const work = startWork({ store, handle, clock, report })
  await vi.waitUntil(() => begun > 0)
  await work.stop()
  expect(ended).toBe(begun)
  expect(begun).toBeLessThan(200)
  expect(await jobs()).toHaveLength(500 - ended)
})
