import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { bringDueByMail } from '../server/notifications/bring-due-by-mail.ts'
import { undoMerge } from '../server/people/undo-merge.ts'
import { japanDay } from '../shared/japan-time.ts'
import { type House, type HouseOptions, openHouse, TEA } from './support/house.ts'
import { openReceiver, verify } from './support/webhook-receiver.ts'

const VERSIONS = join(import.meta.dirname, 'versions')
const MIGRATIONS = join(import.meta.dirname, '..', 'server', 'store', 'migrations')
/** When each dump was taken; a message that is weeks late would rightly not be sent any more. */
const TAKEN: Record<string, string> = {
  '001.sql': '2026-11-22T09:07:17.069Z',
  '002.sql': '2026-11-22T09:07:17.069Z',
  '003.sql': '2026-11-22T23:49:52.283Z',
  '009.sql': '2026-11-23T03:09:33.510Z',
}
const MINUTE = 60
const STAFF = 'U0235fd9b436bc6724f28f2e674d9e77a'
const EMMA = 'U066477651a39ae5fd7b7da1130be0b07'
const TARO = 'U29adde478911bf0d9f1d087130944a4b'

/** They come with the next version. */
const UNRELEASED = ['010']
/** They came together with 009: nobody has ever had a database between two of them. */
const NEVER_ALONE = ['004', '005', '006', '007', '008']

const versions = readdirSync(VERSIONS).filter((name) => name.endsWith('.sql'))

let house: House | undefined

afterEach(async () => {
  await house?.close()
  house = undefined
})

/** The dump as it would be if it had been taken just now. */
function dumpOf(version: string): string {
  const text = readFileSync(join(VERSIONS, version), 'utf8')
  const later = Date.now() - Date.parse(TAKEN[version] ?? '')
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, (at) =>
    new Date(Date.parse(at) + later).toISOString(),
  )
}

function tablesOf(database: Database.Database): string[] {
  return database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all() as string[]
}

type Rows = Record<string, Record<string, unknown>[]>

function rowsOf(database: Database.Database): Rows {
  const tables = tablesOf(database).map((name) => [
    name,
    database.prepare(`select * from "${name}"`).all(),
  ])
  return Object.fromEntries(tables) as Rows
}

/** Opens the house of today on what an earlier version left; returns that too. */
async function upgrade(
  version: string,
  options: HouseOptions = {},
): Promise<{ house: House; before: Rows }> {
  let before: Rows = {}
  house = await openHouse({
    ...options,
    prepare(url) {
      const file = url.replace('file:', '')
      mkdirSync(dirname(file), { recursive: true })
      const database = new Database(file)
      database.exec(dumpOf(version))
      before = rowsOf(database)
      database.close()
    },
  })
  house.line.addUser({ userId: STAFF, name: '店員', friend: true })
  house.line.addUser({ userId: EMMA, name: 'Emma', friend: true })
  house.line.addUser({ userId: TARO, name: '太郎', friend: false })
  return { house, before }
}

test('of every version before this one there is a database that upgrades are tried on', () => {
  const all = readdirSync(MIGRATIONS)
    .toSorted()
    .map((name) => name.slice(0, 3))
  const others = [...NEVER_ALONE, ...UNRELEASED]
  expect(all).toEqual(expect.arrayContaining(others))
  const released = all.filter((number) => !others.includes(number))
  // A new migration after a release? See test/versions/write-dump.ts.
  expect(versions).toEqual(released.map((number) => `${number}.sql`))
})

test.each(versions)('the database of version %s has something in every table', (version) => {
  const database = new Database(':memory:')
  database.exec(dumpOf(version))
  for (const [name, rows] of Object.entries(rowsOf(database)))
    expect(rows.length, name).toBeGreaterThan(0)
  database.close()
})

test.each(versions)('an upgrade from version %s keeps every row as it was', async (version) => {
  const { before, house } = await upgrade(version)
  expect(await house.store.isMigrated()).toBe(true)
  const database = new Database(house.databaseUrl.replace('file:', ''), { readonly: true })
  const after = rowsOf(database)
  // Bells are no books, and the outcomes of dead ones are looked at below.
  const books = Object.keys(before).filter((name) => !/^(kysely|jobs|deliveries|events)/.test(name))
  expect(books.length).toBeGreaterThan(5)
  for (const name of books) expect(after[name], name).toMatchObject(before[name] ?? [])
  for (const name of ['deliveries', 'events']) {
    const still = (rows: Rows) =>
      rows[name]?.map(({ id, created_at, body }) => [id, created_at, body])
    expect(still(after)).toEqual(still(before))
  }
  expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
})

test.each(versions)(
  'after the upgrade from version %s, old orders stand in the report on their day in Japan',
  async (version) => {
    const { house } = await upgrade(version)
    const { db } = house.store
    const paid = await db.selectFrom('orders').select(['paid_at', 'paid_day']).execute()
    expect(paid.some(({ paid_day }) => paid_day)).toBe(true)
    for (const { paid_at, paid_day } of paid) expect(paid_day).toBe(paid_at && japanDay(paid_at))
  },
)

