import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { logInAs } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { rewriteShelf, stock } from './support/shelf.ts'
import { openStage, PHONE, type Stage } from './support/stage.ts'
import { en, ja, type Texts } from './support/words.ts'

/** Every page that a buyer can meet, by the state it is in; each is looked at by day, at night and on a narrow phone. */
type Addresses = {
  paid: string
  awaiting: string
  plink: string
  payPage: string
  voucher: string
}

let stage: Stage
let at: Addresses
let logIns: { friend: object; stranger: object; newcomer: object }
beforeAll(async () => {
  stage = await openStage()
  at = await layOut()
})
afterAll(() => stage.close())
afterEach(() => expect(stage.complaints.splice(0)).toEqual([]))

/** One order of each kind for a friend and a stranger, and the log-ins of three people. */
async function layOut(): Promise<Addresses> {
  const { rig } = stage
  const friend = stage.person({ name: '中村 友' })
  const stranger = stage.person({ name: '池田 知らず', friend: false })
  const newcomer = stage.person({ name: '新井 初' })
  const link = await stock(rig, {
    items: [
      { name: '贈答用 玉露と和菓子の詰め合わせ「千歳の友」木箱入り 特別包装', amount: 12_800 },
      { name: '抹茶ようかん', amount: 990, quantity: 2 },
    ],
    paymentMethods: ['card', 'konbini'],
    shipping: { name: '全国一律送料', amount: 600 },
  })
  const order = (userId: string) => rig.stripe.visit(`${link.url}?client_reference_id=${userId}`)
  const paid = order(friend.userId)
  await rig.stripe.payByCard(paid)
  const awaiting = order(friend.userId)
  await rig.stripe.payByKonbini(awaiting)
  const dropped = order(stranger.userId)
  await rig.stripe.payByCard(dropped)
  await messagesFor(rig, friend.userId, 2)
  await messagesFor(rig, rig.staff.id, 2)
  logIns = {
    friend: await logInOnce(friend.name),
    stranger: await logInOnce(stranger.name),
    newcomer: await logInOnce(newcomer.name),
  }
  strangers = dropped
  const intent = rig.stripe.session(awaiting).payment_intent
  return {
    paid,
    awaiting,
    plink: link.id,
    payPage: `${rig.stripe.url}/pay/session/${order(friend.userId)}`,
    voucher: `${rig.stripe.url}/voucher/${intent}`,
  }
}
let strangers = ''

async function logInOnce(name: string): Promise<object> {
  const page = await stage.visit()
  await page.goto('/orders')
  const greeted = page.waitForResponse(
    (answer) => answer.url().endsWith('/api/orders') && answer.ok(),
  )
  await logInAs(page, name)
  await greeted
  const state = await page.context().storageState()
  await page.context().close()
  return state
}

type Who = 'nobody' | 'friend' | 'stranger' | 'newcomer'
type Scene = { name: string; who: Who; open(page: Page, texts: Texts): Promise<void> }

const heading = (page: Page, name: string) => page.getByRole('heading', { name }).first().waitFor()

