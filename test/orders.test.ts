import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, TEA } from './support/house.ts'

let house: House
let tea: string

beforeEach(async () => {
  house = await openHouse()
  tea = house.stripe.addLink(TEA).id
})
afterEach(() => house.close())

async function ordersOf(user = house.hanako) {
  const answer = await house.api(await house.logIn(user), 'GET', '/api/orders')
  return answer.body['orders'] as unknown as Record<string, never>[]
}

test('a buyer who pays by card gets one itemised summary in the chat, and the shop one line', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByCard(session)
  await house.settle()

  const [summary, ...more] = house.heard(house.hanako.userId)
  expect(more).toEqual([])
  expect(summary).toContain('3,960')
  const [orderMessage] = house.line.chat(house.hanako.userId)
  expect(JSON.stringify(orderMessage?.messages)).toContain('宇治煎茶 100g')
  expect(JSON.stringify(orderMessage?.messages)).toContain('抹茶ようかん')
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(house.heard(house.staff)[0]).toContain('花子')
  expect(await ordersOf()).toMatchObject([{ id: session, status: 'paid', amount: 3960 }])
})

test('a konbini order first says where and how to pay, and thanks only when the money is there', async () => {
  const session = await house.order(house.hanako, tea)
  await house.stripe.payByKonbini(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toEqual([])
  expect(await ordersOf()).toMatchObject([{ status: 'awaiting_payment' }])

  await house.stripe.settleKonbini(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(await ordersOf()).toMatchObject([{ status: 'paid' }])
})
