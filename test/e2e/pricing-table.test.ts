import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { logInAs, sessionOf, subscribe } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { IN_LINE } from './support/phones.ts'
import { rewriteShelf } from './support/shelf.ts'
import { openStage, type Stage, type VisitOptions } from './support/stage.ts'
import { withStripeJs } from './support/stripe-js.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
// A policy that stops something says so in the console, and that is a complaint.
afterEach(async () => expect(await stage.putAway()).toEqual([]))

const PATRON = /申し込む: .*特別会員/
const visit = (options: VisitOptions = {}) => stage.visit(withStripeJs(stage, options))
const plan = (page: Page, name = PATRON) =>
  page.frameLocator('iframe').getByRole('button', { name })
const menuOf = (userId: string) => stage.rig.line.menuOf(userId)?.richMenuId

/** Stays for as long as the document does. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { marked: true }))
const isMarked = (page: Page) => page.evaluate(() => 'marked' in window)

test('from LINE’s login to the paid role: a plan chosen in Stripe’s table, receipt, welcome and menu', async () => {
  const { rig } = stage
  const who = stage.person({ name: '表 えらぶ' })
  const page = await visit({ expecting: /status of 409 .*pricing-table/ })
  await page.goto('/plans?source=menu')
  await logInAs(page, who.name)
  await page.getByRole('link', { name: ja.checkout.legalLink }).waitFor()
  const before = menuOf(who.userId)
  await plan(page).click()
  await page.waitForURL(/\/pay\/session\/cs_/)
  await subscribe(page)
  await page.getByRole('heading', { name: ja.membership.welcomeTitle('特別会員') }).waitFor()

  const session = rig.stripe.session(sessionOf(page))
  expect(session).toMatchObject({ payment_link: null, mode: 'subscription' })
  expect(session.client_reference_id).toMatch(new RegExp(`^${who.userId}_menu_`))
  await messagesFor(rig, who.userId, 2)
  await vi.waitFor(() => expect(menuOf(who.userId)).not.toBe(before))

  // Who subscribes now is not sold a second one.
  await page.goto('/plans')
  await page.getByRole('heading', { name: ja.join.memberTitle }).waitFor()
  expect(await page.locator('iframe').count()).toBe(0)
})

test('a button in LINE’s chat opens the table; the way to it and away from it is a page load', async () => {
  const who = stage.person({ name: '表 ひらく' })
  const page = await visit(IN_LINE)
  await page.goto(await stage.rig.line.inClientUrl(who.userId, '/plans/circle'))
  await plan(page).waitFor()
  await mark(page)
  await page.getByRole('link', { name: ja.checkout.legalLink }).click()
  await page.getByRole('heading', { level: 1, name: ja.legal.heading }).waitFor()
  // Otherwise Stripe's script would have stayed on a page whose policy does not know it.
  expect(await isMarked(page)).toBe(false)
  await mark(page)
  await page.goBack()
  await plan(page).waitFor()
})

test('a shop that sells its plans in the table alone leads there from the page to join', async () => {
  const who = stage.person({ name: '表 みちびく' })
  const page = await visit()
  const toJoin = page.getByRole('link', { name: ja.membership.join })
  await page.goto('/membership')
  await logInAs(page, who.name)
  await toJoin.waitFor()
  await rewriteShelf(page, () => [])
  await page.goto('/')
  await mark(page)
  await page.getByRole('link', { name: ja.shell.membership }).click()
  await toJoin.click()
  const way = page.getByRole('link', { name: ja.plans.open })
  await way.waitFor()
  expect(await isMarked(page)).toBe(true)
  await way.click()
  await plan(page).waitFor()
  expect(await isMarked(page)).toBe(false)
})

test('where Stripe’s script does not come, the page says so, tries again, and can be read by everybody', async () => {
  const who = stage.person({ name: '表 とどかず' })
  const page = await visit({ expecting: /ERR_FAILED/, bypassCSP: true })
  await page.route('https://js.stripe.com/v3/pricing-table.js', (route) => route.abort(), {
    times: 2,
  })
  await page.goto('/plans')
  await logInAs(page, who.name)
  const trouble = page.getByRole('heading', { name: ja.memberProblems.tableMissing.title })
  await trouble.waitFor()
  const again = page.getByRole('button', { name: ja.shell.retry })
  await again.click()
  await trouble.waitFor()
  await again.click()
  await plan(page).waitFor()
  expect(await axeFindings(page, { part: 'main' })).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(page, { part: 'main', only: 'color-contrast' })).toEqual([])
  await page.setViewportSize({ width: 320, height: 568 })
  expect(await smallTargets(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
  await page.goto('/plans/other')
  await page.getByRole('link', { name: ja.membership.join }).click()
  await page.getByRole('heading', { level: 1, name: ja.join.heading }).waitFor()
})

test('a table that lies open for half an hour is made anew for its customer', async () => {
  const { rig } = stage
  const who = stage.person({ name: '表 ながめる' })
  const page = await visit()
  await page.clock.install()
  await page.goto('/checkout/plink_demo_teabox')
  await logInAs(page, who.name)
  await page.getByRole('button', { name: ja.join.pay }).click()
  await page.waitForURL(/\/pay\/session\/cs_/)
  await subscribe(page)
  await messagesFor(rig, who.userId, 1)
  await page.goto('/plans')
  await plan(page).waitFor()
  const secret = () =>
    page.locator('stripe-pricing-table').getAttribute('customer-session-client-secret')
  const first = await secret()
  expect(first).toMatch(/^cuss_/)
  await page.clock.fastForward('26:00')
  await vi.waitFor(async () => expect(await secret()).not.toBe(first))
})
