import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ShopConfig } from '../../server/shop/define-shop.ts'
import { PORTAL_JA as portal } from '../sandbox/stripe/portal-words-ja.ts'
import type { LineUser, StripeSandbox } from '../sandbox/types.ts'
import { goToJoin, logInAs, sessionOf, subscribe } from './support/buy.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { IN_LINE } from './support/phones.ts'
import { openStage, type Stage } from './support/stage.ts'
import { ja } from './support/words.ts'

const MONTHLY = 'plink_member_monthly'
const YEARLY = 'plink_member_yearly'
const TRIAL = 'plink_member_trial'

/** A tea house with members: by the month, by the year, or to begin with for nothing. */
function withMembers(stripe: StripeSandbox): Partial<ShopConfig> {
  const plan = (
    id: string,
    name: string,
    amount: number,
    interval: 'month' | 'year',
    trialDays = 0,
  ) =>
    stripe.addLink({
      id,
      items: [{ name, amount }],
      currency: 'jpy',
      recurring: { interval },
      paymentMethods: ['card'],
      trialDays,
    }).id
  const links = [
    plan(MONTHLY, 'のれん会員 月払い', 980, 'month'),
    plan(YEARLY, 'のれん会員 年払い', 9_800, 'year'),
    plan(TRIAL, 'のれん会員 お試し', 980, 'month', 14),
  ]
  const price = links.flatMap((link) => stripe.soldBy(link).map((sold) => sold.price))
  const benefits = {
    ja: 'いつでも5%引き\n月替わりの茶葉 30g',
    en: '5% off\n30 g of tea each month',
  }
  const title = { ja: 'のれん会員', en: 'Noren member' }
  return { roles: [{ id: 'member', title, benefits, grants: [{ price }] }] }
}

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ shop: withMembers })
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

const tasks = (page: Page) =>
  page.getByRole('region', { name: ja.membership.tasks }).getByRole('button')
const card = (page: Page) => page.getByRole('region', { name: ja.membership.card })

/** From the plans to Stripe's page and back. */
async function join(page: Page, person: LineUser, plan = MONTHLY): Promise<void> {
  await page.goto(`/join/${plan}`)
  await logInAs(page, person.name)
  await goToJoin(page)
  await subscribe(page)
  await page.getByRole('heading', { name: ja.membership.welcomeTitle('のれん会員') }).waitFor()
}

/** As when somebody comes back to a tab that was open all the while. */
const lookAgain = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

test('a guest chooses among the plans, reads the terms, pays, and is a member with a card', async () => {
  const sakura = stage.person({ name: '春野 さくら' })
  const page = await stage.visit()
  await page.goto('/join')
  await page.getByRole('heading', { level: 1, name: ja.join.heading }).waitFor()
  await page.getByRole('link', { name: /月払い/ }).click()
  await logInAs(page, sakura.name)
  await page.getByText('お支払い開始から1年間の合計は¥11,760').waitFor()
  await page.getByText(ja.join.howToCancel(ja.commands.cancel)).waitFor()
  await page.getByRole('link', { name: ja.checkout.legalLink }).waitFor()
  await goToJoin(page)
  await subscribe(page)

  await page.getByRole('link', { name: ja.join.toMembership }).click()
  await card(page).getByText(ja.membership.name(sakura.name)).waitFor()
  await page.getByText(ja.planState.active, { exact: true }).waitFor()
  await tasks(page).filter({ hasText: ja.membership.task.cancel }).waitFor()
})

test('who has become a member in one tab is not asked to pay in the other', async () => {
  const natsu = stage.person({ name: '夏目 漱' })
  const page = await stage.visit()
  await page.goto(`/join/${YEARLY}`)
  await logInAs(page, natsu.name)
  const pay = page.getByRole('button', { name: ja.join.pay })
  await pay.waitFor()
  const other = await page.context().newPage()
  await other.goto(`/join/${MONTHLY}`)
  await goToJoin(other)
  await subscribe(other)
  await other.getByRole('link', { name: ja.join.toMembership }).click()
  await card(other).waitFor()

  await lookAgain(page)
  await page.getByRole('heading', { name: ja.join.memberTitle }).waitFor()
  expect(await pay.count()).toBe(0)
})

test('terms that have changed while the page was open are shown anew before anything is paid', async () => {
  const fuyu = stage.person({ name: '冬木 こはる' })
  const page = await stage.visit({ expecting: /status of 409 .*checkout/ })
  await page.route(
    '**/api/checkout',
    (route) => {
      const asked = route.request().postDataJSON() as object
      return route.continue({ postData: JSON.stringify({ ...asked, terms: 'last-week' }) })
    },
    { times: 1 },
  )
  await page.goto(`/join/${MONTHLY}`)
  await logInAs(page, fuyu.name)
  await page.getByRole('button', { name: ja.join.pay }).click()
  await page.getByText(ja.join.changed).waitFor()
  await goToJoin(page)
})