const SCENES: Scene[] = [
  {
    name: 'the shop',
    who: 'nobody',
    async open(page, { shop }) {
      await page.goto('/')
      await heading(page, shop.heading)
    },
  },
  {
    name: 'the empty shop',
    who: 'nobody',
    async open(page, { shop }) {
      await rewriteShelf(page, () => [])
      await page.goto('/')
      await heading(page, shop.emptyTitle)
    },
  },
  {
    name: 'a shelf with things sold out',
    who: 'nobody',
    async open(page, { shop }) {
      await rewriteShelf(page, ([first, ...others]) => [{ ...first!, soldOut: true }, ...others])
      await page.goto('/')
      await page.getByText(shop.soldOut).waitFor()
    },
  },
  {
    name: 'the hand-over',
    who: 'friend',
    async open(page, { checkout }) {
      await page.goto(`/checkout/${at.plink}`)
      await heading(page, checkout.termsHeading)
      await page.getByRole('link', { name: checkout.openBrowser }).waitFor()
    },
  },
  {
    name: 'an unknown offer',
    who: 'nobody',
    async open(page, { checkout }) {
      await page.goto('/checkout/plink_nobody')
      await heading(page, checkout.unknownTitle)
    },
  },
  {
    name: 'the return after payment',
    who: 'friend',
    async open(page, { comeback }) {
      await page.goto(`/return?session=${at.paid}`)
      await page.getByText(comeback.paidText).waitFor()
    },
  },
  {
    name: 'the return with a konbini slip',
    who: 'friend',
    async open(page, { comeback, konbini }) {
      await page.goto(`/return?session=${at.awaiting}`)
      await heading(page, comeback.headingAwaiting)
      await heading(page, konbini.heading)
    },
  },
  {
    name: 'the return of somebody who is not a friend',
    who: 'stranger',
    async open(page, { friend }) {
      await page.goto(`/return?session=${strangers}`)
      await heading(page, friend.title)
    },
  },
  {
    name: 'my orders, none yet',
    who: 'newcomer',
    async open(page, { orders }) {
      await page.goto('/orders')
      await heading(page, orders.emptyTitle)
    },
  },
  {
    name: 'my orders',
    who: 'friend',
    async open(page, { status }) {
      await page.goto('/orders')
      await page.getByText(status.awaiting_payment, { exact: true }).waitFor()
    },
  },
  {
    name: 'an order',
    who: 'friend',
    async open(page, { statusText }) {
      await page.goto(`/orders/${at.paid}`)
      await page.getByText(statusText.paid).waitFor()
    },
  },
  {
    name: 'the legal notice',
    who: 'nobody',
    async open(page, { legal }) {
      await page.goto('/legal')
      await heading(page, legal.heading)
    },
  },
  {
    name: 'an address that nobody knows',
    who: 'nobody',
    async open(page, { notFound }) {
      await page.goto('/nowhere')
      await heading(page, notFound.heading)
    },
  },
  {
    name: 'somebody else’s order',
    who: 'newcomer',
    async open(page, { problems }) {
      await page.goto(`/orders/${at.paid}`)
      await heading(page, problems.orderNotFound.title)
    },
  },
  {
    name: 'a refused login',
    who: 'nobody',
    async open(page, { problems }) {
      await page.goto('/orders')
      await page.getByRole('link', { name: /許可しない/ }).click()
      await heading(page, problems.loginRefused.title)
    },
  },
  {
    name: 'Stripe’s payment page',
    who: 'nobody',
    async open(page, { stripe }) {
      await page.goto(at.payPage)
      await page.getByText(stripe.contact).waitFor()
    },
  },
  {
    name: 'Stripe’s konbini voucher',
    who: 'nobody',
    async open(page, { stripe }) {
      await page.goto(at.voucher)
      await heading(page, stripe.voucherTitle)
    },
  },
]

/** Refusals that some of these pages are about. */
const PART_OF_IT = /status of 40[149]/

async function visitAs(who: Who, options: { night?: boolean; english?: boolean; width?: number }) {
  const { night = false, english = false, width = PHONE.width } = options
  return stage.visit({
    bypassCSP: true,
    expecting: PART_OF_IT,
    colorScheme: night ? 'dark' : 'light',
    locale: english ? 'en-US' : 'ja-JP',
    viewport: { width, height: PHONE.height },
    ...(who === 'nobody' ? {} : { storageState: logIns[who] as never }),
  })
}

test.for(SCENES)(
  '$name can be read and used by everybody, by day, at night and on a narrow phone',
  async (scene) => {
    const page = await visitAs(scene.who, {})
    await scene.open(page, ja)
    expect(await axeFindings(page)).toEqual([])
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)

    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await axeFindings(page)).toEqual([])

    await page.setViewportSize({ width: 320, height: 568 })
    expect(await smallTargets(page)).toEqual([])
    expect(await sidewaysScroll(page)).toBe(0)
    await page.context().close()
  },
)

test('in English, with its longer words, every page still fits a narrow phone', async () => {
  for (const who of ['nobody', 'friend', 'stranger', 'newcomer'] as const) {
    for (const scene of SCENES.filter((one) => one.who === who)) {
      const page = await visitAs(who, { english: true, width: 320 })
      await scene.open(page, en)
      expect([scene.name, await sidewaysScroll(page)]).toEqual([scene.name, 0])
      expect([scene.name, await smallTargets(page)]).toEqual([scene.name, []])
      await page.context().close()
    }
  }
})

test('what is wrong with a page is found: no name, no contrast, too small, too wide', async () => {
  const page = await visitAs('nobody', {})
  await page.setContent(
    '<html lang="ja"><title>x</title><main><h1>x</h1><button style="width:20px;height:20px"></button>' +
      '<p style="color:#ccc;background:#fff;width:900px">Hard to read</p></main>',
  )
  const findings = (await axeFindings(page)).map((finding) => finding.split(':')[0])
  expect(findings).toEqual(expect.arrayContaining(['button-name', 'color-contrast']))
  expect(await smallTargets(page)).toHaveLength(1)
  expect(await sidewaysScroll(page)).toBeGreaterThan(500)
})

test('the shop does not jump while it loads', async () => {
  const page = await visitAs('nobody', {})
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as never as { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto('/')
  await page.getByRole('listitem').last().scrollIntoViewIfNeeded()
  await page.waitForLoadState('networkidle')
  const shifts = await page.evaluate(() => (window as never as { shifts: number[] }).shifts)
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThanOrEqual(0.02)
})
