import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Report, ReportRow } from '../server/desk/report.ts'
import { reportCsv } from '../server/desk/report-csv.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { makeLink } from '../server/people/one-time-links.ts'
import { deskWordsIn } from '../shared/i18n/desk.ts'
import { japanDay } from '../shared/japan-time.ts'
import { type House, openHouse, TEA } from './support/house.ts'

let house: House
let cookie: string

beforeAll(async () => {
  house = await openHouse()
  house.config.shop.staff = { people: [house.hanako.userId] }
  cookie = await house.logIn(house.hanako)
})
afterAll(() => house.close())
beforeEach(async () => {
  const { db } = house.store
  for (const table of ['deliveries', 'refunds', 'order_items', 'orders'] as const)
    await db.deleteFrom(table).execute()
})

type Line = { product: string | null; quantity: number; amount: number; total: number | null }
type Sold = {
  source: string | null
  paidAt: string
  currency: string
  lines: Line[]
  shipping: number
  /** Of ten parts of the money, so many were given back */
  tenthsBack: number
}

const amountOf = ({ lines, shipping }: Sold) =>
  lines.reduce((sum, { amount, total }) => sum + (total ?? amount), shipping)

/** Orders as the desk of years leaves them behind, some from before version 7. */
async function sell(sold: readonly Sold[]): Promise<void> {
  for (const [at, order] of sold.entries()) {
    const amount = amountOf(order)
    const refunded = Math.floor((amount * order.tenthsBack) / 10)
    const id = `cs_test_${at}`
    await house.store.db
      .insertInto('orders')
      .values({
        ...{ id, number: id, version: 1, reference_forged: 0, mode: 'payment', amount, refunded },
        status: refunded === 0 ? 'paid' : refunded < amount ? 'partially_refunded' : 'refunded',
        ...{ source: order.source, currency: order.currency, shipping: order.shipping },
        ...{ subtotal: amount, discount: 0, tax: 0, item_count: order.lines.length },
        ...{ created_at: order.paidAt, paid_at: order.paidAt, recorded_at: order.paidAt },
        paid_day: japanDay(order.paidAt),
      })
      .execute()
    const items = order.lines.map(({ total, ...line }, position) => ({
      ...line,
      ...{ order_id: id, position, name: line.product ?? '手数料', amount_total: total },
    }))
    if (items.length > 0) await house.store.db.insertInto('order_items').values(items).execute()
  }
}

const one = (over: Partial<Sold> = {}): Sold => ({
  source: 'menu',
  paidAt: '2026-11-05T03:00:00.000Z',
  currency: 'jpy',
  lines: [{ product: 'prod_tea', quantity: 2, amount: 2_000, total: 2_000 }],
  ...{ shipping: 0, tenthsBack: 0 },
  ...over,
})