describe('who has had a trial', () => {
  const free = (page: Page) => page.locator('.wares').getByText(ja.price.trial(14))
  const pay = (page: Page) => page.getByRole('button', { name: ja.join.pay })

  async function hasHadTrial(who: LineUser): Promise<Page> {
    const page = await stage.visit({ expecting: /status of 409 .*checkout|ERR_FAILED/ })
    await join(page, who, TRIAL)
    const { stripe } = stage.rig
    await stripe.cancelSubscription(String(stripe.session(sessionOf(page)).subscription), 'now')
    await page.goto('/membership')
    await page.getByText(ja.planState.ended, { exact: true }).waitFor()
    return page
  }

  /** The page is answered once as before anybody had asked Stripe; not before then. */
  function promiseAnother(page: Page, then?: Promise<unknown>): Promise<unknown> {
    return page.route(
      '**/api/membership',
      async (route) => {
        const response = await route.fetch()
        await then
        const { membership } = (await response.json()) as { membership: object }
        await route.fulfill({ response, json: { membership: { ...membership, trialUsed: false } } })
      },
      { times: 1 },
    )
  }

  test('is promised no other one, also where LINE does not come up and the cookie alone is good', async () => {
    const page = await hasHadTrial(stage.person({ name: '秋吉 もみじ' }))
    await page.route(/\/assets\/line-/, (route) => route.abort())
    await page.goto(`/join/${TRIAL}`)
    await pay(page).waitFor()
    await free(page).waitFor({ state: 'detached' })
    await goToJoin(page)
  })

  test('and whose page could not know of it reads the price before anything is paid', async () => {
    const page = await hasHadTrial(stage.person({ name: '秋吉 いちょう' }))
    await promiseAnother(page)
    await page.goto(`/join/${TRIAL}`)
    await free(page).waitFor()
    await pay(page).click()
    await page.getByText(ja.join.changed).waitFor()
    await free(page).waitFor({ state: 'detached' })
    await goToJoin(page)
  })

  test('and is inside LINE is still shown the way to another browser after that', async () => {
    const mio = stage.person({ name: '秋吉 みお' })
    await hasHadTrial(mio)
    const page = await stage.visit({ ...IN_LINE, expecting: /status of 409 .*checkout/ })
    // The old answer comes when a newer one is there.
    const late = Promise.withResolvers<void>()
    await promiseAnother(page, late.promise)
    await page.goto(await stage.rig.line.inClientUrl(mio.userId, `/join/${TRIAL}`))
    await free(page).waitFor()
    const outside = page.getByRole('button', { name: ja.checkout.openBrowser })
    await outside.click()
    await page.getByText(ja.join.changed).waitFor()
    await free(page).waitFor({ state: 'detached' })
    const told = page.waitForResponse('**/api/membership')
    late.resolve()
    await (await told).finished()
    await page.evaluate(() => new Promise((next) => setTimeout(next)))
    expect(await free(page).count()).toBe(0)
    await outside.waitFor()
  })

  test('and taps before the page knows is told why it goes no further', async () => {
    const page = await hasHadTrial(stage.person({ name: '秋吉 はやて' }))
    const { promise: late, resolve } = Promise.withResolvers<void>()
    await page.route('**/api/membership', (route) => late.then(() => route.continue()), {
      times: 1,
    })
    await page.goto(`/join/${TRIAL}`)
    await pay(page).click()
    await page.getByText(ja.join.changed).waitFor()
    await free(page).waitFor({ state: 'detached' })
    resolve()
    await goToJoin(page)
  })
})

test('a button in the chat leads straight to the cancellation, and afterwards the page says until when', async () => {
  const aki = stage.person({ name: '秋山 みのり' })
  const page = await stage.visit()
  await join(page, aki)
  await page.goto('/membership?do=cancel')
  await page.getByRole('button', { name: portal.cancelDo }).click()
  await page.waitForURL(/\/membership/)
  await page.getByText(ja.planState.leaving, { exact: true }).waitFor()
  await card(page).waitFor()

  // Now there is nothing left to cancel, and the same button says so.
  await page.goto('/membership?do=cancel')
  await page.getByText(ja.membership.notNow.cancel).waitFor()
})

test('the members’ pages can be read and used by everybody, by day, at night and on a narrow phone', async () => {
  const page = await stage.visit({ bypassCSP: true })
  await join(page, stage.person({ name: '木下 ながい名前のみどり' }))
  for (const address of ['/join', `/join/${YEARLY}`, '/membership', '/link']) {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(address)
    await page.locator('main :is(.card, .notice)').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await axeFindings(page, { only: 'color-contrast' })).toEqual([])
    await page.setViewportSize({ width: 320, height: 568 })
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)
  }
})
