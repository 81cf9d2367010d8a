import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openSqlite, openSqliteFile } from '../server/store/sqlite.ts'
import { cutPower } from './chaos/power-cut.ts'
import { chooseSeed } from './chaos/seed.ts'

const seed = chooseSeed()
const round = { seed, events: 1_000, cuts: 60 }

test(`after a power cut, everything that was acknowledged is there (CHAOS_SEED=${seed})`, async () => {
  const { cuts, acked, lost, broken } = await cutPower(round)
  expect({ cuts, lost, broken }).toEqual({ cuts: 60, lost: 0, broken: 0 })
  expect(acked).toBeGreaterThan(300)
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
