import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../server/furnish.ts'
import { openLedger, openStore } from '../server/store/open-store.ts'
import { openSqlite, openSqliteFile } from '../server/store/sqlite.ts'
import { cutPower, eventRow } from './chaos/power-cut.ts'
import { chooseSeed } from './chaos/seed.ts'
import { makeDatabase } from './support/postgres-database.ts'
import { startTempPostgres } from './support/temp-postgres.ts'

const seed = chooseSeed()
const round = { seed, events: 500, cuts: 40 }

test(`after a power cut, everything that was acknowledged is there (CHAOS_SEED=${seed})`, async () => {
  const { cuts, acked, lost, broken } = await cutPower(round)
  expect({ lost, broken }).toEqual({ lost: 0, broken: 0 })
  expect(cuts).toBeGreaterThan(20)
  expect(acked).toBeGreaterThan(150)
})

test('the same cuts do find a database that is synced now and then only', async () => {
  const { lost, broken } = await cutPower({ ...round, cuts: 15, mistake: 'synchronous=NORMAL' })
  expect(lost).toBeGreaterThan(0)
  expect(broken).toBe(0)
})

test('and a letterbox that answers before its commit', async () => {
  const { lost } = await cutPower({ ...round, cuts: 15, mistake: 'answered before the commit' })
  expect(lost).toBeGreaterThan(0)
})

test('each connection to the real file waits for the disk at each commit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'noren-'))
  const file = join(folder, 'noren.db')
  const store = openSqlite({ file, clock: { now: () => new Date() }, report: () => {} })
  const pen = openSqliteFile(file)
  const FULL = 2
  expect((await sql`pragma synchronous`.execute(store.db)).rows).toEqual([{ synchronous: FULL }])
  expect((await sql`pragma journal_mode`.execute(store.db)).rows).toEqual([{ journal_mode: 'wal' }])
  expect(pen.pragma('synchronous', { simple: true })).toBe(FULL)
  expect(pen.pragma('journal_mode', { simple: true })).toBe('wal')
  pen.close()
  await store.close()
  rmSync(folder, { recursive: true })
})

test('Postgres that crashes holds what was acknowledged, even where its owner told it not to wait for the disk', async () => {
  const settings = { synchronous_commit: 'off', wal_writer_delay: '10s' }
  const postgres = await startTempPostgres({ fsync: true, settings })
  try {
    const { url } = await makeDatabase(postgres.url, { empty: true })
    const parts = { report: () => {} }
    const store = openStore({ engine: 'postgres', url }, { ...parts, clock: systemClock, gapMs: 0 })
    await store.migrate()
    const ledger = openLedger({ engine: 'postgres', url }, parts)
    const acked: string[] = []
    for (let at = 0; at < 20; at++) {
      const id = `evt_${at}`
      await ledger.write([eventRow(id)])
      acked.push(id)
    }
    await postgres.stop('immediate')
    await postgres.start()
    const held = await store.db.selectFrom('events').select('id').execute()
    const ids = new Set(held.map(({ id }) => id))
    expect(acked.filter((id) => !ids.has(id))).toEqual([])
    await ledger.close()
    await store.close()
  } finally {
    await postgres.close()
  }
}, 60_000)
