import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as aMoment } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import wasm from 'node-sqlite3-wasm'
import { createRecorder } from '../../server/store/record-events.ts'
import { keepPromises, openSqlite } from '../../server/store/sqlite.ts'
import { penOn } from '../../server/store/sqlite-pen.ts'
import type { NewEvent } from '../../server/store/tables.ts'
import { forgetfulDisk, type Image } from './forgetful-disk.ts'
import { chanceFrom } from './seed.ts'

type Cut = { left: Image; acked: number }
export type PowerCuts = {
  cuts: number
  acked: number
  /** Events that somebody was told are held, and that were gone after a cut, over all cuts */
  lost: number
  /** Cuts after which the file was not sound, or an event stood there without its job */
  broken: number
}

/**
 * The pen's own statements, pragmas and group commit, on a disk that keeps only what was synced (and
 * of the rest nothing, or any part). The power goes at random steps; each time the disk is opened
 * again, and what had been acknowledged by then must be there.
 */
export async function cutPower(options: {
  seed: number
  events: number
  cuts: number
  /** A mistake made on purpose, to see that it would be found */
  mistake?: 'synchronous=NORMAL' | 'answered before the commit'
}): Promise<PowerCuts> {
  const folder = mkdtempSync(join(tmpdir(), 'noren-power-'))
  try {
    const cuts = await writeUnderCuts(folder, options)
    const found = { cuts: cuts.length, acked: cuts.at(-1)?.acked ?? 0, lost: 0, broken: 0 }
    for (const [at, cut] of cuts.entries()) {
      const after = openAfter(join(folder, `after-${at}`), cut)
      found.lost += after.lost
      if (!after.sound) found.broken++
    }
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeUnderCuts(
  folder: string,
  options: Parameters<typeof cutPower>[0],
): Promise<Cut[]> {
  const chance = chanceFrom(options.seed)
  const file = join(folder, 'noren.db')
  const empty = openSqlite({ file, clock: { now: () => new Date() }, report: () => {} })
  await empty.migrate()
  await empty.close()

  const cuts: Cut[] = []
  let acked = 0
  // About so many steps (writes and syncs) an event costs; more cuts than asked for are not kept.
  const likely = options.cuts / (options.events * 1.5)
  const disk = forgetfulDisk(folder, () => {
    if (chance() > likely || cuts.length >= options.cuts) return
    const luck = chance() < 0.5 ? 0 : chance()
    cuts.push({ left: disk.cut(() => chance() < luck), acked })
  })
  try {
    const database = connect(file)
    keepPromises(database)
    if (options.mistake === 'synchronous=NORMAL') database.pragma('synchronous = NORMAL')
    const pen = penOn(database)
    const early = options.mistake === 'answered before the commit'
    const record = createRecorder(
      async (events) => {
        if (early) acked += events.length
        // In production the pen has a thread of its own: whoever answers too early has time to.
        await aMoment()
        return pen.write(events)
      },
      () => {},
    )
    const told = () => {
      if (!early) acked++
    }
    for (let next = 0; next < options.events; ) {
      const together = 1 + Math.floor(chance() * 40)
      const rows = Array.from({ length: together }, () => eventRow(`evt_${next++}`))
      await Promise.all(rows.map((row) => record([row]).then(told)))
    }
    pen.close()
  } finally {
    disk.restore()
  }
  return cuts
}

/** A paid session's webhook, as the letterbox would write it down. */
export function eventRow(id: string): NewEvent {
  return {
    id,
    source: 'stripe',
    type: 'checkout.session.completed',
    doorbell: JSON.stringify({ from: 'stripe', objectId: `cs_test_${id}`.padEnd(66, 'x') }),
    received_at: '2026-11-22T00:00:00.000Z',
    handled_at: null,
    outcome: null,
  }
}

/** Acknowledged in the order of their numbers, so the count alone says which must be there. */
function openAfter(folder: string, cut: Cut): { lost: number; sound: boolean } {
  mkdirSync(folder)
  for (const [name, content] of cut.left) writeFileSync(join(folder, name), content)
  const database = new wasm.Database(join(folder, 'noren.db'))
  database.exec('pragma locking_mode = exclusive')
  const sound = database.get('pragma integrity_check')?.['integrity_check'] === 'ok'
  const held = new Set(database.all('select id from events').map((row) => row['id']))
  const jobless = database.all('select id from events where id not in (select ref from jobs)')
  database.close()
  rmSync(folder, { recursive: true, force: true })
  const expected = Array.from({ length: cut.acked }, (_, number) => `evt_${number}`)
  const lost = expected.filter((id) => !held.has(id)).length
  return { lost, sound: sound && jobless.length === 0 }
}

type Connection = Pick<Database, 'prepare' | 'pragma' | 'transaction' | 'close'>

/** SQLite for WebAssembly in better-sqlite3's words, as far as the pen speaks them. */
function connect(file: string): Connection {
  const database = new wasm.Database(file)
  // It has no shared memory between processes, so the log's index lives in this one.
  database.exec('pragma locking_mode = exclusive')
  function prepare(text: string) {
    const statement = database.prepare(text)
    const names = [...text.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    return {
      run: (row: Record<string, string | null>) =>
        statement.run(Object.fromEntries(names.map((name) => [`:${name}`, row[name] ?? null]))),
    }
  }
  function transaction<T, R>(work: (input: T) => R) {
    return {
      immediate(input: T): R {
        database.exec('begin immediate')
        try {
          const done = work(input)
          database.exec('commit')
          return done
        } catch (error) {
          database.exec('rollback')
          throw error
        }
      },
    }
  }
  const pragma = (text: string) => database.exec(`pragma ${text}`)
  return { prepare, transaction, pragma, close: () => database.close() } as unknown as Connection
}
