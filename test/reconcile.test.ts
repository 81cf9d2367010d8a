import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bar, sayProgress } from '../server/commands/say-progress.ts'
import { type House, openHouse, TEA } from './support/house.ts'
import { runHere, runNoren } from './support/run-noren.ts'

let house: House
let tea: string

beforeEach(async () => {
  house = await openHouse()
  tea = house.stripe.addLink(TEA).id
})
afterEach(() => house.close())

const noren = (...words: string[]) => runHere(house, ...words)

test('an order that no webhook ever told is found, recorded and summed up in the chat', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toEqual([])

  const { code, said } = await runNoren(house, 'reconcile', '--since', '1h')
  expect(said).toContain('orders up to date 1.')
  expect(code).toBe(0)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a receipt and a refund that are found together are both told when the command returns', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.stripe.refund(session)
  expect((await noren('reconcile')).code).toBe(0)
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('while LINE is away the command waits for nobody: what it found goes out later', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.stripe.refund(session)
  house.line.addFault({ on: /message\/push/, times: Number.POSITIVE_INFINITY, status: 503 })
  const began = performance.now()
  expect((await noren('reconcile')).code).toBe(0)
  expect(performance.now() - began).toBeLessThan(15_000)
  house.line.clearFaults()
  await house.settleFor(120)
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('one order that Stripe will not tell about keeps no other from being found, and is counted', async () => {
  house.stripe.hold()
  const fine = await house.order(house.hanako, tea)
  await house.stripe.payByCard(fine)
  const broken = await house.order(house.hanako, tea)
  await house.stripe.payByCard(broken)
  const always = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: new RegExp(`${broken}$`), times: always, status: 400 })
  const { code, said } = await noren('reconcile')
  expect(said).toContain('sessions 2, orders up to date 1, failed 1.')
  expect(said.split('\n').find((line) => line.includes(broken))).toContain('made to fail')
  expect(code).toBe(1)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('catching up twice, and the webhook arriving after all, says nothing twice', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await noren('reconcile')
  await noren('reconcile')
  await house.stripe.release()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a refund of which nobody ever told is found, though the order looks as we hold it', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  house.stripe.switchOffWebhooks()
  await house.stripe.refund(session)
  expect((await noren('reconcile')).said).toContain('sessions 1, orders up to date 1.')
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('an undelivered refund is found, however long ago the order was made', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  house.stripe.session(session).created -= 10 * 86_400
  house.stripe.hold()
  await house.stripe.refund(session)
  const { code, said } = await noren('reconcile', '--since', '1h')
  expect(said).toContain('sessions 0, orders up to date 0.')
  expect(said).toMatch(/Events that no webhook had told: [1-9]/)
  expect(code).toBe(0)
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test('when Stripe fails altogether the command stops, says so, and delivers what it had found', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  const always = Number.POSITIVE_INFINITY
  house.stripe.addFault({ on: /sessions$/, times: always, status: 500 })
  const { code, said } = await noren('reconcile')
  expect(said).toContain('Stopped before the end, because Stripe fails')
  expect(code).toBe(1)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('with the books in Postgres it works beside the server as well', async () => {
  await house.close()
  house = await openHouse({ engine: 'postgres' })
  tea = house.stripe.addLink(TEA).id
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  const { code, said } = await noren('reconcile', '--since', '1h')
  expect(said).toContain('orders up to date 1.')
  expect(code).toBe(0)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test.each([
  ['a log file reads how far it is each five seconds', false, 0, 2],
  ['a terminal shows how far it is at once, and is cleared at the end', true, 2, 42],
])('%s', (_, isTTY, atFirst, inAll) => {
  vi.useFakeTimers()
  try {
    const lines: string[] = []
    const out = { isTTY, write: (text: string) => lines.push(text) }
    const quiet = sayProgress(() => bar(300, 10_000, 'subscriptions'), out)
    vi.advanceTimersByTime(600)
    expect(lines).toHaveLength(atFirst)
    vi.advanceTimersByTime(10_000)
    quiet()
    vi.advanceTimersByTime(10_000)
    const said = lines.join('')
    expect(said.match(/\[#\.{39}\] 300 of 10000 subscriptions/g)).toHaveLength(inAll)
    expect(said.includes('\n')).toBe(!isTTY)
    expect(said.endsWith('\r\x1b[K')).toBe(isTTY)
  } finally {
    vi.useRealTimers()
  }
})

test('members are looked at in the same go: who has left, and nobody told, is none when it returns', async () => {
  const box = house.stripe.addLink({
    ...TEA,
    paymentMethods: ['card'],
    recurring: { interval: 'month' },
  })
  const [sold] = house.stripe.soldBy(box.id)
  house.config.shop.roles = [
    { id: 'member', title: '会員', grants: [{ product: sold?.product ?? '' }] },
  ]
  const first = await house.order(house.hanako, box.id)
  await house.stripe.payByCard(first)
  await house.settle()
  house.stripe.switchOffWebhooks()
  const { subscription } = house.stripe.session(first)
  await house.stripe.cancelSubscription(String(subscription), 'now')
  const { said, code } = await noren('reconcile')
  expect(said).toMatch(/Members: subscriptions 0, customers brought up to date 1\./)
  expect(code).toBe(0)
  const row = await house.store.db.selectFrom('subscriptions').select('status').executeTakeFirst()
  expect(row?.status).toBe('canceled')
})

test('sessions of other products on the account are looked at and left alone', async () => {
  const other = house.stripe.openSession({ items: [{ name: '別の商品', amount: 500 }] })
  await house.stripe.payByCard(other)
  const { said } = await noren('reconcile')
  expect(said).toContain('sessions 1, orders up to date 0.')
  expect(house.heard(house.staff)).toEqual([])
})

test.each([
  [['reconcile', '--since', 'yesterday'], '--since must be'],
  [['fulfil'], 'There is no command "fulfil"'],
  [['reconcile', '--until', '3d'], '--until'],
])('words that are not understood (%j) are answered with what would be', async (words, answer) => {
  const { code, said } = await noren(...words)
  expect(said).toContain(answer)
  expect(code).toBe(2)
})
