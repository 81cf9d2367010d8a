import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { chooseHere, goToPay, payByCard, SENCHA } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import { IN_LINE, IN_LINE_ON_IPHONE } from './support/phones.ts'
import { stock } from './support/shelf.ts'
import { openStage, type Stage } from './support/stage.ts'
import { storedTokens } from './support/tokens.ts'
import { en, ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

/** Nobody is sent to LINE's login from inside LINE. */
function watchForLogin(page: Page): string[] {
  const logins: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/liff/v1/authorize')) logins.push(request.url())
  })
  return logins
}

test('inside LINE the shop knows the buyer at once: no login page between the shelf and the receipt', async () => {
  const { rig } = stage
  const mai = stage.person({ name: '井上 舞' })
  const page = await stage.visit(IN_LINE)
  const logins = watchForLogin(page)
  const from = '/?source=instagram&utm_campaign=spring'
  await page.goto(await rig.line.inClientUrl(mai.userId, from))
  await vi.waitFor(() => expect(new URL(page.url()).hash).toBe(''))
  await chooseHere(page, SENCHA)
  await goToPay(page)
  await payByCard(page)
  await page.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await messagesFor(rig, mai.userId, 1)
  const sold = rig.stripe.sessions().find((each) => each.client_reference_id?.includes(mai.userId))
  expect(sold?.client_reference_id).toContain('_instagram_')
  expect(page.url()).toContain('utm_campaign=spring')
  expect(logins).toEqual([])
})

test.for(['/orders', '/legal', '/checkout/LINK', '/orders/SESSION', '/return?session=SESSION'])(
  'inside LINE a button in the chat opens %s itself, and the tokens leave the address bar',
  async (address) => {
    const { rig } = stage
    const saki = stage.person({ name: '清水 咲' })
    const link = await stock(rig, { items: [{ name: '玉露 50g', amount: 2_400 }] })
    const session = rig.stripe.visit(`${link.url}?client_reference_id=${saki.userId}`)
    await rig.stripe.payByCard(session)
    await messagesFor(rig, saki.userId, 1)
    const path = address.replace('LINK', link.id).replace('SESSION', session)

    const page = await stage.visit(IN_LINE)
    const logins = watchForLogin(page)
    await page.goto(await rig.line.inClientUrl(saki.userId, path))
    const headings: Record<string, string> = {
      '/orders': ja.orders.heading,
      '/legal': ja.legal.heading,
      '/checkout/LINK': ja.checkout.heading,
      '/orders/SESSION': ja.order.heading,
      '/return?session=SESSION': ja.comeback.headingPaid,
    }
    await page.getByRole('heading', { level: 1, name: headings[address]! }).waitFor()
    if (address !== '/legal') await page.getByText('玉露 50g').first().waitFor()
    await vi.waitFor(() => expect(page.url()).toBe(`${rig.origin}${path}`))
    expect(logins).toEqual([])
  },
)

test('“open in browser” hands Stripe’s page to the phone’s own browser, on Android and on the iPhone', async () => {
  const { rig } = stage
  const ren = stage.person({ name: '木村 蓮' })
  const android = await stage.visit(IN_LINE)
  await android.goto(await rig.line.inClientUrl(ren.userId, '/'))
  await chooseHere(android, SENCHA)
  await android.getByRole('button', { name: ja.checkout.openBrowser }).click()
  const asked = await android.evaluate(
    () => (window as never as { askedOfLine: string[] }).askedOfLine,
  )
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatch(/^openWindow .*client_reference_id=U.*"external":true/)

  const iphone = await stage.visit(IN_LINE_ON_IPHONE)
  await iphone.goto(await rig.line.inClientUrl(ren.userId, '/'))
  await chooseHere(iphone, SENCHA)
  const outside = iphone.context().waitForEvent('page')
  await iphone.getByRole('button', { name: ja.checkout.openBrowser }).click()
  await (await outside).waitForURL(/\/pay\/session\//)
})

test('inside an English LINE the shop speaks English', async () => {
  const { rig } = stage
  const liam = stage.person({ name: 'Liam Jones', language: 'en' })
  const page = await stage.visit({ ...IN_LINE, locale: 'en-US' })
  await page.goto(await rig.line.inClientUrl(liam.userId, '/orders'))
  await page.getByRole('heading', { level: 1, name: en.orders.heading }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
})

test('inside LINE, after hours in the background, the buyer is told to close and open again', async () => {
  const { rig } = stage
  const yuto = stage.person({ name: '林 悠人' })
  const page = await stage.visit({ ...IN_LINE, expecting: /status of 401/ })
  const logins = watchForLogin(page)
  await page.goto(await rig.line.inClientUrl(yuto.userId, '/orders'))
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()

  const stale = await rig.line.idToken(yuto.userId, { exp: Math.floor(Date.now() / 1000) - 60 })
  await storedTokens(page, rig.line.liffId).replace(stale)
  await page.context().clearCookies({ name: /noren|session/i })
  await page.reload()
  await page.getByRole('heading', { name: ja.problems.reopen.title }).waitFor()
  expect(logins).toEqual([])

  const closing = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { navigation } = window as never as { navigation: EventTarget }
        navigation.addEventListener('navigate', (event) => {
          resolve((event as never as { destination: { url: string } }).destination.url)
        })
      }),
  )
  await page.getByRole('button', { name: ja.login.close }).click()
  expect(await closing).toContain('liff://close')
})
