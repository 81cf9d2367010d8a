import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { choose, goToPay, logInAs, payByCard, SENCHA, sessionOf } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import { rewriteShelf, SHELF, shelfLacks, stock } from './support/shelf.ts'
import { openStage, PHONE, type Stage, type VisitOptions } from './support/stage.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => {
  stage.rig.line.clearFaults()
  stage.rig.stripe.clearFaults()
  expect(await stage.putAway()).toEqual([])
})

async function visitLoggedIn(name: string, options: VisitOptions = {}): Promise<Page> {
  stage.person({ name })
  const page = await stage.visit(options)
  await page.goto('/orders')
  await logInAs(page, name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
  return page
}

/** What Chromium says of requests that the test itself lets fail. */
const UNPLUGGED = /net::ERR_|Failed to fetch/
const REFUSED = /status of 5\d\d/

const tryAgain = (page: Page) =>
  page.getByRole('alert').getByRole('button', { name: ja.shell.retry })

test('LINE is down: the shelf stays open, and where a login is needed one button tries again', async () => {
  const { rig } = stage
  const person = stage.person({ name: '藤田 海' })
  rig.line.addFault({ on: /liff\/v2\/apps/, times: Infinity, status: 503 })
  const page = await stage.visit({ expecting: REFUSED })
  await page.goto('/')
  await page.getByRole('heading', { name: SENCHA.name }).waitFor()

  await page.getByRole('navigation').getByRole('link', { name: ja.shell.orders }).click()
  await page.getByRole('heading', { name: ja.problems.lineUnreachable.title }).waitFor()
  await page.getByText(ja.problems.lineUnreachable.text).waitFor()

  rig.line.clearFaults()
  await tryAgain(page).click()
  await logInAs(page, person.name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
})

test('LINE takes no messages: the order is complete all the same, and the receipt comes when LINE is back', async () => {
  const { rig } = stage
  const person = stage.person({ name: '岡田 美咲' })
  rig.line.addFault({ on: /message\/push/, times: 2, status: 500 })
  const page = await stage.visit()
  await choose(page, SENCHA)
  await logInAs(page, person.name)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await messagesFor(rig, person.userId, 1)
})

test('Stripe is down: the buyer learns that nothing was charged, and one button asks again', async () => {
  const { rig } = stage
  const person = stage.person({ name: '後藤 樹' })
  const link = rig.stripe.addLink({ items: [{ name: '玄米茶 150g', amount: 800 }] })
  const session = rig.stripe.visit(link.url)
  rig.stripe.hold()
  await rig.stripe.payByCard(session)
  rig.stripe.addFault({ on: /checkout\/sessions/, times: Infinity, status: 500 })

  const page = await stage.visit({ expecting: REFUSED })
  await page.goto(`/return?session=${session}`)
  await logInAs(page, person.name)
  await page.getByRole('heading', { name: ja.problems.stripeDown.title }).waitFor()
  rig.stripe.clearFaults()
  const thanks = page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid })
  // The page also asks again by itself, and may be quicker than the finger.
  await tryAgain(page).or(thanks).first().click()
  await thanks.waitFor()
  await rig.stripe.release()
  await messagesFor(rig, person.userId, 1)
})

test('no way to the payment: the buyer reads it where the button would be, and asks again there', async () => {
  const page = await visitLoggedIn('藤井 窓', { expecting: REFUSED })
  await page.route('**/api/checkout', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'stripe_unavailable', message: '-' } } }),
  )
  await choose(page, SENCHA)
  const trouble = page.getByRole('heading', { name: ja.problems.stripeDown.title })
  await expect.poll(() => trouble.boundingBox().then((box) => box?.y)).toBeLessThan(PHONE.height)
  await page.unroute('**/api/checkout')
  await tryAgain(page).click()
  await goToPay(page)
})

test('the shop comes back from a page of Stripe that nobody knows', async () => {
  const page = await visitLoggedIn('長谷川 剛', { expecting: /status of 404/ })
  await page.goto('/return?session=cs_test_nobody')
  await page.getByRole('heading', { name: ja.problems.unknownSession.title }).waitFor()
  await tryAgain(page).waitFor()
  await page.goto('/return')
  await page.getByRole('heading', { name: ja.comeback.noSessionTitle }).waitFor()
  await page.locator('main').getByRole('link', { name: ja.shell.orders }).click()
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
})

test('without a signal each page that is opened says so, and works once the signal is back', async () => {
  const page = await visitLoggedIn('石井 空', { expecting: UNPLUGGED })
  const phone = page.context()
  await page.getByRole('navigation').getByRole('link', { name: ja.shell.shop }).click()
  await page.getByRole('heading', { name: SENCHA.name }).waitFor()

  await phone.setOffline(true)
  await page.getByRole('navigation').getByRole('link', { name: ja.shell.orders }).click()
  await page.getByRole('heading', { name: ja.problems.offline.title }).waitFor()
  await phone.setOffline(false)
  await tryAgain(page).click()
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()

  await phone.setOffline(true)
  await page.getByRole('contentinfo').getByRole('link', { name: ja.shell.legal }).click()
  await page.getByRole('heading', { name: ja.problems.pageMissing.title }).waitFor()
  await phone.setOffline(false)
  await tryAgain(page).click()
  await page.getByRole('heading', { level: 1, name: ja.legal.heading }).waitFor()
})

