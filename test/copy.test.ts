import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../server/furnish.ts'
import { createHandler } from '../server/reactions.ts'
import { readDatabaseUrl } from '../server/read-env.ts'
import { startNoren } from '../server/start.ts'
import { COPIED, NOT_COPIED } from '../server/store/copy-books.ts'
import { openStore } from '../server/store/open-store.ts'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { placeFor } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { runHere, runNoren } from './support/run-noren.ts'

const ALWAYS = Number.POSITIVE_INFINITY

type Place = Awaited<ReturnType<typeof placeFor>>

let house: House
let target: Place

beforeEach(async () => {
  house = await openHouse()
  target = await placeFor('postgres', { empty: true })
})
afterEach(async () => {
  await house.close()
  await target.remove()
})

const copy = (from = house.databaseUrl, to = target.url) =>
  runHere(house, 'copy', '--from', from, '--to', to)

/** A shop in the middle of its day: one receipt out, one message on its way, one event unhandled. */
async function trade(): Promise<void> {
  const tea = house.stripe.addLink(TEA).id
  for (let orders = 0; orders < 2; orders++) {
    if (orders === 1) house.line.addFault({ on: /message\/push/, times: ALWAYS, status: 429 })
    const session = await house.order(house.hanako, tea)
    await house.stripe.payByCard(session)
    await house.settle()
  }
  const third = await house.order(house.hanako, tea)
  await house.stripe.payByCard(third)
  await house.stripe.settled()
  house.line.clearFaults()
}

/** More of one order than go into one page. */
async function addItems(count: number): Promise<void> {
  const { id } = await house.store.db.selectFrom('orders').select('id').executeTakeFirstOrThrow()
  const item = { order_id: id, name: '煎茶', quantity: 1, amount: 100, product: null }
  const items = Array.from({ length: count }, (_, at) => ({ ...item, position: 100 + at }))
  await house.store.db.insertInto('order_items').values(items).execute()
}

/** The server is stopped: its connections are closed, its vendors stay. */
async function stop(): Promise<void> {
  await house.app.close()
  await house.pen.close()
  await house.meter.close()
  await house.store.close()
}

const open = (place: Place) =>
  openStore(place.database, { clock: systemClock, report: () => {}, gapMs: 0 })

test('every table is either copied or named as one that is not', async () => {
  const { db } = house.store
  const tables = (await db.introspection.getTables()).map(({ name }) => name)
  const known = [...COPIED.map(([table]) => table), ...NOT_COPIED]
  expect(tables.filter((name) => !name.startsWith('kysely')).toSorted()).toEqual(known.toSorted())
})

test('a shop moves to Postgres and goes on where it was', async () => {
  await trade()
  const before = house.heard(house.hanako.userId).length
  await addItems(1_200)
  expect(await copy()).toMatchObject({ code: 1, said: expect.stringContaining('is in use') })
  await stop()
  const { said, code } = await runNoren(
    house,
    ...['copy', '--from', house.databaseUrl, '--to', target.url],
  )
  expect(said).toContain('Both sides agree, and 3 open events and messages')
  expect(code).toBe(0)

  const store = open(target)
  const desk = { ...house.house.desk, post: { ...house.house.desk.post, store } }
  const delivery = { ...house.house.delivery, store }
  try {
    const handle = createHandler({ ...house.house, desk, delivery })
    for (let round = 0; round < 20 && (await store.openJobs()) > 0; round++)
      await store.drain(handle)
    const orders = await store.db.selectFrom('orders').select(['amount', 'status']).execute()
    expect(orders).toEqual(Array(3).fill({ amount: 3960, status: 'paid' }))
  } finally {
    await store.close()
  }
  expect(house.heard(house.hanako.userId)).toHaveLength(before + 2)
})

test('a copy that broke off is begun again, and says nothing twice', async () => {
  await trade()
  await stop()
  expect((await copy()).code).toBe(0)
  const half = open(target)
  await half.db.deleteFrom('order_items').where('position', '=', 1).execute()
  await half.db.deleteFrom('deliveries').where('state', '=', 'accepted').execute()
  const bells = await half.openJobs()
  await half.close()
  const { said, code } = await copy()
  expect(said).toContain('Both sides agree, and 0 open')
  expect(code).toBe(0)
  const whole = open(target)
  expect(await whole.openJobs()).toBe(bells)
  await whole.close()
})

test('a copy that broke off is not gone on with once the shop has sold again: what it holds is out of date', async () => {
  await trade()
  await addItems(1_200)
  await stop()
  expect((await copy()).code).toBe(0)
  const half = open(target)
  await half.db.deleteFrom('duties').execute()
  await half.close()
  const shop = open({ ...target, database: readDatabaseUrl(house.databaseUrl) ?? target.database })
  // In the middle, where a look at both ends does not see it.
  await shop.db.updateTable('order_items').set({ amount: 7 }).where('position', '=', 700).execute()
  await shop.close()
  const { said, code } = await copy()
  expect(said).toContain('an older copy of "order_items"')
  expect(code).toBe(1)
})

test('half a copy is nobody’s shop: it is neither opened nor asked, until the rest has come', async () => {
  await trade()
  await stop()
  const before = open(target)
  await before.migrate()
  await sql`alter table deliveries add constraint full_up check (id = '')`.execute(before.db)
  await before.close()
  expect((await copy()).said).toContain('full_up')
  const after = open(target)
  await sql`alter table deliveries drop constraint full_up`.execute(after.db)
  await after.close()

  const there = { ...house, databaseUrl: target.url }
  const asked = await runHere(there, 'status')
  expect(asked.said).toContain('a copy that was not finished')
  expect(asked.code).toBe(1)
  const env = sandboxEnv(house, { database: target.url, publicUrl: 'http://localhost:3000' })
  await expect(startNoren({ env: { ...env, PROCESS: 'worker' } })).rejects.toThrow('not finished')
  expect((await copy(target.url, `${house.databaseUrl}.new`)).said).toContain('not finished')

  expect((await copy()).said).toContain('Both sides agree')
  expect((await runHere(there, 'events')).code).toBe(0)
})

test('a database that holds something else is not copied into', async () => {
  await trade()
  await stop()
  const other = open(target)
  await other.migrate()
  await other.db.insertInto('people').values({ id: 'somebody', created_at: 'x' }).execute()
  await other.close()
  const { said, code } = await copy()
  expect(said).toContain('rows in "people" that are not the source')
  expect(code).toBe(1)
})

test('a Postgres that a Noren still uses is neither copied from nor into', async () => {
  await stop()
  const busy = open(target)
  await busy.migrate()
  await busy.isMigrated()
  expect((await copy()).said).toContain('The target is in use')
  expect((await copy(target.url, `${house.databaseUrl}.new`)).said).toContain(
    'The source is in use',
  )
  await busy.close()
  expect((await copy()).code).toBe(0)
})

test('a shop moves back from Postgres to a file', async () => {
  await trade()
  await stop()
  await copy()
  const back = await placeFor('sqlite', { empty: true })
  try {
    const { said, code } = await copy(target.url, back.url)
    expect(said).toContain('Both sides agree, and 3 open')
    expect(code).toBe(0)
  } finally {
    await back.remove()
  }
})

test('what cannot be copied is refused in a sentence', async () => {
  await stop()
  const nowhere = await copy('file:/nowhere/noren.db')
  expect(nowhere).toMatchObject({ code: 1, said: expect.stringContaining('no file /nowhere') })
  expect(await copy('noren.db')).toMatchObject({ code: 2 })
  expect(await copy(house.databaseUrl, house.databaseUrl)).toMatchObject({ code: 2 })
})
