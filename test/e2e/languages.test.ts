import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { choose, goToPay, logInAs, payByCard, SENCHA } from './support/buy.ts'
import { messagesFor, textsOfNewest } from './support/chat.ts'
import { openStage, type Stage } from './support/stage.ts'
import { en, ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

test('an English reader is served in English on every page, on Stripe’s and in the chat; the staff in Japanese', async () => {
  const { rig } = stage
  const emma = stage.person({ name: 'Olivia Brown', language: 'en' })
  const page = await stage.visit({ locale: 'en-GB' })
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: en.shop.heading }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await page.getByText('Everyday tea from Uji, Kyoto.').waitFor()

  await choose(page, SENCHA, en)
  await logInAs(page, emma.name)
  await page.getByRole('heading', { level: 1, name: en.checkout.heading }).waitFor()
  await goToPay(page, en)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await payByCard(page, en)
  await page.getByRole('heading', { level: 1, name: en.comeback.headingPaid }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')

  const [receipt] = await messagesFor(rig, emma.userId, 1)
  expect(receipt).toContain('Noren Tea House')
  expect(textsOfNewest(rig, emma.userId)).toContain(en.messages.paid.title)
  const [line] = await messagesFor(rig, rig.staff.id, 1)
  expect(line).toContain('ご注文が入りました')
  await page.getByRole('navigation').getByRole('link', { name: en.shell.orders }).click()
  await page.getByText(en.status.paid, { exact: true }).waitFor()
})

test('a language that was chosen by hand stays, page after page and visit after visit, and in the chat', async () => {
  const { rig } = stage
  const kenji = stage.person({ name: '森 賢治' })
  const page = await stage.visit()
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: ja.shop.heading }).waitFor()
  await page.getByLabel(ja.shell.language).selectOption('en')
  await page.getByRole('heading', { level: 1, name: en.shop.heading }).waitFor()

  const later = await page.context().newPage()
  await later.goto('/legal')
  await later.getByRole('heading', { level: 1, name: en.legal.heading }).waitFor()
  expect(await later.locator('html').getAttribute('lang')).toBe('en')

  await choose(later, SENCHA, en)
  await logInAs(later, kenji.name)
  await goToPay(later, en)
  await payByCard(later, en)
  await messagesFor(rig, kenji.userId, 1)
  expect(textsOfNewest(rig, kenji.userId)).toContain(en.messages.paid.title)
})

test.for([
  ['th-TH', 'th'],
  ['zh-Hant-TW', 'zh-TW'],
  ['fr-FR', 'ja'],
] as const)('a browser in %s opens the shop in %s', async ([locale, language]) => {
  const page = await stage.visit({ locale })
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe(language)
})
