import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { formatJapanDeadline } from '../../shared/japan-time.ts'
import type { LineUser } from '../sandbox/types.ts'
import { choose, goToPay, logInAs, payByKonbini, SENCHA } from './support/buy.ts'
import { heard, messagesFor, textsOfNewest } from './support/chat.ts'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

/** Somebody orders and holds the voucher in their hand. */
async function orderAtKonbini(name: string): Promise<{ buyer: LineUser; voucher: Page }> {
  const buyer = stage.person({ name })
  const voucher = await stage.visit()
  await choose(voucher, SENCHA)
  await logInAs(voucher, name)
  await goToPay(voucher)
  await payByKonbini(voucher)
  await voucher.getByRole('heading', { level: 1, name: ja.stripe.voucherTitle }).waitFor()
  return { buyer, voucher }
}

/** Every number on the voucher; those of the other stores are folded away, so not found by their role. */
async function codesOn(voucher: Page): Promise<string[]> {
  const codes = voucher.locator('dd')
  return (await codes.allTextContents()).map((each) => each.trim())
}

test('a konbini order is thanked for only when it is paid at the till, and the open page notices by itself', async () => {
  const { rig } = stage
  const { buyer, voucher } = await orderAtKonbini('伊藤 さくら')
  const codes = await codesOn(voucher)
  expect(codes.filter((code) => /^\d+$/.test(code)).length).toBeGreaterThanOrEqual(8)

  const [slip] = await messagesFor(rig, buyer.userId, 1)
  expect(slip).toContain(SENCHA.total)
  expect(slip).not.toContain(ja.messages.paid.title)
  expect(textsOfNewest(rig, buyer.userId)).toEqual(
    expect.arrayContaining([ja.messages.awaiting.title, ...codes]),
  )
  expect(heard(rig, rig.staff.id)).toEqual([])

  const shop = await voucher.context().newPage()
  await shop.goto('/orders')
  await shop.getByText(ja.status.awaiting_payment, { exact: true }).waitFor()
  await shop.getByRole('link', { name: SENCHA.name }).click()
  await shop.getByRole('heading', { name: ja.konbini.heading }).waitFor()
  const deadline = await shop.locator('time').first().getAttribute('datetime')
  expect(textsOfNewest(rig, buyer.userId)).toContain(formatJapanDeadline(deadline ?? '', 'ja'))
  for (const code of codes) await shop.getByText(code, { exact: true }).first().waitFor()
  const leaflet = shop.getByRole('link', { name: ja.konbini.voucher })
  expect(await leaflet.getAttribute('href')).toContain(new URL(voucher.url()).pathname)

  await voucher.getByRole('button', { name: ja.stripe.payNow }).click()
  await voucher.getByRole('heading', { name: ja.stripe.settledTitle }).waitFor()
  const [, receipt] = await messagesFor(rig, buyer.userId, 2)
  expect(receipt).toContain(ja.messages.paid.title)
  await messagesFor(rig, rig.staff.id, 1)
  await shop.getByText(ja.status.paid, { exact: true }).waitFor()
  expect(await shop.getByRole('heading', { name: ja.konbini.heading }).count()).toBe(0)

  await voucher.getByRole('link', { name: ja.stripe.back('のれん茶房') }).click()
  await voucher.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
})

test('when the deadline passes, the buyer hears that nothing was charged and how to order again', async () => {
  const { rig } = stage
  const { buyer, voucher } = await orderAtKonbini('渡辺 健')
  await messagesFor(rig, buyer.userId, 1)
  await voucher.getByRole('button', { name: ja.stripe.letExpire }).click()
  await voucher.getByRole('heading', { name: ja.stripe.lapsedTitle }).waitFor()

  const [, sorry] = await messagesFor(rig, buyer.userId, 2)
  expect(sorry).toContain('取り消し')
  const texts = textsOfNewest(rig, buyer.userId)
  expect(texts).toContain(ja.messages.failed.title)
  expect(texts.join()).toContain(ja.messages.failed.notCharged)
  expect(heard(rig, rig.staff.id).filter((line) => line.includes(buyer.name))).toEqual([])

  const shop = await voucher.context().newPage()
  await shop.goto('/orders')
  await shop.getByText(ja.status.failed, { exact: true }).waitFor()
  await shop.getByRole('link', { name: SENCHA.name }).click()
  await shop.getByText(ja.statusText.failed).waitFor()
  await shop.getByRole('link', { name: ja.order.again }).waitFor()
})

test('whoever comes back to the shop before paying sees what the till will ask for', async () => {
  const { rig } = stage
  const { buyer, voucher } = await orderAtKonbini('小林 葵')
  const codes = await codesOn(voucher)
  const session = rig.stripe.sessions()[0]?.id
  await voucher.goto(`/return?session=${session}`)
  await voucher.getByRole('heading', { level: 1, name: ja.comeback.headingAwaiting }).waitFor()
  await voucher.getByText(ja.comeback.updated).waitFor()
  for (const code of codes) await voucher.getByText(code, { exact: true }).first().waitFor()
  expect(await messagesFor(rig, buyer.userId, 1)).toHaveLength(1)

  await rig.stripe.settleKonbini(String(session))
  await voucher.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
})
