import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { LineUser } from '../sandbox/types.ts'
import { choose, goToPay, logInAs, payByCard, SENCHA } from './support/buy.ts'
import { heard, messagesFor } from './support/chat.ts'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

async function buyAsStranger(name: string): Promise<{ buyer: LineUser; page: Page }> {
  const buyer = stage.person({ name, friend: false })
  const page = await stage.visit()
  await choose(page, SENCHA)
  await logInAs(page, name)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  return { buyer, page }
}

/** As when the buyer comes back from LINE's "add friend" page. */
const comeBack = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

test('a buyer who is not a friend is asked to add the shop; the receipt waits, and comes once when they do', async () => {
  const { rig } = stage
  const { buyer, page } = await buyAsStranger('加藤 誠')
  const ask = page.getByRole('heading', { name: ja.friend.title })
  await ask.waitFor()
  const add = page.getByRole('link', { name: ja.friend.add })
  expect(await add.getAttribute('href')).toBe('https://line.me/R/ti/p/@noren-sample')
  // No receipt is promised where none could arrive.
  expect(await page.getByText(ja.comeback.paidText).count()).toBe(0)
  await messagesFor(rig, rig.staff.id, 1)
  expect(heard(rig, buyer.userId)).toEqual([])

  await rig.line.follow(buyer.userId)
  const [receipt] = await messagesFor(rig, buyer.userId, 1)
  expect(receipt).toContain(ja.messages.paid.title)
  await comeBack(page)
  await page.getByText(ja.friend.thanks).waitFor()
  expect(await ask.count()).toBe(0)

  await rig.line.follow(buyer.userId)
  await page.reload()
  await page.getByText(ja.comeback.paidText).waitFor()
  expect(await ask.count()).toBe(0)
  expect(heard(rig, buyer.userId)).toHaveLength(1)
})

test('somebody who has blocked the shop gets the receipt by mail, and no second time when they let it in again', async () => {
  const { rig } = stage
  const { buyer, page } = await buyAsStranger('吉田 明')
  await rig.line.follow(buyer.userId)
  await messagesFor(rig, buyer.userId, 1)
  await rig.line.unfollow(buyer.userId)

  await choose(page, SENCHA)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { name: ja.friend.title }).waitFor()
  await vi.waitFor(
    () => expect(rig.mail.box().map(({ subject }) => subject)).toHaveLength(1),
    15_000,
  )
  expect(rig.mail.box()[0]?.subject).toContain(ja.messages.paid.title)
  await rig.line.follow(buyer.userId)
  await comeBack(page)
  await page.getByText(ja.friend.thanks).waitFor()
  expect(heard(rig, buyer.userId)).toHaveLength(1)
})
