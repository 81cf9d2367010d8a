import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { choose, goToPay, logInAs, MATCHA, payByCard, SENCHA, sessionOf } from './support/buy.ts'
import { heard, messagesFor, textsOfNewest } from './support/chat.ts'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

test('from the shelf to the receipt in the chat: log in, check the terms, pay by card on Stripe’s page', async () => {
  const { rig } = stage
  const hanako = stage.person({ name: '山田 花子' })
  const page = await stage.visit()

  await choose(page, MATCHA)
  await logInAs(page, hanako.name)

  await page.getByRole('heading', { level: 1, name: ja.checkout.heading }).waitFor()
  await page.getByRole('heading', { name: MATCHA.name }).waitFor()
  await page.getByRole('link', { name: ja.checkout.legalLink }).waitFor()
  await page.getByText('株式会社のれん茶房').waitFor()
  await goToPay(page)
  await payByCard(page)

  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await page.getByText(ja.comeback.paidText).waitFor()
  const [receipt] = await messagesFor(rig, hanako.userId, 1)
  expect(receipt).toContain(ja.messages.paid.title)
  expect(receipt).toContain(MATCHA.total)
  const rows = textsOfNewest(rig, hanako.userId)
  for (const item of MATCHA.items) expect(rows.some((row) => row.startsWith(item))).toBe(true)

  const [line] = await messagesFor(rig, rig.staff.id, 1)
  expect(line).toContain(hanako.name)
  expect(line).toContain(MATCHA.total)

  await page.reload()
  await page.getByRole('heading', { name: ja.comeback.headingPaid }).waitFor()
  expect(heard(rig, hanako.userId)).toHaveLength(1)
})

test('the order stands under “my orders” with its items, totals and number, and can be ordered again', async () => {
  const jiro = stage.person({ name: '高橋 次郎' })
  const page = await stage.visit()
  await choose(page, SENCHA)
  await logInAs(page, jiro.name)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { name: ja.comeback.headingPaid }).waitFor()
  const session = sessionOf(page)

  await page.getByRole('navigation').getByRole('link', { name: ja.shell.orders }).click()
  await page.getByRole('link', { name: SENCHA.name }).click()
  await page.waitForURL(`/orders/${session}`)
  await page.getByRole('heading', { level: 1, name: ja.order.heading }).waitFor()
  await page.getByText(ja.status.paid, { exact: true }).waitFor()
  await page.getByText(ja.order.shipping, { exact: true }).waitFor()
  await page.getByText(SENCHA.total).first().waitFor()

  await page.getByRole('link', { name: ja.order.again }).click()
  await page.getByRole('heading', { level: 1, name: ja.checkout.heading }).waitFor()
})
