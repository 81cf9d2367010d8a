import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import type { Job, Store } from '../server/ports.ts'
import { type Running, startNoren } from '../server/start.ts'
import { openLedger, openStore } from '../server/store/open-store.ts'
import type { NewEvent } from '../server/store/tables.ts'
import { startWork } from '../server/work.ts'
import { sealReference } from '../shared/reference.ts'
import { createLineSandbox } from './sandbox/line/start.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { createStripeSandbox } from './sandbox/stripe/start.ts'
import { ENGINES, placeFor } from './support/engines.ts'
import { TEA } from './support/house.ts'
import { keepInStep, makeDatabase, makeTemplate, onServer } from './support/postgres-database.ts'
import { startTempPostgres } from './support/temp-postgres.ts'

/** What only a server can do to us: be away, restart, say nothing, and serve many at once. */
const leaving: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const leave of leaving.splice(0).reverse()) await leave()
})

const eventually = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 18_000, interval: 20 })

let ahead = 0
const clock = { now: () => new Date(Date.now() + ahead) }

function open(url: string, reported: unknown[] = []): Store {
  const report = (error: unknown) => void reported.push(error)
  const store = openStore({ engine: 'postgres', url }, { clock, report, gapMs: 0 })
  leaving.push(() => store.close())
  return keepInStep(store, () => ahead)
}

function openLetterbox(url: string, report: (error: unknown) => void = () => {}) {
  const ledger = openLedger({ engine: 'postgres', url }, { report })
  leaving.push(() => ledger.close())
  return ledger
}

function eventOf(id: string): NewEvent {
  const received_at = new Date().toISOString()
  return {
    id,
    source: 'stripe',
    type: 't',
    doorbell: '{}',
    received_at,
    handled_at: null,
    outcome: null,
  }
}

test('a Postgres that cannot be reached is told in a sentence, without the password', async () => {
  const away = open('postgres://noren:secret-word@127.0.0.1:9/books')
  const words = await away.migrate().catch((error: Error) => error.message)
  expect(words).toMatch(
    /^The database books at 127\.0\.0\.1:9 cannot be reached \(.+\)\. Check DATABASE_URL/,
  )
  expect(words).not.toContain('secret-word')
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const unknown = new URL(place.url)
  unknown.pathname = '/nothing'
  await expect(open(unknown.href).migrate()).rejects.toThrow(
    /^The database nothing at .+ cannot be reached \(database "nothing" does not exist\)/,
  )
})

test('Postgres may crash and come back: nothing that was promised is lost, and all goes on by itself', async () => {
  const postgres = await startTempPostgres()
  leaving.push(() => postgres.close())
  await makeTemplate(postgres.url)
  const { url } = await makeDatabase(postgres.url)
  const reported: unknown[] = []
  const store = open(url, reported)
  const report = (error: unknown) => void reported.push(error)
  const ledger = openLetterbox(url, report)
  const done = new Set<string>()
  const handle = async ({ ref }: Job) => {
    await store.db.selectFrom('events').select('id').where('id', '=', ref).execute()
    done.add(ref)
  }
  const work = startWork({ store, handle, clock, report })
  leaving.push(() => work.stop())

  const promised: string[] = []
  let writing = true
  const writer = (async () => {
    for (let at = 0; writing; at++)
      await ledger.write([eventOf(`evt_${at}`)]).then(
        () => promised.push(`evt_${at}`),
        () => {},
      )
  })()
  await eventually(() => promised.length > 20 && done.size > 5)
  await postgres.stop('immediate')
  await eventually(() => reported.length > 0)
  const before = promised.length
  await postgres.start()
  await eventually(() => promised.length > before + 20)
  writing = false
  await writer
  // What was in hand when Postgres fell comes back when its heartbeat is missed.
  ahead += 60_000
  await eventually(() => promised.every((id) => done.has(id)))
  expect(JSON.stringify(reported.map(String))).not.toContain('undefined')
  ahead = 0
})

test('what breaks while a house hangs up is no news', async () => {
  const place = await placeFor('postgres')
  if (place.database.engine !== 'postgres') throw new Error('not on Postgres')
  const { url } = place.database
  const reported: unknown[] = []
  for (let times = 0; times < 20; times++) {
    const store = open(url, reported)
    await Promise.all(Array.from({ length: 8 }, () => sql`select 1`.execute(store.db)))
    const closing = store.close()
    await onServer(
      url,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await closing
  }
  await place.remove()
  expect(reported).toEqual([])
})

test('a Postgres that says nothing any more is given up in seconds, and its connection with it', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const line = await openLine(place.url)
  leaving.push(line.close)
  const store = open(line.url)
  const ask = () => sql<{ one: number }>`select 1 as one`.execute(store.db)
  await ask()
  line.fallSilent()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const asked = ask().catch((error: Error) => error.message)
  await vi.advanceTimersByTimeAsync(13_000)
  vi.useRealTimers()
  expect(await asked).toBe('Query read timeout')
  line.speakAgain()
  expect((await ask()).rows).toEqual([{ one: 1 }])
})