test('after the upgrade from version 1, what was on its way goes out, and what waited still waits', async () => {
  const { house } = await upgrade('001.sql')
  await house.settleFor(60)
  expect(house.heard(EMMA)).toHaveLength(1)
  expect(house.heard(STAFF)).toHaveLength(1)
  expect(house.heard(TARO)).toEqual([])
  await house.line.follow(TARO)
  await house.settle()
  expect(house.heard(TARO)).toHaveLength(1)
})

test('after the upgrade from version 1, what had been given up is on the list, with its reason', async () => {
  const { house } = await upgrade('001.sql')
  const { db } = house.store
  const dead = (query: 'events' | 'deliveries') =>
    sql<{ id: string; error: string }>`
      select id, error from ${sql.table(query)}
      where ${sql.ref(query === 'events' ? 'outcome' : 'state')} = 'dead'`.execute(db)
  expect((await dead('events')).rows).toEqual([
    { id: 'evt_given_up', error: 'Stripe answered 400' },
  ])
  const messages = (await dead('deliveries')).rows
  expect(messages.map(({ error }) => error)).toEqual(
    Array(2).fill('LINE answered 400: {"message":"Out of order"}'),
  )
  // The one that nobody had handled yet is taken up again; the dead one is nobody's but a person's.
  await house.settle()
  const { rows } = await sql`select id, attempts from events where handled_at is null`.execute(db)
  expect(rows).toEqual([{ id: 'evt_open', attempts: 1 }])
  expect((await dead('events')).rows).toHaveLength(1)
})

test('after the upgrade from version 1, a buyer of old sees their orders and buys again', async () => {
  const { house } = await upgrade('001.sql')
  const emma = house.line.user(EMMA)
  if (!emma) throw new Error('Emma is missing')
  const cookie = await house.logIn(emma)
  const { body } = await house.api(cookie, 'GET', '/api/orders')
  expect(body['orders']).toHaveLength(2)
  const tea = house.stripe.addLink(TEA).id
  house.stripe.updateLink(tea, { active: true })
  await house.settleFor(60)
  const told = house.heard(EMMA).length
  await house.stripe.payByCard(await house.order(emma, tea))
  await house.settle()
  expect(house.heard(EMMA)).toHaveLength(told + 1)
})

test('after the upgrade from version 9, what neither LINE nor another system took arrives once, and both go on', async () => {
  const other = await openReceiver()
  try {
    const { house } = await upgrade('009.sql', { mail: true, env: { OUTBOUND_HOSTS: other.host } })
    const { db } = house.store
    const { secret } = await db
      .updateTable('endpoints')
      .set({ url: other.url })
      .returning('secret')
      .executeTakeFirstOrThrow()
    await house.settleFor(10 * MINUTE)
    // LINE was out of order, and so was the other system.
    expect(house.heard(EMMA)).toHaveLength(1)
    expect(house.heard(STAFF)).toHaveLength(2)
    const heard = other.got.map(
      (got) => verify(got, secret ?? '', house.desk.post.clock.now()).type,
    )
    expect(heard).toEqual(['order.paid', 'order.paid'])
    // Taro is no friend of the shop's: after three hours his receipt comes by mail.
    house.forward({ hours: 4 })
    await bringDueByMail(house.desk.post)
    await house.settle()
    expect(house.mail?.box().flatMap(({ to }) => to)).toEqual(['taro@example.com'])

    const emma = house.line.user(EMMA)
    if (!emma) throw new Error('Emma is missing')
    const tea = house.stripe.addLink(TEA).id
    house.stripe.updateLink(tea, { active: true })
    await house.settle()
    await house.stripe.payByCard(await house.order(emma, tea))
    await house.settleFor(MINUTE)
    expect(house.heard(EMMA)).toHaveLength(2)
    expect(other.taken().filter(({ type }) => type === 'order.paid')).toHaveLength(3)
  } finally {
    await other.close()
  }
})

test('after the upgrade from version 9, who paid by mail and came into LINE is one person, and can be parted again', async () => {
  const { house } = await upgrade('009.sql')
  const { db } = house.store
  const merge = await db.selectFrom('merges').selectAll().executeTakeFirstOrThrow()
  const isOf = async () => {
    const rows = await db.selectFrom('accounts').select(['id', 'person_id']).execute()
    return (id: string) => rows.find((row) => row.id.startsWith(id))?.person_id
  }
  const [emma, box] = [`line:${EMMA}`, 'mail:cus_']
  const before = await isOf()
  expect(before(box)).toBe(before(emma))
  await undoMerge(house.desk.post, merge.id)
  const after = await isOf()
  expect(after(box)).toBe(merge.from_person)
  expect(after(emma)).toBe(merge.into_person)
})
