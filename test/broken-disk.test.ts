import { chmodSync, closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore } from '../server/store/open-store.ts'
import { type LoneNoren, openLoneNoren } from './chaos/lone-noren.ts'
import { placeFor } from './support/engines.ts'
import { openHouse, TEA } from './support/house.ts'

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const clock = { now: () => new Date() }
const SOON = { timeout: 30_000, interval: 50 }

describe('a machine that fails', { timeout: 120_000 }, () => {
  let noren: LoneNoren
  beforeAll(async () => {
    noren = await openLoneNoren()
    await noren.start()
    await told(await noren.sell())
    await noren.kill()
    noren.keep()
  }, 120_000)
  // Each finds a shop that has sold once and was killed.
  beforeEach(() => noren.putBack())
  afterEach(() => noren.kill())
  afterAll(() => noren.close())

  const told = (session: string) => vi.waitUntil(() => noren.summaries(session) === 1, SOON)

  /** Stripe's next tries, of everything that nobody has taken yet. */
  async function sendAgain(): Promise<void> {
    await noren.stripe.settled()
    for (const { id } of noren.stripe.events())
      if (!noren.acked.has(id)) await noren.stripe.resend(id)
  }

  /** One page of the file, by its number or as the first of a table, and no newer copy in the log. */
  function overwrite(what: number | string): void {
    const database = new Database(noren.file)
    database.pragma('wal_checkpoint(truncate)')
    const root = database.prepare('select rootpage from sqlite_master where name = ?').pluck()
    const page = typeof what === 'number' ? what : Number(root.get(what))
    database.close()
    const file = openSync(noren.file, 'r+')
    writeSync(file, Buffer.alloc(4_096, 'x'), 0, 4_096, (page - 1) * 4_096)
    closeSync(file)
  }

  /** As if the next start came when the dead one's claims have lapsed. */
  function freeClaims(): void {
    const database = new Database(noren.file)
    database.exec('update jobs set claimed_until = null')
    database.close()
  }

  /** Every event that was answered 2xx stands in the file; the earlier ones were in another. */
  function expectHeld(earlier: ReadonlySet<string>): void {
    const database = new Database(noren.file, { readonly: true })
    const held = new Set(database.prepare('select id from events').pluck().all())
    database.close()
    expect([...noren.acked].filter((id) => !earlier.has(id) && !held.has(id))).toEqual([])
  }

  test.skipIf(process.platform === 'win32')(
    'with a full disk Stripe hears that nothing was kept; once there is room, everything is told',
    async () => {
      const earlier = new Set(noren.acked)
      // No file may grow past 1 MiB (2,048 blocks); a write beyond is refused, as on a full disk.
      await noren.start({ limits: 'trap "" XFSZ; ulimit -f 2048' })
      const sold: string[] = []
      const refused = () => noren.statuses.some((status) => status >= 500)
      while (!refused() && sold.length < 400) sold.push(await noren.sell())
      expect(refused()).toBe(true)
      await vi.waitUntil(() => /disk I\/O error|disk is full/.test(noren.printed()), SOON)
      sold.push(await noren.sell())
      expect(noren.printed()).not.toContain('cannot rollback')
      await noren.kill()
      expectHeld(earlier)
      freeClaims()
      await noren.start()
      await sendAgain()
      for (const session of sold) await told(session)
    },
  )

  test.runIf(isRoot)(
    'a database that may only be read is refused at the start, in a sentence',
    async () => {
      const before = noren.acked.size
      for (const end of ['', '-wal', '-shm']) chmodSync(`${noren.file}${end}`, 0o444)
      const child = await noren.start({ uid: NOBODY })
      expect(child.exitCode).toBe(1)
      expect(noren.printed()).toMatch(/cannot be opened for writing .* Check DATABASE_URL/)
      const session = await noren.sell()
      expect(noren.acked.size).toBe(before)
      for (const end of ['', '-wal', '-shm']) chmodSync(`${noren.file}${end}`, 0o644)
      await noren.start()
      await sendAgain()
      await told(session)
    },
  )

  test('a database file that was overwritten is refused at the start, in a sentence', async () => {
    overwrite(1)
    const before = noren.acked.size
    const child = await noren.start()
    expect(child.exitCode).toBe(1)
    expect(noren.printed()).toMatch(/cannot be opened for writing \(file is not a database\)/)
    await noren.sell()
    expect(noren.acked.size).toBe(before)
  })

  test('pages in the middle that were overwritten: what cannot be written is not acknowledged', async () => {
    overwrite('events')
    const before = noren.acked.size
    const child = await noren.start()
    await noren.sell()
    expect(noren.acked.size).toBe(before)
    if (child.exitCode === null) expect(noren.statuses.at(-1)).toBeGreaterThanOrEqual(500)
    await vi.waitUntil(() => noren.printed().includes('malformed'), SOON)
  })

  test('a write-ahead log that was cut in half: what its whole part holds is there, and the shop goes on', async () => {
    truncateSync(`${noren.file}-wal`, Math.floor(statSync(`${noren.file}-wal`).size / 2))
    const child = await noren.start()
    expect(child.exitCode).toBeNull()
    await told(await noren.sell())
    expect(
      new Database(noren.file, { readonly: true }).pragma('integrity_check', { simple: true }),
    ).toBe('ok')
  })
})

test('a clock that is put back an hour stops nobody, and says nothing twice', async () => {
  const house = await openHouse()
  const tea = house.stripe.addLink(TEA).id
  const first = await house.order(house.hanako, tea)
  await house.stripe.payByCard(first)
  house.line.addFault({ on: /message\/push/, times: 1, drop: 'after' })
  await house.settle()
  house.forward({ hours: -1 })
  const second = await house.order(house.hanako, tea)
  await house.stripe.payByCard(second)
  await house.settleFor(30)
  expect(
    house
      .heard(house.hanako.userId)
      .filter((words) => words.includes(first.slice(-8).toUpperCase())),
  ).toHaveLength(1)
  expect(
    house
      .heard(house.hanako.userId)
      .filter((words) => words.includes(second.slice(-8).toUpperCase())),
  ).toHaveLength(1)
  await house.close()
})

test('whoever writes to a full disk is told just that, also those who shared the commit', async () => {
  const place = await placeFor('sqlite', { empty: true })
  const store = openStore(place.database, { clock, report: () => {}, gapMs: 0 })
  await store.migrate()
  await sql`pragma max_page_count = 1`.execute(store.db)
  const write = (id: string) =>
    store.transaction((tx) =>
      tx
        .insertInto('people')
        .values({ id: id.repeat(20_000), created_at: '2026-11-22T00:00:00.000Z' })
        .execute(),
    )
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(write))
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { message: 'database or disk is full' },
    })
  await sql`pragma max_page_count = 1000000`.execute(store.db)
  await write('d')
  await store.close()
  await place.remove()
})
