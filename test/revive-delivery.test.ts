import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  ignoreDelivery,
  type Revival,
  reviveDelivery,
} from '../server/notifications/revive-delivery.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const PUSH = /POST \/v2\/bot\/message\/push/
const ALWAYS = Number.POSITIVE_INFINITY
const HOUR = 3_600

let house: House
beforeEach(async () => {
  house = await openHouse({ shop: { staff: {} } })
})
afterEach(() => house.close())

async function receipt() {
  const [row] = await house.store.db.selectFrom('deliveries').selectAll().execute()
  if (!row) throw new Error('no message was written')
  return row
}

async function buy(): Promise<void> {
  const session = await house.order(house.hanako, house.stripe.addLink(TEA).id)
  await house.stripe.payByCard(session)
}

async function revive(id: string, again = false): Promise<Revival> {
  const { store } = house
  const now = house.house.delivery.clock.now()
  return store.transaction((tx) => reviveDelivery(store, tx, id, now, { again }))
}

const heard = () => house.heard(house.hanako.userId)

test('a message that LINE refused for good is sent again without fear once it is mended', async () => {
  house.line.addFault({ on: PUSH, times: 1, status: 400, body: { message: 'not this provider' } })
  await buy()
  await house.settle()
  const dead = await receipt()
  expect(dead).toMatchObject({ state: 'dead', first_attempt_at: null })
  house.forward({ hours: 40 })
  expect(await revive(dead.id)).toEqual({ state: 'revived', maybeTwice: false })
  await house.settle()
  expect(heard()).toHaveLength(1)
  expect(await receipt()).toMatchObject({ state: 'accepted', retry_key: null, error: null })
})

test('while LINE still knows the key, sending again cannot double a message', async () => {
  house.line.addFault({ on: PUSH, times: 1, drop: 'after' })
  await buy()
  await house.settle()
  const { id } = await receipt()
  const dead = { state: 'dead', error: 'given up by hand' } as const
  await house.store.transaction((tx) =>
    tx.updateTable('deliveries').set(dead).where('id', '=', id).execute(),
  )
  house.forward({ hours: 22 })
  expect(await revive(id)).toEqual({ state: 'revived', maybeTwice: false })
  await house.settle()
  expect(await receipt()).toMatchObject({ state: 'accepted' })
  expect(heard()).toHaveLength(1)
})

test('after the key has run out, only a person who knows that it may double sends it anew', async () => {
  house.line.addFault({ on: PUSH, times: 1, drop: 'after' })
  house.line.addFault({ on: PUSH, times: ALWAYS, status: 500 })
  await buy()
  await house.settleFor(25 * HOUR)
  house.line.clearFaults()
  const { id } = await receipt()
  expect(await receipt()).toMatchObject({ state: 'dead' })
  expect(await revive(id)).toEqual({ state: 'asks' })
  expect(await receipt()).toMatchObject({ state: 'dead' })
  expect(await revive(id, true)).toEqual({ state: 'revived', maybeTwice: true })
  await house.settle()
  const sent = await receipt()
  expect(sent).toMatchObject({ state: 'accepted' })
  expect(sent.retry_key).not.toBe(id)
  expect(heard()).toHaveLength(2)
  expect(house.line.chat(house.hanako.userId).at(-1)?.retryKey).toBe(sent.retry_key)
})

test('a message that died of age may be sent all the same, and is not late at once', async () => {
  house.line.quota.limit = 0
  await buy()
  for (let hour = 0; hour < 80; hour += 8) {
    await house.settle()
    house.forward({ hours: 8 })
  }
  const dead = await receipt()
  expect(dead).toMatchObject({ state: 'dead', error: expect.stringContaining('older than 72 h') })
  house.line.quota.limit = 10
  expect(await revive(dead.id)).toEqual({ state: 'revived', maybeTwice: false })
  await house.settle()
  expect(heard()).toHaveLength(1)
})

test('what was accepted, is on its way or was never there cannot be sent again', async () => {
  expect(await revive('nobody')).toEqual({ state: 'refused', because: 'unknown' })
  house.line.addFault({ on: PUSH, times: 1, status: 500 })
  await buy()
  await house.settle()
  const { id } = await receipt()
  expect(await revive(id)).toEqual({ state: 'refused', because: 'open' })
  await house.settleFor(60)
  expect(await revive(id)).toEqual({ state: 'refused', because: 'accepted' })
  expect(await house.store.transaction((tx) => ignoreDelivery(tx, id))).toBe(false)
})

test('what a person has looked at is off the list, and may still be sent', async () => {
  house.line.addFault({ on: PUSH, times: 1, status: 400, body: { message: 'no' } })
  await buy()
  await house.settle()
  const { id } = await receipt()
  expect(await house.store.transaction((tx) => ignoreDelivery(tx, id))).toBe(true)
  expect(await house.store.transaction((tx) => ignoreDelivery(tx, id))).toBe(false)
  expect(await receipt()).toMatchObject({ state: 'ignored' })
  expect(await revive(id)).toEqual({ state: 'revived', maybeTwice: false })
})
