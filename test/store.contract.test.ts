import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Job, type JobHandler, Later, Never, type Store } from '../server/ports.ts'
import { openLedger, openStore } from '../server/store/open-store.ts'
import type { NewEvent } from '../server/store/tables.ts'
import { startWork } from '../server/work.ts'
import { ENGINES, type Engine, type Place, placeFor } from './support/engines.ts'
import { keepInStep } from './support/postgres-database.ts'

/** However busy the machine is. */
const eventually = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 10_000 })

/** What the house relies on, whichever engine keeps the books. */
describe.each(ENGINES)('on %s', (engine) => {
  let place: Place
  let ahead: number
  let store: Store
  let reported: unknown[]
  let opened: { close(): Promise<void> }[]

  const clock = { now: () => new Date(Date.now() + ahead) }
  const report = (error: unknown) => void reported.push(error)
  const forward = (seconds: number) => {
    ahead += seconds * 1_000
  }

  function open(): Store {
    const made = openStore(place.database, { clock, report, gapMs: 0 })
    opened.push(made)
    return engine === 'sqlite' ? made : keepInStep(made, () => ahead)
  }
  function openWriter() {
    const made = openLedger(place.database, { report })
    opened.push(made)
    return made
  }
  async function startAt(options: { empty: boolean }): Promise<void> {
    opened = []
    ahead = 0
    reported = []
    place = await placeFor(engine, options)
    store = open()
    if (!options.empty) await place.migrate(store)
  }
  async function leave(): Promise<void> {
    for (const each of opened) await each.close()
    await place.remove()
  }

  beforeEach(() => startAt({ empty: false }))
  afterEach(leave)

  async function emptyDatabase(): Promise<void> {
    await leave()
    await startAt({ empty: true })
  }

  const person = (id: string) => ({ id, created_at: clock.now().toISOString() })
  const addPerson = (id: string) =>
    store.transaction((tx) => tx.insertInto('people').values(person(id)).execute())
  const peopleIds = async (from = store) =>
    (await from.db.selectFrom('people').select('id').orderBy('id').execute()).map(({ id }) => id)
  const enqueue = (refs: string[], kind: Job['kind'] = 'event', runAt?: Date) =>
    store.transaction((tx) =>
      store.enqueue(
        tx,
        refs.map((ref): Job => ({ kind, ref })),
        runAt,
      ),
    )
  /** Holds a job in hand until it is told how it ends. */
  function hold() {
    let end: (error?: Error) => void = () => {}
    let held = false
    const handle: JobHandler = () =>
      new Promise<void>((resolve, reject) => {
        held = true
        end = (error) => (error ? reject(error) : resolve())
      })
    return { handle, isHeld: () => held, end: (error?: Error) => end(error) }
  }
  function eventOf(id: string, handled_at: string | null = null): NewEvent {
    const received_at = clock.now().toISOString()
    const outcome = handled_at ? 'ignored' : null
    return { id, source: 'stripe', type: 't', doorbell: '{}', received_at, handled_at, outcome }
  }

  test('the database is brought up to date once, and a second start finds it so', async () => {
    expect(await store.isMigrated()).toBe(true)
    await addPerson('a')
    const again = open()
    await again.migrate()
    expect(await peopleIds(again)).toEqual(['a'])
  })

  test('an empty database is not ready, and any number of processes may open it at once', async () => {
    await emptyDatabase()
    expect(await store.isMigrated()).toBe(false)
    const all = Array.from({ length: 5 }, open)
    await Promise.all(all.map((each) => each.migrate()))
    for (const each of all) expect(await each.isMigrated()).toBe(true)
    await addPerson('a')
    expect(await peopleIds(all[4])).toEqual(['a'])
  })

  test('a migration that breaks off in the middle leaves nothing behind, and is done by the next start', async () => {
    await emptyDatabase()
    await sql`create table catalogue (in_the_way integer)`.execute(store.db)
    await expect(store.migrate()).rejects.toThrow(/catalogue/)
    await sql`drop table catalogue`.execute(store.db)
    await open().migrate()
    expect(await store.isMigrated()).toBe(true)
  })

  test('a database that a newer Noren wrote is refused rather than harmed', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('999-later', 'x')`.execute(
      store.db,
    )
    await expect(open().migrate()).rejects.toThrow(/written by a newer version of Noren/)
    expect(await store.isMigrated().catch(() => false)).toBe(false)
  })

  test('what was promised can be seen by another process', async () => {
    const other = open()
    await addPerson('a')
    expect(await peopleIds(other)).toEqual(['a'])
  })

  test('of many writers at once, one that fails takes nothing from the others', async () => {
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

  test('amounts and times of 64 bits come back as the numbers they were', async () => {
    const big = 4_102_444_800_123
    await addPerson('a')
    const account = { id: 'line:U', person_id: 'a', channel: 'line', address: 'U' } as const
    await store.transaction((tx) =>
      tx
        .insertInto('accounts')
        .values({ ...account, friend_event_at: big })
        .execute(),
    )
    const { sum } = await store.db
      .selectFrom('accounts')
      .select((eb) => eb.fn.sum<number>('friend_event_at').as('sum'))
      .executeTakeFirstOrThrow()
    const row = await store.db.selectFrom('accounts').selectAll().executeTakeFirst()
    expect([row?.friend_event_at, sum]).toEqual([big, big])
  })

  test('an event and its job are written together or not at all', async () => {
    const ledger = openWriter()
    await breakJobs(engine, store)
    await expect(ledger.write([eventOf('a')])).rejects.toThrow('disk is full')
    expect(await store.db.selectFrom('events').selectAll().execute()).toEqual([])
    await mendJobs(engine, store)
    expect(await ledger.write([eventOf('a'), eventOf('b', 'now'), eventOf('a')])).toBe(true)
    const done: string[] = []
    await store.drain(async ({ ref }) => void done.push(ref))
    expect(done).toEqual(['a'])
  })

  test('an event that is known already changes nothing, and makes no second job', async () => {
    const ledger = openWriter()
    expect(await ledger.write([eventOf('a')])).toBe(true)
    expect(await ledger.write([{ ...eventOf('a'), type: 'other' }])).toBe(false)
    expect(await ledger.write([eventOf('ignored', 'now')])).toBe(false)
    expect(await ledger.write([eventOf('a'), eventOf('b')])).toBe(true)
    expect(await store.openJobs()).toBe(2)
    const types = await store.db.selectFrom('events').select('type').distinct().execute()
    expect(types).toEqual([{ type: 't' }])
  })

  test('letterboxes that hear of the same events at once, in any order, keep each once', async () => {
    const letterboxes = [openWriter(), openWriter(), openWriter()]
    const ids = Array.from({ length: 60 }, (_, at) => `evt_${at}`)
    for (let round = 0; round < 5; round++) {
      const events = ids.map((id) => eventOf(`${id}_${round}`))
      await Promise.all(
        letterboxes.map((each, at) => each.write(at % 2 === 0 ? events : events.toReversed())),
      )
    }
    expect(await store.openJobs()).toBe(300)
  })

  test('a job exists exactly if the row it is about does', async () => {
    const both = store.transaction(async (tx) => {
      await tx.insertInto('people').values(person('a')).execute()
      await store.enqueue(tx, [{ kind: 'deliver', ref: 'a' }])
      throw new Error('changed my mind')
    })
    await expect(both).rejects.toThrow('changed my mind')
    expect(await store.openJobs()).toBe(0)
    expect(await peopleIds()).toEqual([])
  })

  test('a hundred who write a row and its job in the same moment all succeed', async () => {
    const fresh = open()
    const write = (at: number) =>
      fresh.transaction(async (tx) => {
        await tx
          .insertInto('people')
          .values(person(`p${at}`))
          .execute()
        await fresh.enqueue(tx, [{ kind: at % 2 === 0 ? 'event' : 'deliver', ref: `p${at}` }])
      })
    await Promise.all(Array.from({ length: 100 }, (_, at) => write(at)))
    expect(await store.openJobs()).toBe(100)
  })

  test('a list of jobs may be as long as it likes', async () => {
    const refs = Array.from({ length: 20_000 }, (_, at) => `job ${at}`)
    await enqueue(refs)
    expect(await store.openJobs()).toBe(20_000)
  })

  test('a job is done once, and what it makes is done in the same round', async () => {
    await enqueue(['a'])
    const done: string[] = []
    await store.drain(async ({ ref }) => {
      done.push(ref)
      if (ref === 'a') await enqueue(['b', 'c'])
    })
    expect(done.sort()).toEqual(['a', 'b', 'c'])
    expect(await store.openJobs()).toBe(0)
    expect(await store.drain(async () => {})).toBe(0)
  })

  test('two workers on one database never do the same job', async () => {
    const refs = Array.from({ length: 200 }, (_, at) => `job ${at}`)
    await enqueue(refs)
    const done: string[] = []
    const other = open()
    const handle = async ({ ref }: Job) => void done.push(ref)
    await Promise.all([store.drain(handle), other.drain(handle)])
    expect(done.toSorted()).toEqual(refs.toSorted())
  })

  test('one job that waits for a silent vendor does not hold up those that come after it', async () => {
    await enqueue(['slow'])
    const slow = hold()
    const done: string[] = []
    const draining = store.drain(async (job) => {
      if (job.ref === 'slow') await slow.handle(job)
      done.push(job.ref)
    })
    await eventually(slow.isHeld)
    await enqueue(['quick'])
    await eventually(() => done.includes('quick'))
    expect(done).toEqual(['quick'])
    slow.end()
    expect(await draining).toBe(2)
  })

  test('a silent vendor of one kind of job does not hold up the other kind', async () => {
    await enqueue(Array.from({ length: 80 }, (_, at) => `event ${at}`))
    const ends: (() => void)[] = []
    const done: string[] = []
    const draining = store.drain(async ({ kind, ref }) => {
      if (kind === 'event') await new Promise<void>((resolve) => ends.push(resolve))
      done.push(ref)
    })
    await eventually(() => ends.length === 64)
    await enqueue(['message'], 'deliver')
    await eventually(() => done.includes('message'))
    for (const end of ends.splice(0)) end()
    await eventually(() => ends.length === 16)
    for (const end of ends) end()
    expect(await draining).toBe(81)
  })

  test('what a process had in hand when it died is taken up again within 30 seconds', async () => {
    await enqueue(['a'])
    const dead = hold()
    const dying = store.drain(dead.handle)
    await eventually(dead.isHeld)
    const heir = open()
    const done: string[] = []
    const handle: JobHandler = async ({ ref, attempts }) => {
      done.push(`${ref}, attempt ${attempts}`)
    }
    forward(9)
    expect(await heir.drain(handle)).toBe(0)
    forward(20)
    expect(await heir.drain(handle)).toBe(1)
    expect(done).toEqual(['a, attempt 2'])
    dead.end()
    await dying
  })

  test('who was thought dead and comes back does not take the job from whoever has it now', async () => {
    await enqueue(['a'])
    const late = hold()
    const wakingUp = store.drain(late.handle)
    await eventually(late.isHeld)
    forward(29)
    const heir = open()
    const now = hold()
    const working = heir.drain(now.handle)
    await eventually(now.isHeld)
    late.end(new Error('too late'))
    await wakingUp
    const third: string[] = []
    forward(5)
    await open().drain(async ({ ref }) => void third.push(ref))
    expect(third).toEqual([])
    expect(await store.openJobs()).toBe(1)
    now.end()
    await working
    expect(await store.openJobs()).toBe(0)
  })

  test('a job that fails comes again, later each time', async () => {
    await enqueue(['a'])
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
    expect(reported).toEqual([])
  })

  test('a job that waits for a known reason does not use up its attempts', async () => {
    await enqueue(['a'])
    for (let at = 0; at < 10; at++) {
      expect(
        await store.drain(async ({ attempts }) => {
          expect(attempts).toBe(1)
          throw new Later(60, 'not yet')
        }),
      ).toBe(1)
      expect(await store.drain(async () => {})).toBe(0)
      forward(61)
    }
    expect(reported).toEqual([])
    expect(await store.drain(async () => {})).toBe(1)
  })

  test('a job that can never work is ended at once: its row says why', async () => {
    await enqueue(['a'])
    await store.drain(async () => {
      throw new Never('LINE will not have it')
    })
    expect(await store.openJobs()).toBe(0)
    forward(86_400)
    expect(await store.drain(async () => {})).toBe(0)
    expect(await store.nextDue()).toBeNull()
  })

  test('the queue never gives up by itself, nor throws away what waits for months', async () => {
    await enqueue(['a'])
    for (let at = 0; at < 15; at++) {
      forward(4_600)
      await store.drain(async () => {
        throw new Error('still down')
      })
    }
    for (let quarter = 0; quarter < 4; quarter++) {
      forward(91 * 86_400)
      await store.drain(async () => {
        throw new Later(90 * 86_400, 'paused')
      })
    }
    forward(91 * 86_400)
    const tries: number[] = []
    await store.drain(async ({ attempts }) => void tries.push(attempts))
    expect(tries).toEqual([16])
  })

  test('a job for later waits until then; what is next due is told for each kind', async () => {
    expect(await store.nextDue()).toBeNull()
    const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000)
    const [soon, later] = [inSeconds(100), inSeconds(200)]
    await enqueue(['later'], 'deliver', later)
    await enqueue(['soon'], 'event', soon)
    const near = async (due: Promise<Date | null>, expected: Date) =>
      expect(Math.abs(((await due)?.getTime() ?? 0) - expected.getTime())).toBeLessThan(1_000)
    await near(store.nextDue(), soon)
    await near(store.nextDue('deliver'), later)
    expect(await store.drain(async () => {})).toBe(0)
    forward(101)
    const held = hold()
    const draining = store.drain(held.handle)
    await eventually(held.isHeld)
    // What somebody has in hand is not due, but it is open.
    expect(await store.nextDue('event')).toBeNull()
    expect(await store.openJobs()).toBe(2)
    held.end()
    expect(await draining).toBe(1)
  })

  test('the worker does at once what it is rung for, and finds what another process wrote', async () => {
    const done: string[] = []
    const handle = async ({ ref }: Job) => void done.push(ref)
    const work = startWork({ store, handle, clock, report })
    await enqueue(['rung'])
    work.ring()
    await eventually(() => done.includes('rung'))
    const other = open()
    await other.transaction((tx) => other.enqueue(tx, [{ kind: 'event', ref: 'found' }]))
    await eventually(() => done.includes('found'))
    await work.stop()
    expect(reported).toEqual([])
  })

  test('a worker that is told to stop finishes what it has in hand and takes nothing new', async () => {
    await enqueue(Array.from({ length: 300 }, (_, at) => `job ${at}`))
    let begun = 0
    let ended = 0
    const handle = async () => {
      begun += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      ended += 1
    }
    const work = startWork({ store, handle, clock, report })
    await eventually(() => begun > 0)
    await work.stop()
    expect(ended).toBe(begun)
    expect(begun).toBeLessThan(200)
    expect(await store.openJobs()).toBe(300 - ended)
  })

  // SQLite knows only the clock of whoever asks; there all processes are on one machine.
  test.skipIf(engine === 'sqlite')(
    'a machine whose clock is an hour off neither hurries nor delays a job',
    async () => {
      const wrong = { now: () => new Date(clock.now().getTime() + 3_600_000) }
      const other = openStore(place.database, { clock: wrong, report, gapMs: 0 })
      opened.push(other)
      const inAMinute = new Date(wrong.now().getTime() + 60_000)
      await other.transaction((tx) => other.enqueue(tx, [{ kind: 'event', ref: 'a' }], inAMinute))
      expect(await other.drain(async () => {})).toBe(0)
      forward(61)
      expect(await store.drain(async () => {})).toBe(1)
    },
  )
})

const JOBS: Record<Engine, string> = { sqlite: 'jobs', postgres: 'noren_jobs.job_common' }

async function breakJobs(engine: Engine, { db }: Store): Promise<void> {
  const jobs = sql.table(JOBS[engine])
  if (engine === 'sqlite') {
    await sql`create trigger full_disk before insert on ${jobs}
      begin select raise(abort, 'database or disk is full'); end`.execute(db)
    return
  }
  await sql`create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'disk is full'; end $$`.execute(db)
  await sql`create trigger full_disk before insert on ${jobs}
    for each row execute function full_disk()`.execute(db)
}

async function mendJobs(engine: Engine, { db }: Store): Promise<void> {
  if (engine === 'sqlite') await sql`drop trigger full_disk`.execute(db)
  else await sql`drop trigger full_disk on ${sql.table(JOBS[engine])}`.execute(db)
}
