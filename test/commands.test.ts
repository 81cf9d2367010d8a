import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES } from './support/engines.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { runHere, runNoren } from './support/run-noren.ts'

const ALWAYS = Number.POSITIVE_INFINITY

let house: House
let tea: string

async function open(engine: (typeof ENGINES)[number]): Promise<void> {
  house = await openHouse({ engine })
  tea = house.stripe.addLink(TEA).id
}
const noren = (...words: string[]) => runHere(house, ...words)
const listed = async (...words: string[]) =>
  JSON.parse((await noren(...words, '--json')).said) as Record<string, unknown>[]

async function buy(user = house.hanako): Promise<string> {
  const session = await house.order(user, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  return session
}

/** Both messages about an order are refused for good. */
async function buyRefused(): Promise<string> {
  house.line.addFault({ on: /message\/push/, times: 2, status: 400 })
  return buy()
}

afterEach(() => house.close())

describe.each(ENGINES)('on %s', (engine) => {
  beforeEach(() => open(engine))

  test('a house where all is well says so on one screen, and one where not says what to look at', async () => {
    const well = await runNoren(house, 'status')
    expect(well.said).toContain('Nothing needs a person.')
    expect(well.said).toMatch(/LINE quota +0 (of \d+ )?used this month/)
    expect(well.code).toBe(0)
    await buyRefused()
    const ill = await noren('status')
    expect(ill.said).toContain('2 messages were given up: deliveries --dead')
    expect(ill.said).not.toContain('花子')
    expect(ill.code).toBe(1)
  })

  test('a message that was given up is listed with LINE’s words, and goes out when it is told to', async () => {
    await buyRefused()
    const dead = await listed('deliveries', '--dead')
    expect(dead).toMatchObject([{ state: 'dead' }, { state: 'dead' }])
    expect(dead[0]?.['error']).toContain('LINE answered 400')
    const [order] = await house.store.db.selectFrom('orders').selectAll().execute()
    expect(dead[0]).toMatchObject({ order: order?.number, session: order?.id })
    const table = (await noren('deliveries', '--dead')).said
    expect(table).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ /m)
    expect(table).toContain(order?.number)
    expect(table).not.toContain(order?.id)
    const receipt = dead.find(({ kind }) => kind === 'paid')?.['id'] as string
    expect((await noren('retry', receipt)).said).toContain('is on its way again.')
    await house.settle()
    expect(house.heard(house.hanako.userId)).toHaveLength(1)
    expect(await noren('retry', receipt)).toMatchObject({ code: 1 })
    await house.settle()
    expect(house.heard(house.hanako.userId)).toHaveLength(1)

    const other = dead.find(({ kind }) => kind === 'staff_paid')?.['id'] as string
    expect((await noren('ignore', other)).said).toContain('is off the list')
    expect((await noren('deliveries', '--dead')).said).toContain('No message was given up.')
  })

  test('an event that was given up is listed, rings once more when it is told to, and then is done', async () => {
    house.stripe.addFault({ on: /GET .*sessions\/cs_/, times: ALWAYS, status: 400 })
    await buy()
    const [dead] = await listed('events', '--unhandled')
    expect(dead).toMatchObject({ state: 'dead', type: 'checkout.session.completed' })
    house.stripe.clearFaults()
    const id = dead?.['id'] as string
    expect(await noren('retry', id)).toMatchObject({ code: 0 })
    await house.settle()
    expect(house.heard(house.hanako.userId)).toHaveLength(1)
    expect((await noren('events', '--unhandled')).said).toContain('Every event is handled.')
    expect((await listed('events')).map((event) => event['id'])).toContain(id)
    expect((await noren('retry', id)).said).toContain('was handled')
  })

  test('a person who asks to be forgotten is, the books stay, and a later order starts afresh', async () => {
    const { userId } = house.hanako
    const cookie = await house.logIn(house.hanako)
    const paid = await buy()
    const konbini = await house.order(house.hanako, tea)
    await house.stripe.payByKonbini(konbini)
    await house.settle()
    house.line.addFault({ on: /message\/push/, times: ALWAYS, status: 500 })
    await house.stripe.refund(paid, 500)
    await house.settle()
    await house.line.follow(userId)

    const asked = await noren('forget', userId)
    expect(asked.said).toContain('--yes')
    expect(asked.code).toBe(2)
    const held = await everything(house)
    for (const trace of [userId, '花子', 'paymentCode']) expect(held).toContain(trace)
    const done = await noren('forget', userId, '--yes')
    expect(done.said).toContain('2 orders')
    expect(done.said).toContain('Stripe')
    expect(done.code).toBe(0)
    const left = await everything(house)
    for (const trace of [userId, '花子', 'paymentCode', 'hanako@', '山田'])
      expect(left).not.toContain(trace)
    expect(left).not.toMatch(/"state":"(pending|waiting)"/)
    expect(left).toContain('3960')
    expect(left).toContain(paid)
    expect((await noren('forget', userId, '--yes')).said).toContain('Nothing is held')

    // What was on its way is withdrawn, and neither Stripe nor an old cookie brings anybody back.
    house.line.clearFaults()
    await house.settleFor(120)
    expect(await listed('deliveries', '--dead')).toEqual([])
    for (const { id } of house.stripe.events()) await house.stripe.resend(id)
    await noren('reconcile')
    expect(await everything(house)).not.toContain('paymentCode')
    await house.stripe.settleKonbini(konbini)
    await house.stripe.refund(paid, 100)
    await house.settleFor(120)
    expect(house.heard(userId)).toHaveLength(2)
    expect((await house.api(cookie, 'GET', '/api/orders')).body).toEqual({ orders: [] })
    const claim = await house.api(cookie, 'POST', '/api/orders/claim', { session: paid })
    expect(claim.status).toBe(401)
    expect(await everything(house)).not.toContain(userId)

    const again = await house.logIn(house.hanako)
    expect((await house.api(again, 'POST', '/api/orders/claim', { session: paid })).status).toBe(
      409,
    )
    await buy()
    expect(house.heard(userId)).toHaveLength(3)
  })
})

