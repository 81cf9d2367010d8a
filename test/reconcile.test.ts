import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sandboxEnv } from './sandbox/sandbox-env.ts'
import { type House, openHouse, TEA } from './support/house.ts'

let house: House
let tea: string

beforeEach(async () => {
  house = await openHouse()
  tea = house.stripe.addLink(TEA).id
})
afterEach(() => house.close())

/** The operator's own command, in a process of its own beside the running house. */
async function noren(...words: string[]): Promise<{ code: number; said: string }> {
  const root = join(import.meta.dirname, '..')
  const place = { database: house.databaseUrl, publicUrl: 'http://localhost:3000' }
  const child = spawn(process.execPath, [join(root, 'server', 'noren.ts'), ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...sandboxEnv(house, place) },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

test('an order that no webhook ever told is found, recorded and summed up in the chat', async () => {
  house.stripe.hold()
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toEqual([])

  const { code, said } = await noren('reconcile', '--since', '1h')
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

test('sessions of other products on the account are looked at and left alone', async () => {
  const other = house.stripe.openSession({ items: [{ name: '別の商品', amount: 500 }] })
  await house.stripe.payByCard(other)
  const { said } = await noren('reconcile')
  expect(said).toContain('sessions 1, orders up to date 0.')
  expect(house.heard(house.staff)).toEqual([])
})

test.each([
  [['reconcile', '--since', 'yesterday'], '--since must be'],
  [['fulfil'], 'npm run noren -- COMMAND'],
  [['reconcile', '--until', '3d'], '--until'],
])('words that are not understood (%j) are answered with what would be', async (words, answer) => {
  const { code, said } = await noren(...words)
  expect(said).toContain(answer)
  expect(code).toBe(2)
})