async function ask(query: string, as = cookie): Promise<Report> {
  const answer = await house.api(as, 'GET', `/api/desk/sources?${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as unknown as Report
}

const NOVEMBER = 'from=2026-11-01&to=2026-11-30'

describe('the desk opens', () => {
  const status = async (as: string) => {
    const { status, body } = await house.api(as, 'GET', '/api/desk/sources')
    return [status, (body as { error?: { code: string } }).error?.code]
  }

  test('for the people whom the shop file names, and for nobody else', async () => {
    const buyer = house.line.addUser({ name: '太郎', friend: true })
    const [head = '', claims = '', seal = ''] = (await house.logIn(buyer)).split('.')
    const staffClaims = cookie.split('.')[1]
    expect(await status('')).toEqual([401, 'unauthorized'])
    expect(await status(`${head}.${staffClaims}.${seal}`)).toEqual([401, 'unauthorized'])
    expect(await status(`${head}.${claims}.${seal}`)).toEqual([403, 'not_staff'])
    expect(await status(cookie)).toEqual([200, undefined])
  })

  test('not by a one-time link, which may have been passed on', async () => {
    const token = await makeLink(
      { store: house.store, clock: { now: () => new Date() } },
      `line:${house.hanako.userId}`,
    )
    const spent = await house.api('', 'POST', '/api/links/spend', { token })
    const byLink = spent.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect((await house.api(byLink, 'GET', '/api/me')).status).toBe(200)
    expect(await status(byLink)).toEqual([403, 'not_staff'])
  })

  test('not with the cookie of somebody whom we have forgotten', async () => {
    const gone = house.line.addUser({ name: '次郎', friend: true })
    house.config.shop.staff = { people: [house.hanako.userId, gone.userId] }
    const theirs = await house.logIn(gone)
    expect(await status(theirs)).toEqual([200, undefined])
    await forgetPerson({ store: house.store, clock: { now: () => new Date() } }, gone.userId)
    expect(await status(theirs)).toEqual([401, 'unauthorized'])
  })
})

test('what came by the menu, was bought, and given back in part, stands there as it was', async () => {
  const tea = house.stripe.addLink({ ...TEA, shipping: { name: '宅配', amount: 500 } })
  const session = await house.order(house.hanako, tea.id, 'menu')
  await house.stripe.payByCard(session)
  await house.stripe.refund(session, 990)
  await house.settle()
  const sums = { currency: 'jpy', orders: 1, items: 3, amount: 4_460, refunded: 990, net: 3_470 }
  expect(await ask('')).toMatchObject({
    by: ['source'],
    rows: [{ source: 'menu', ...sums }],
    totals: [sums],
  })
  const { rows } = await ask('by=product')
  const [sencha, yokan] = house.stripe.soldBy(tea.id).map(({ product }) => product)
  expect(rows.toSorted((a, b) => b.amount - a.amount || a.items - b.items)).toEqual([
    row({ product: sencha, productName: '宇治煎茶 100g', items: 1, amount: 1_980 }),
    row({ product: yokan, productName: '抹茶ようかん', items: 2, amount: 1_980 }),
    row({ product: null, productName: '送料・その他', items: 0, amount: 500, refunded: 990 }),
  ])

  function row(over: Partial<ReportRow> & { amount: number }) {
    const refunded = over.refunded ?? 0
    return { currency: 'jpy', orders: 1, refunded, ...over, net: over.amount - refunded }
  }
})

test('a day ends at midnight in Japan, and both days of a question count', async () => {
  await sell([
    one({ paidAt: '2026-10-31T14:59:59.000Z' }),
    one({ paidAt: '2026-10-31T15:00:00.000Z' }),
    one({ paidAt: '2026-11-30T14:59:59.000Z' }),
    one({ paidAt: '2026-11-30T15:00:00.000Z' }),
  ])
  const { rows } = await ask(`${NOVEMBER}&by=day`)
  expect(rows.map(({ day, orders }) => [day, orders])).toEqual([
    ['2026-11-30', 1],
    ['2026-11-01', 1],
  ])
})

test('yen and dollars are never added up', async () => {
  await sell([one(), one({ currency: 'usd' }), one({ currency: 'usd', source: null })])
  const { rows, totals } = await ask(NOVEMBER)
  expect(totals.map(({ currency, amount }) => [currency, amount])).toEqual([
    ['jpy', 2_000],
    ['usd', 4_000],
  ])
  expect(rows.map(({ currency, source }) => [currency, source])).toEqual(
    expect.arrayContaining([
      ['jpy', 'menu'],
      ['usd', 'menu'],
      ['usd', null],
    ]),
  )
})

const lines = fc.record({
  product: fc.option(fc.constantFrom('prod_a', 'prod_b', 'prod_c')),
  quantity: fc.integer({ min: 1, max: 9 }),
  amount: fc.integer({ min: 0, max: 9_000 }),
  total: fc.option(fc.integer({ min: 0, max: 9_000 })),
})
const orders = fc.record({
  source: fc.option(fc.constantFrom('menu', 'poster', 'null')),
  paidAt: fc.constantFrom('2026-11-05T03:00:00.000Z', '2026-11-25T20:00:00.000Z'),
  currency: fc.constantFrom('jpy', 'usd'),
  lines: fc.array(lines, { maxLength: 4 }),
  shipping: fc.integer({ min: 0, max: 900 }),
  tenthsBack: fc.constantFrom(0, 0, 3, 10),
})

test('however a report is split, its rows add up to the same money', async () => {
  const splits = ['source', 'product', 'day', 'source,product', 'product,day', 'source,product,day']
  await fc.assert(
    fc.asyncProperty(fc.array(orders, { maxLength: 8 }), async (sold) => {
      await sell(sold)
      const wanted = { amount: 0, refunded: 0, items: 0 }
      for (const order of sold) {
        wanted.amount += amountOf(order)
        wanted.refunded += Math.floor((amountOf(order) * order.tenthsBack) / 10)
        for (const { quantity } of order.lines) wanted.items += quantity
      }
      for (const by of splits) {
        const { rows, totals } = await ask(`${NOVEMBER}&by=${by}`)
        expect(added(rows), by).toEqual(wanted)
        for (const total of totals)
          expect(added(rows.filter(({ currency }) => currency === total.currency))).toEqual(
            added([total]),
          )
        expect(totals.reduce((sum, total) => sum + total.orders, 0)).toBe(sold.length)
      }
      for (const table of ['order_items', 'orders'] as const)
        await house.store.db.deleteFrom(table).execute()
    }),
    { numRuns: 12 },
  )
})

function added(rows: Pick<ReportRow, 'amount' | 'refunded' | 'items' | 'net'>[]) {
  const sum = (of: 'amount' | 'refunded' | 'items') =>
    rows.reduce((total, row) => total + row[of], 0)
  for (const row of rows) expect(row.net).toBe(row.amount - row.refunded)
  return { amount: sum('amount'), refunded: sum('refunded'), items: sum('items') }
}

test('a product goes by its newest name', async () => {
  const tea = { product: 'prod_tea', quantity: 1, amount: 100, total: 100 }
  await sell([
    one({ lines: [tea], paidAt: '2026-11-05T03:00:00.000Z' }),
    one({ lines: [tea], paidAt: '2026-11-04T03:00:00.000Z' }),
  ])
  const rename = (id: string, name: string) =>
    house.store.db.updateTable('order_items').set({ name }).where('order_id', '=', id).execute()
  await rename('cs_test_0', 'あたらしい茶')
  await rename('cs_test_1', 'んかしの茶')
  const { rows } = await ask(`${NOVEMBER}&by=product`)
  expect(rows).toMatchObject([{ productName: 'あたらしい茶', orders: 2 }])
})

test('a spreadsheet gets a file that it reads, in which no name is a formula', async () => {
  const lines = [{ product: 'prod_tea', quantity: 1, amount: 1_999, total: 1_999 }]
  await sell([one({ currency: 'usd', lines, shipping: 5, tenthsBack: 10 })])
  const name = '=HYPERLINK("https://evil.example","茶, "&A1)'
  await house.store.db.updateTable('order_items').set({ name }).execute()
  const answer = await fetch(
    `${house.url}/api/desk/sources?${NOVEMBER}&by=day,product&format=csv`,
    { headers: { cookie } },
  )
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="orders-2026-11-01-2026-11-30.csv"',
  )
  // Without the mark at the beginning Excel takes UTF-8 for something else.
  expect(
    Buffer.from(await answer.arrayBuffer())
      .toString('utf8')
      .split('\r\n'),
  ).toEqual([
    '\ufeff日付,商品ID,商品名,通貨,注文数,点数,売上,返金,差引',
    '2026-11-05,prod_tea,"\'=HYPERLINK(""https://evil.example"",""茶, ""&A1)",usd,1,1,19.99,19.99,0.00',
    '2026-11-05,,送料・その他,usd,1,0,0.05,0.05,0.00',
    '',
  ])
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＋1', '－1', '＠SUM(A1)'])(
  'a product that is called %s is a name in a spreadsheet',
  async (name) => {
    const row = { currency: 'jpy', orders: 1, items: 1, amount: 1, refunded: 0, net: 1 }
    const rows = [{ ...row, product: 'prod_tea', productName: name }]
    const report = {
      from: '2026-11-01',
      to: '2026-11-30',
      by: ['product' as const],
      rows,
      totals: [],
    }
    expect(reportCsv(report, deskWordsIn('ja'))).toContain(`prod_tea,'${name},jpy`)
  },
)

test.each([
  ['from=2026-02-30', 'from must be a day'],
  ['to=yesterday', 'to must be a day'],
  ['from=2026-11-01&from=2026-11-02', 'from must be a day'],
  ['from=2026-11-02&to=2026-11-01', 'from must not be after to'],
  ['from=2025-01-01&to=2026-11-01', 'at most 400'],
  ['by=buyer', 'by must be one or more of source, product, day'],
  ['by=', 'by must be'],
  ['format=xml', 'format must be json or csv'],
])('a question that cannot be answered (%s) is told what is wrong with it', async (query, why) => {
  const { status, body } = await house.api(cookie, 'GET', `/api/desk/sources?${query}`)
  expect([status, body]).toMatchObject([
    400,
    { error: { code: 'bad_request', message: expect.stringContaining(why) } },
  ])
})

test('who asks up to the last day that a calendar has gets an answer all the same', async () => {
  const { rows } = await ask('to=9999-12-31')
  expect(rows).toEqual([])
})

test('without any days it is the last thirty, today among them', async () => {
  const { from, to } = await ask('')
  expect(to).toBe(japanDay(new Date().toISOString()))
  expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(29)
})