test('without a signal the hand-over page prepares nothing, says so, and prepares it when asked again', async () => {
  const page = await visitLoggedIn('遠藤 光', { expecting: UNPLUGGED })
  await choose(page, SENCHA)
  await page.getByRole('button', { name: ja.checkout.pay }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: SENCHA.name }).waitFor()
  await page.context().setOffline(true)
  await page.goForward()
  await page.getByRole('heading', { name: ja.problems.offline.title }).waitFor()
  await page.context().setOffline(false)
  await tryAgain(page).click()
  await goToPay(page)
})

test('the order, the list of orders and the page after the payment each say that there is no signal', async () => {
  const { rig } = stage
  const page = await visitLoggedIn('坂本 龍', { expecting: UNPLUGGED })
  const menu = page.getByRole('navigation')
  const signal = (there: boolean) => page.context().setOffline(!there)
  const offline = page.getByRole('heading', { name: ja.problems.offline.title })
  await choose(page, SENCHA)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  const session = sessionOf(page)
  await menu.getByRole('link', { name: ja.shell.orders }).click()
  await page.getByRole('link', { name: SENCHA.name }).click()
  await page.getByText(ja.statusText.paid).waitFor()
  await menu.getByRole('link', { name: ja.shell.shop }).click()
  await page.getByRole('heading', { level: 1, name: ja.shop.heading }).waitFor()

  for (const { address, shows } of [
    { address: `/orders/${session}`, shows: page.getByText(ja.statusText.paid) },
    { address: '/orders', shows: page.getByText(ja.status.paid, { exact: true }) },
    { address: `/return?session=${session}`, shows: page.getByText(ja.comeback.paidText) },
  ]) {
    await signal(false)
    await page.goBack()
    await page.waitForURL(`${rig.origin}${address}`)
    await offline.waitFor()
    await signal(true)
    // The page also asks again by itself, and may be quicker than the finger.
    await tryAgain(page).or(shows).first().click()
    await shows.waitFor()
  }
})

test('an address that nobody knows gets a friendly page and the way back', async () => {
  const page = await stage.visit()
  for (const address of ['/nowhere', '/checkout', '/orders/a/b']) {
    await page.goto(address)
    await page.getByRole('heading', { level: 1, name: ja.notFound.heading }).waitFor()
  }
  await page.locator('main').getByRole('link', { name: ja.shell.backToShop }).click()
  await page.getByRole('heading', { level: 1, name: ja.shop.heading }).waitFor()
})

test('what was the last one a moment ago cannot be bought by an old page or an old link', async () => {
  const { rig } = stage
  const last = await stock(rig, { items: [{ name: '限定新茶', amount: 5_000 }], limit: 1 })
  const page = await visitLoggedIn('西村 遥', { expecting: /status of 40[49]/ })
  await page.goto('/')
  await page.getByRole('heading', { name: '限定新茶' }).waitFor()
  await rig.stripe.payByCard(rig.stripe.visit(last.url))
  await vi.waitFor(() => expect(rig.stripe.link(last.id)?.active).toBe(false))
  await shelfLacks(rig, last.id)

  await page.getByRole('link', { name: /限定新茶/ }).click()
  await page.getByRole('heading', { name: ja.problems.offerUnavailable.title }).waitFor()
  await page.getByRole('alert').getByRole('link', { name: ja.shell.backToShop }).click()
  await page.goto(`/checkout/${last.id}`)
  await page.getByRole('heading', { name: ja.checkout.unknownTitle }).waitFor()
  expect(await page.getByRole('button', { name: ja.checkout.pay }).count()).toBe(0)
})

test('what the shop shows as sold out or off sale stays on the shelf, but has no way to the till', async () => {
  const page = await stage.visit()
  await rewriteShelf(page, (offers) =>
    offers.map((offer) => ({
      ...offer,
      soldOut: offer.name === SENCHA.name,
      active: !offer.name.includes('松風'),
    })),
  )
  await page.goto('/')
  const [soldOut, resting] = [ja.shop.soldOut, ja.shop.inactive].map((words) =>
    page.getByRole('listitem').filter({ hasText: words }),
  )
  await soldOut!.getByRole('heading', { name: SENCHA.name }).waitFor()
  await resting!.getByRole('heading', { name: /松風/ }).waitFor()
  expect(await soldOut!.getByRole('link').count()).toBe(0)
  expect(await resting!.getByRole('link').count()).toBe(0)
})

test('a shop with nothing on its shelves says that it is getting ready', async () => {
  const page = await stage.visit({ expecting: /status of 401/ })
  await rewriteShelf(page, () => [])
  await page.goto('/')
  await page.getByRole('heading', { name: ja.shop.emptyTitle }).waitFor()
  await page.unroute(SHELF)
  await page.getByRole('button', { name: ja.shop.refresh }).click()
  await page.getByRole('heading', { name: SENCHA.name }).waitFor()
})

test('a shop whose first question to Stripe had no answer yet says so, and asks again by one button', async () => {
  const page = await stage.visit({ expecting: /status of 401/ })
  await rewriteShelf(page, () => null)
  await page.goto('/')
  await page.getByRole('heading', { name: ja.problems.unexpected.title }).waitFor()
  await page.unroute(SHELF)
  await tryAgain(page).click()
  await page.getByRole('heading', { name: SENCHA.name }).waitFor()
})
