import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Client } from 'undici'
import { sealSession } from '../../server/people/session.ts'
import type { Child } from './child.ts'
import { median, type Outcome, verdict } from './figures.ts'
import { makeLetters } from './make-events.ts'
import { inFolder, loneEnv, startNorenChild, WEBHOOK_SECRET } from './noren-env.ts'
import { sendLetters } from './send-letters.ts'

const FEW = 10_000
const MANY = 1_000_000
/** Each person has as many orders in the small shop as in the large one: only the shop has grown. */
const ORDERS_EACH = 20
const ROUNDS = 7
/** So many people that none comes near the limit of 300 calls a minute. */
const READERS = 200

/** Does the house grow slow? The letterbox and the page of orders with 10,000 and with 1,000,000 orders. */
export function measureGrowth(): Promise<Outcome> {
  return inFolder((fewFile) =>
    inFolder(async (manyFile) => {
      const few = await openWithOrders(fewFile, FEW)
      const many = await openWithOrders(manyFile, MANY)
      // In turn: what else the machine does then hits both.
      for (let at = 0; at < ROUNDS; at++)
        for (const shop of [few, many]) {
          shop.letterbox.push(await knock(shop.noren))
          shop.page.push(await readOrders(shop.noren, shop.people))
        }
      await few.noren.stop()
      await many.noren.stop()
      return outcome(few, many)
    }),
  )
}

type Shop = { noren: Child; people: number; bytes: number; letterbox: number[]; page: number[] }

function outcome(few: Shop, many: Shop): Outcome {
  const row = (count: number, shop: Shop) => [
    count,
    median(shop.letterbox),
    median(shop.page),
    shop.bytes,
  ]
  const ratio = (of: 'letterbox' | 'page') =>
    median(many[of].map((rate, at) => rate / (few[of][at] ?? 1)))
  return {
    title: 'Growth: SQLite with few and with many orders stored',
    head: ['orders', 'letterbox req/s', 'order page req/s', 'bytes per order on disk'],
    rows: [row(FEW, few), row(MANY, many)],
    verdicts: [
      verdict('letterbox, of its rate at 10,000', ratio('letterbox'), { least: 0.8 }),
      verdict('order page, of its rate at 10,000', ratio('page'), { least: 0.8 }),
    ],
  }
}

async function openWithOrders(file: string, count: number): Promise<Shop> {
  const env = { ...loneEnv(file), PROCESS: 'web' }
  await (await startNorenChild(env)).stop() // makes the tables
  fill(file, count)
  const bytes = statSync(file).size / count
  const noren = await startNorenChild(env)
  return { noren, people: count / ORDERS_EACH, bytes, letterbox: [], page: [] }
}

async function knock(noren: Child): Promise<number> {
  const letters = makeLetters(3_000, WEBHOOK_SECRET, 'customer.updated')
  return (await sendLetters(noren.url, letters, 64)).perSecond
}

/** Orders as they lie there once all is delivered: event, order, two items, two deliveries. */
function fill(file: string, count: number): void {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -2000000')
  const insert = (table: string, columns: string) =>
    database.prepare(
      `insert into ${table} (${columns}) values (${columns
        .split(', ')
        .map(() => '?')
        .join(', ')})`,
    )
  const person = insert('people', 'id, created_at')
  const account = insert('accounts', 'id, person_id, channel, address, name, friend')
  const event = insert('events', 'id, source, type, doorbell, received_at, handled_at, outcome')
  const order = insert(
    'orders',
    'id, number, version, status, account_id, person_id, ownership, reference_forged, source, link, mode, currency, amount, subtotal, discount, shipping, tax, refunded, payment_method, payment_intent, item_count, created_at, paid_at, recorded_at',
  )
  const item = insert('order_items', 'order_id, position, name, quantity, amount, product')
  const delivery = insert(
    'deliveries',
    'id, subject, kind, account_id, order_id, body, state, attempts, first_attempt_at, accepted_at, request_id, created_at',
  )
  const random = scatter()
  const people = count / ORDERS_EACH
  const at = new Date().toISOString()
  database.transaction(() => {
    for (let p = 0; p < people; p++) {
      person.run(`person-${p}`, at)
      account.run(accountOf(p), `person-${p}`, 'line', accountOf(p).slice(5), '花子', 1)
    }
  })()
  const one = (n: number) => {
    const id = `cs_test_${random()}${random()}`
    const time = new Date(1_700_000_000_000 + n * 1_000).toISOString()
    const bell = JSON.stringify({
      from: 'stripe',
      objectId: id,
      paymentIntent: `pi_${random()}`,
      livemode: false,
    })
    event.run(
      `evt_${random()}`,
      'stripe',
      'checkout.session.completed',
      bell,
      time,
      time,
      'handled',
    )
    order.run(
      id,
      id.slice(-8),
      1,
      'paid',
      accountOf(n % people),
      `person-${n % people}`,
      'sealed',
      0,
      'shop',
      'plink_x',
      'payment',
      'jpy',
      3_960,
      3_960,
      0,
      0,
      0,
      0,
      'card',
      `pi_${random()}`,
      2,
      time,
      time,
      time,
    )
    item.run(id, 0, '宇治煎茶「朝露」100g', 1, 1_980, 'prod_a')
    item.run(id, 1, '抹茶ようかん 二棹入り', 2, 1_980, 'prod_b')
    for (const kind of ['paid', 'staff_paid'])
      delivery.run(
        random(),
        id,
        kind,
        accountOf(n % people),
        id,
        '', // emptied once LINE has taken it
        'accepted',
        1,
        time,
        time,
        random(),
        time,
      )
  }
  for (let from = 0; from < count; from += 20_000)
    database.transaction(() => {
      for (let n = from; n < Math.min(from + 20_000, count); n++) one(n)
    })()
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

const accountOf = (n: number) => `line:U${String(n).padStart(32, '0')}`

/** Ids as scattered as Stripe's, the same each run: an index is only tested by keys without order. */
function scatter(): () => string {
  let state = 42n
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return state.toString(36).padStart(13, '0') + (state >> 7n).toString(36).padStart(11, '0')
  }
}

async function readOrders(noren: Child, people: number): Promise<number> {
  const clients = Array.from({ length: 8 }, () => new Client(noren.url, { pipelining: 1 }))
  const cookies = await Promise.all(
    Array.from({ length: READERS }, (_, n) => sessionOf(Math.floor((n * people) / READERS))),
  )
  let next = 0
  const most = cookies.length * 6
  const began = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        const at = next++
        if (at >= most) return
        const headers = { cookie: `noren_session=${cookies[at % cookies.length]}` }
        const { statusCode, body } = await client.request({
          method: 'GET',
          path: '/api/orders',
          headers,
        })
        await body.dump()
        if (statusCode !== 200) throw new Error(`the order page answered ${statusCode}`)
      }
    }),
  )
  const perSecond = most / ((performance.now() - began) / 1_000)
  await Promise.all(clients.map((client) => client.close()))
  return perSecond
}

function sessionOf(n: number): Promise<string> {
  const secret = loneEnv('')['SESSION_SECRET'] ?? ''
  return sealSession({ personId: `person-${n}`, accountId: accountOf(n) }, secret, new Date())
}