describe('on SQLite', () => {
  beforeEach(() => open('sqlite'))

  test('a message whose key LINE has forgotten is sent again only when the operator takes the risk', async () => {
    house.line.addFault({ on: /message\/push/, times: 3, drop: 'after' })
    house.line.addFault({ on: /message\/push/, times: ALWAYS, status: 500 })
    await buy()
    await house.store.db
      .updateTable('deliveries')
      .set({ state: 'dead', first_attempt_at: new Date(Date.now() - 86_400_000).toISOString() })
      .where('kind', '=', 'paid')
      .execute()
    const [dead] = await listed('deliveries', '--dead')
    const id = dead?.['id'] as string
    const asks = await noren('retry', id)
    expect(asks.said).toContain('--again')
    expect(asks.code).toBe(1)
    const sent = await noren('retry', id, '--again')
    expect(sent.said).toContain('may have got it before')
    expect(sent.code).toBe(0)
  })

  test('a backup is made beside the running shop, is whole, and never takes another’s place', async () => {
    await buy()
    const file = join(dirname(house.databaseUrl.replace('file:', '')), 'backup.db')
    const made = await runNoren(house, 'backup', file)
    expect(made.said).toContain('opened and found whole; ')
    expect(made.said).toContain('1 orders')
    expect(made.code).toBe(0)
    const copy = new Database(file, { readonly: true })
    expect(copy.prepare('select count(*) from orders').pluck().get()).toBe(1)
    copy.close()
    const bytes = readFileSync(file)
    const refused = await noren('backup', file)
    expect(refused.said).toContain('exists already')
    expect(refused.code).toBe(1)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(existsSync(`${file}.partial`)).toBe(false)
  })

  test('a backup of a damaged database says so and leaves nothing that looks like one', async () => {
    for (let orders = 0; orders < 5; orders++) await buy()
    const folder = dirname(house.databaseUrl.replace('file:', ''))
    const whole = join(folder, 'whole.db')
    expect((await noren('backup', whole)).code).toBe(0)
    const bytes = readFileSync(whole)
    bytes.fill(0xa5, 4_096 * 4, 4_096 * 30)
    const damaged = join(folder, 'damaged.db')
    writeFileSync(damaged, bytes)
    const target = join(folder, 'backup.db')
    const { said, code } = await runNoren(
      { ...house, databaseUrl: `file:${damaged}` },
      'backup',
      target,
    )
    expect(said).toContain('No backup was made')
    expect(code).toBe(1)
    expect(existsSync(target)).toBe(false)
    const nowhere = { ...house, databaseUrl: `file:${join(folder, 'nowhere.db')}` }
    expect((await runHere(nowhere, 'backup', target)).said).toContain('There is no database')
    expect(existsSync(join(folder, 'nowhere.db'))).toBe(false)
  })

  test('on Postgres a backup is its own tool’s business, and the words for it name no password', async () => {
    const there = { ...house, databaseUrl: 'postgres://shop:secret@db.example/noren' }
    const { said, code } = await runHere(there, 'backup', 'shop.dump')
    expect(said).toContain(
      "pg_dump --format=custom --file='shop.dump' 'postgres://shop@db.example/noren'",
    )
    expect(said).not.toContain('secret')
    expect(code).toBe(1)
  })

  test('a mistyped database is told of, and none is made for somebody to take for the books', async () => {
    const typo = { ...house, databaseUrl: house.databaseUrl.replace('noren.db', 'noren.bd') }
    const { said, code } = await runHere(typo, 'status')
    expect(said).toMatch(/There is no database at .*noren\.bd\. Check DATABASE_URL/)
    expect(code).toBe(1)
    expect(existsSync(typo.databaseUrl.replace('file:', ''))).toBe(false)
  })

  test('a house where nobody has worked since its hour is asked whether it runs', async () => {
    const due = (minutes: number) => ({
      name: 'backfill',
      due_at: new Date(Date.now() - minutes * 60_000).toISOString(),
    })
    const duties = house.store.db
    await duties.insertInto('duties').values(due(10)).execute()
    expect((await noren('status')).said).toContain('Nothing needs a person.')
    await duties.updateTable('duties').set(due(20)).execute()
    const { said, code } = await noren('status')
    expect(said).toMatch(/"backfill" has been due since .* UTC: is Noren running\?/)
    expect(code).toBe(1)
    const held_until = new Date(Date.now() + 10_000).toISOString()
    await duties.updateTable('duties').set({ held_until }).execute()
    expect((await noren('status')).said).toContain('Nothing needs a person.')
  })

  test('a database of an earlier version is left as it is until the server is started', async () => {
    await house.store.db.deleteFrom('kysely_migration' as never).execute()
    const { said, code } = await noren('events')
    expect(said).toContain('not at this version')
    expect(code).toBe(1)
  })

  test('a database that is not there is said in a sentence, without its password', async () => {
    const away = { ...house, databaseUrl: 'postgres://shop:secret@127.0.0.1:1/noren' }
    const { said, code } = await runNoren(away, 'status')
    expect(said).toContain('The database noren at 127.0.0.1:1 cannot be reached')
    expect(said).not.toContain('secret')
    expect(said).not.toContain('node_modules')
    expect(code).toBe(1)
    const copy = ['copy', '--from', house.databaseUrl, '--to', `${house.databaseUrl}.new`]
    const moved = await runHere(house, ...copy, '--from', away.databaseUrl)
    expect(moved.said).toContain('cannot be reached')
  })

  test('what cannot be meant is answered with what would be understood', async () => {
    const answers: [string[], string, number][] = [
      [['events', '--dead'], '--dead does not go with "events"', 2],
      [['events', '--limit', 'many'], '--limit must be a number', 2],
      [['retry'], '"retry" takes 1 word', 2],
      [['forget', 'hanako'], 'U and 32 characters', 2],
      [['retry'], 'npm run noren -- retry ID [--again]', 2],
      [['constructor'], 'There is no command "constructor", only status, events', 2],
      [['events', '--limt', '5'], "Unknown option '--limt'. ", 2],
      [['events', '--limit'], "'--limit <value>' argument missing. ", 2],
      [['retry', 'evt_nobody'], 'There is no event or message with the id evt_nobody', 1],
      [['ignore', 'evt_nobody'], 'There is no event or message with the id evt_nobody', 1],
    ]
    for (const [words, answer, code] of answers) {
      const outcome = await noren(...words)
      expect(outcome.said).toContain(answer)
      expect(outcome.code).toBe(code)
    }
  })
})

/** Every row of every table of ours, as one text. */
async function everything({ store: { db, engine } }: House): Promise<string> {
  const tables = [
    'people',
    'accounts',
    'customers',
    'events',
    'orders',
    'order_items',
    'deliveries',
  ] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  const jobs = engine === 'sqlite' ? await db.selectFrom('jobs').selectAll().execute() : []
  return JSON.stringify([...rows, jobs])
}
