import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { furnish } from '../server/furnish.ts'
import { openLog } from '../server/log.ts'
import { type Became, type Duty, doDuty, startDuties } from '../server/operations/do-duties.ts'
import { takeTurn, writeTurn } from '../server/operations/duties.store.ts'
import { Later, type Store, type Turn } from '../server/ports.ts'
import { ENGINES } from './support/engines.ts'
import { type House, openHouse } from './support/house.ts'

describe.each(ENGINES)('with the books in %s', (engine) => {
  let house: House
  let troubles: unknown[]
  let turns: Turn[]

  beforeEach(async () => {
    house = await openHouse({ engine })
    troubles = []
    turns = []
  })
  afterEach(() => house.close())

  const now = () => house.desk.post.clock.now()
  const report = (error: unknown) => void troubles.push(error)

  /** Sweeping the floor, hourly and when a process starts; `run` is what happens meanwhile. */
  function sweep(
    run: (turn: Turn) => unknown = () => {},
    at: { store?: Store; atStart?: boolean; stop?: AbortSignal } = {},
  ): Promise<Became> {
    const { store = house.store, atStart = false, stop = new AbortController().signal } = at
    const duty: Duty = {
      name: 'sweep',
      everySeconds: 3_600,
      atStartAfterSeconds: 60,
      async run(turn) {
        turns.push(turn)
        await run(turn)
      },
    }
    return doDuty({ store, clock: house.desk.post.clock, report }, duty, { atStart, stop })
  }

  test('a duty is done once an hour, by whoever comes first', async () => {
    expect(await sweep()).toBe('done')
    house.forward({ seconds: 3_590 })
    expect(await sweep()).toBe('not due')
    house.forward({ seconds: 20 })
    expect(await sweep()).toBe('done')
    expect(turns).toHaveLength(2)
  })

  test('a start does it at once, unless somebody did less than a minute ago', async () => {
    expect(await sweep(undefined, { atStart: true })).toBe('done')
    house.forward({ seconds: 50 })
    expect(await sweep(undefined, { atStart: true })).toBe('not due')
    house.forward({ seconds: 11 })
    expect(await sweep()).toBe('not due')
    expect(await sweep(undefined, { atStart: true })).toBe('done')
    expect(turns.map((turn) => turn.atStart)).toEqual([true, true])
  })

  test('a process that starts within that minute does it when the minute is over, and not an hour later', async () => {
    await sweep()
    house.forward({ seconds: 30 })
    const duty: Duty = {
      name: 'sweep',
      everySeconds: 3_600,
      atStartAfterSeconds: 60,
      run: async (turn) => void turns.push(turn),
    }
    const { clock } = house.desk.post
    let looks = 0
    const counting = {
      now() {
        looks++
        return clock.now()
      },
    }
    const parts = { store: house.store, clock: counting, report }
    const process = startDuties(parts, [duty], 5)
    await vi.waitUntil(() => looks > 4)
    expect(turns).toHaveLength(1)
    house.forward({ seconds: 31 })
    await vi.waitUntil(() => turns.length === 2)
    const before = looks
    house.forward({ seconds: 1_800 })
    await vi.waitUntil(() => looks > before + 4)
    await process.stop()
    expect(turns.map((turn) => turn.atStart)).toEqual([false, true])
  })

  test('of eight who come at the same moment one does it, and nobody waits for that one', async () => {
    const other = furnish(house.config, house.desk.post.clock, openLog('silent'))
    const finish = Promise.withResolvers<void>()
    const came = Array.from({ length: 8 }, (_, at) =>
      sweep(() => finish.promise, { store: at % 2 ? other.store : house.store }),
    )
    const settled: Became[] = []
    for (const each of came) void each.then((became) => settled.push(became))
    while (settled.length < 7) await new Promise((resolve) => setImmediate(resolve))
    expect(new Set(settled)).toEqual(new Set(['held']))
    finish.resolve()
    expect((await Promise.all(came)).filter((became) => became === 'done')).toHaveLength(1)
    await other.close()
    expect(turns).toHaveLength(1)
  })

  test('whoever dies with the turn in hand loses it after 20 seconds, and can write nothing then', async () => {
    const dead = await takeTurn(house.store, 'sweep', now())
    if (!dead) throw new Error('nobody had it')
    house.forward({ seconds: 19 })
    expect(await writeTurn(house.store, 'sweep', dead.by, now(), { is: 'running' })).toBe(true)
    house.forward({ seconds: 19 })
    expect(await sweep()).toBe('held')
    house.forward({ seconds: 2 })
    expect(await sweep((turn) => turn.keep('page 2'))).toBe('done')
    const late = { is: 'running', bookmark: 'page 1' } as const
    expect(await writeTurn(house.store, 'sweep', dead.by, now(), late)).toBe(false)
    house.forward({ hours: 1 })
    await sweep()
    expect(turns.at(-1)?.bookmark).toBe('page 2')
  })

  test('whoever was asleep while another took the turn hears of it at the next word', async () => {
    const slow = sweep(async (turn) => {
      house.forward({ seconds: 21 })
      await sweep()
      await turn.keep('too late')
    })
    expect(await slow).toBe('failed')
    expect(String(troubles)).toContain('another process has taken over')
    house.forward({ hours: 2 })
    await sweep()
    expect(turns.at(-1)?.bookmark).toBeNull()
  })

  test('a failure is said, and tried again later each time, until it works', async () => {
    const fail = () => {
      throw new Error('no broom')
    }
    expect(await sweep(fail)).toBe('failed')
    expect(troubles).toHaveLength(1)
    expect(await sweep(fail)).toBe('not due')
    house.forward({ seconds: 6 })
    expect(await sweep(fail)).toBe('failed')
    house.forward({ seconds: 6 })
    expect(await sweep()).toBe('not due')
    house.forward({ seconds: 6 })
    expect(await sweep()).toBe('done')
    const row = await house.store.db.selectFrom('duties').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ failures: 0, error: null, held_by: null })
  })

  test('a reason that is known puts it off for as long as it says, and troubles nobody', async () => {
    const wait = () => {
      throw new Later(600, 'the floor is wet')
    }
    expect(await sweep(wait)).toBe('put off')
    house.forward({ seconds: 590 })
    expect(await sweep()).toBe('not due')
    house.forward({ seconds: 20 })
    expect(await sweep()).toBe('done')
    expect(troubles).toEqual([])
  })

  test('a stop leaves it at once for another process, whatever it was waiting for', async () => {
    const stopping = new AbortController()
    const became = sweep(() => new Promise(() => stopping.abort()), { stop: stopping.signal })
    expect(await became).toBe('left')
    expect(troubles).toEqual([])
    expect(await sweep()).toBe('done')
  })
})