test('of two writes that are on their way together, one that is refused takes nothing from the other', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const ledger = openLetterbox(place.url)
  const outcomes = await Promise.allSettled([
    ledger.write([eventOf('before')]),
    ledger.write([eventOf('no_text_\u0000')]), // no Postgres keeps this one
    ledger.write([eventOf('after')]),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await ledger.write([eventOf('later')])).toBe(true)
  const kept = await open(place.url).db.selectFrom('events').select('id').execute()
  expect(kept.map(({ id }) => id).sort()).toEqual(['after', 'before', 'later'])
})

test('all that a letterbox writes goes over one connection, the next before the last is answered', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const ledger = openLetterbox(place.url)
  const { db, transaction } = open(place.url)
  const lines = async (what: string) => {
    const { rows } = await sql<{ lines: number }>`
      select count(*) as lines from pg_stat_activity
      where datname = current_database() and query like 'with given %' and ${sql.raw(what)}`.execute(
      db,
    )
    return rows[0]?.lines
  }
  const writes: Promise<boolean>[] = []
  await transaction(async (tx) => {
    await sql`lock table events in share row exclusive mode`.execute(tx)
    for (const id of ['first', 'second', 'third']) writes.push(ledger.write([eventOf(id)]))
    await eventually(async () => (await lines("wait_event_type = 'Lock'")) === 1)
  })
  expect(await Promise.all(writes)).toEqual([true, true, true])
  expect(await lines('true')).toBe(1)
})

test('a letterbox whose Postgres says nothing any more refuses all it has, and goes on over a new line', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const line = await openLine(place.url)
  leaving.push(line.close)
  const ledger = openLetterbox(line.url)
  await ledger.write([eventOf('before')])
  line.fallSilent()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const lost = Promise.allSettled([ledger.write([eventOf('a')]), ledger.write([eventOf('b')])])
  await vi.advanceTimersByTimeAsync(13_000)
  vi.useRealTimers()
  expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  line.speakAgain()
  expect(await ledger.write([eventOf('after')])).toBe(true)
})

test('a Postgres that was told to be quick rather than sure is sure for us', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const name = new URL(place.url).pathname.slice(1)
  const setting = async (value: string) => {
    await onServer(place.url, `alter database ${name} set synchronous_commit = ${value}`)
    const { rows } = await sql`show synchronous_commit`.execute(open(place.url).db)
    return rows
  }
  expect(await setting('off')).toEqual([{ synchronous_commit: 'on' }])
  expect(await setting('remote_apply')).toEqual([{ synchronous_commit: 'remote_apply' }])
})

test('of two who wait for each other, one begins again, and both are done', async () => {
  const place = await placeFor('postgres')
  leaving.push(place.remove)
  const store = open(place.url)
  const ids = ['a', 'b']
  await store.transaction((tx) =>
    tx
      .insertInto('people')
      .values(ids.map((id) => ({ id, created_at: '' })))
      .execute(),
  )
  const tries = { ab: 0, ba: 0 }
  const both = (order: string[], name: 'ab' | 'ba') =>
    store.transaction(async (tx) => {
      tries[name]++
      for (const id of order) {
        await tx.updateTable('people').set({ created_at: name }).where('id', '=', id).execute()
        await vi.waitUntil(() => tries.ab > 0 && tries.ba > 0)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })
  await Promise.all([both(ids, 'ab'), both(ids.toReversed(), 'ba')])
  expect(tries.ab + tries.ba).toBe(3)
})

test.each(ENGINES)('on %s several processes of each kind share the work', async (engine) => {
  const place = await placeFor(engine, { empty: true })
  const stripe = await createStripeSandbox()
  const line = await createLineSandbox()
  const env = sandboxEnv({ stripe, line }, { database: place.url, publicUrl: 'http://localhost' })
  const appDir = join(import.meta.dirname, 'support', 'app')
  const start = (process: string) =>
    startNoren({ env: { ...env, PROCESS: process }, appDir, logLevel: 'silent' })
  // All in the same moment, on a database without tables.
  const running: Running[] = await Promise.all(['web', 'worker', 'all', 'worker'].map(start))
  leaving.push(
    () => place.remove(),
    () => line.close(),
    () => Promise.all(running.map((each) => each.close())),
    () => stripe.close(),
  )
  const letterboxes = running.flatMap(({ url }) => (url ? [`${url}/webhooks/stripe`] : []))
  const hanako = line.addUser({ name: '花子', friend: true })
  for (let at = 0; at < 10; at++) {
    stripe.sendWebhooksTo(letterboxes[at % 2] ?? '')
    const seal = { userId: hanako.userId, source: 'shop', issuedAt: Math.floor(Date.now() / 1e3) }
    const reference = sealReference(seal, env['REFERENCE_SECRET'] ?? '')
    const link = stripe.addLink(TEA).url
    await stripe.payByCard(stripe.visit(`${link}?client_reference_id=${reference}`))
  }
  await eventually(() => line.chat(hanako.userId).length >= 10)
  expect(line.chat(hanako.userId)).toHaveLength(10)
})

/** A line to Postgres that can fall silent without being cut, as when a switch dies. */
async function openLine(to: string) {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  let silent = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      let deaf = false
      from.on('data', (bytes) => {
        deaf ||= silent
        if (!deaf) into.write(bytes)
      })
      from.on('error', () => {})
      from.on('close', () => into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const near = new URL(to)
  near.port = String(typeof address === 'object' ? address?.port : '')
  return {
    url: near.href,
    fallSilent: () => {
      silent = true
    },
    speakAgain: () => {
      silent = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
