import type { Page } from 'playwright-core'
import type { Addresses } from './lay-out.ts'
import { rewriteShelf } from './shelf.ts'
import type { Texts } from './words.ts'

export type Who = 'nobody' | 'friend' | 'stranger' | 'newcomer'
export type Scene = {
  name: string
  who: Who
  /** Stripe's own page, not the shop's */
  atStripe?: true
  open(page: Page, texts: Texts, at: Addresses): Promise<void>
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name }).first().waitFor()

/** Every page that a buyer can meet, in each of its states; `open` waits until it is all there. */
export const SCENES: Scene[] = [
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
    async open(page, { checkout }, at) {
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
    async open(page, { comeback }, at) {
      await page.goto(`/return?session=${at.paid}`)
      await page.getByText(comeback.paidText).waitFor()
    },
  },
  {
    name: 'the return with a konbini slip',
    who: 'friend',
    async open(page, { comeback, konbini }, at) {
      await page.goto(`/return?session=${at.awaiting}`)
      await heading(page, comeback.headingAwaiting)
      await heading(page, konbini.heading)
    },
  },
  {
    name: 'the return of somebody who is not a friend',
    who: 'stranger',
    async open(page, { friend }, at) {
      await page.goto(`/return?session=${at.dropped}`)
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
    async open(page, { statusText }, at) {
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
    async open(page, { problems }, at) {
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
    name: 'LINE out of reach',
    who: 'nobody',
    async open(page, { problems }) {
      await page.route('**/__line/**', (route) => route.abort())
      await page.goto('/orders')
      await heading(page, problems.lineUnreachable.title)
    },
  },
  {
    name: 'Stripe’s payment page',
    who: 'nobody',
    atStripe: true,
    async open(page, { stripe }, at) {
      await page.goto(at.payPage)
      await page.getByText(stripe.contact).waitFor()
    },
  },
  {
    name: 'Stripe’s konbini voucher',
    who: 'nobody',
    atStripe: true,
    async open(page, { stripe }, at) {
      await page.goto(at.voucher)
      await heading(page, stripe.voucherTitle)
    },
  },
]
