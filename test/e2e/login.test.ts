import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { LineUser } from '../sandbox/types.ts'
import { logInAs } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import { stock } from './support/shelf.ts'
import { openStage, type Stage, type VisitOptions } from './support/stage.ts'
import { storedTokens } from './support/tokens.ts'
import { ja } from './support/words.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => {
  stage.rig.line.clearFaults()
  expect(await stage.putAway()).toEqual([])
})

/** How often a page left for LINE's login; the answer that is given there does not count. */
function countLogins(page: Page): () => number {
  let logins = 0
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    const answer = searchParams.has('person') || searchParams.has('refuse')
    if (pathname.endsWith('/liff/v1/authorize') && !answer) logins += 1
  })
  return () => logins
}

async function visitLoggedIn(
  name: string,
  options: VisitOptions = {},
): Promise<{ page: Page; person: LineUser }> {
  const person = stage.person({ name })
  const page = await stage.visit(options)
  await page.goto('/orders')
  await logInAs(page, name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
  return { page, person }
}

/** LINE's ID token lives an hour, the shop's own cookie longer; here both are over. */
async function growOld(page: Page, person: LineUser): Promise<void> {
  const { line } = stage.rig
  const stale = await line.idToken(person.userId, { exp: Math.floor(Date.now() / 1000) - 60 })
  await storedTokens(page, line.liffId).replace(stale)
  await forgetCookie(page)
}

/** The LIFF SDK keeps its own cookie, which says until when its access token is good. */
const forgetCookie = (page: Page) => page.context().clearCookies({ name: /^(?!LIFF_STORE)/ })

test.for(['/orders', '/orders/SESSION', '/return?session=SESSION', '/checkout/LINK'])(
  'outside LINE a link to %s still leads there after the login, and nothing of the login stays in the address',
  async (address) => {
    const { rig } = stage
    const nana = stage.person({ name: `山本 ${address}` })
    const link = await stock(rig, { items: [{ name: 'ほうじ茶 80g', amount: 900 }] })
    const session = rig.stripe.visit(`${link.url}?client_reference_id=${nana.userId}`)
    await rig.stripe.payByCard(session)
    await messagesFor(rig, nana.userId, 1)
    const path = address.replace('LINK', link.id).replace('SESSION', session)

    const page = await stage.visit()
    const logins = countLogins(page)
    await page.goto(path)
    await logInAs(page, nana.name)
    await page.getByText('ほうじ茶 80g').first().waitFor()
    await vi.waitFor(() => expect(page.url()).toBe(`${rig.origin}${path}`))
    expect(logins()).toBe(1)

    await page.reload()
    await page.getByText('ほうじ茶 80g').first().waitFor()
    expect(logins()).toBe(1)
  },
)

test('a login that has run out is renewed with one visit to LINE, and the page is the same as before', async () => {
  const { page, person } = await visitLoggedIn('斎藤 優', { expecting: /status of 401/ })
  await growOld(page, person)
  const logins = countLogins(page)
  stage.rig.line.holder = person.userId
  await page.goto('/orders')
  await page.waitForURL('**/orders')
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
  stage.rig.line.holder = null
  expect(logins()).toBe(1)
})

test('whoever has the shop’s cookie needs no new login when only LINE’s token has run out', async () => {
  const { page, person } = await visitLoggedIn('阿部 花')
  const { line } = stage.rig
  const stale = await line.idToken(person.userId, { exp: Math.floor(Date.now() / 1000) - 60 })
  await storedTokens(page, line.liffId).replace(stale)
  const logins = countLogins(page)
  await page.reload()
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
  expect(logins()).toBe(0)
})

test('whoever refuses the login reads why it is needed, and may change their mind', async () => {
  const undecided = stage.person({ name: '橋本 迷' })
  const page = await stage.visit()
  const logins = countLogins(page)
  await page.goto('/orders')
  await page.getByRole('link', { name: /許可しない/ }).click()
  await page.getByRole('heading', { name: ja.problems.loginRefused.title }).waitFor()
  expect(logins()).toBe(1)
  expect(new URL(page.url()).search).toBe('')

  await page.getByRole('button', { name: ja.login.login, exact: true }).click()
  await logInAs(page, undecided.name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
})

test('a login that LINE cannot complete is explained, not repeated by itself', async () => {
  const { rig } = stage
  const person = stage.person({ name: '石川 結衣' })
  const page = await stage.visit({ expecting: /status of 400/ })
  const logins = countLogins(page)
  rig.line.addFault({ on: /oauth2\/v2.1\/token/, times: 1, status: 400, body: { error: 'x' } })
  await page.goto('/orders')
  await logInAs(page, person.name)
  await page.getByRole('heading', { name: ja.problems.loginFailed.title }).waitFor()
  expect(logins()).toBe(1)
  expect(new URL(page.url()).search).toBe('')

  await page.getByRole('button', { name: ja.login.retry }).click()
  await logInAs(page, person.name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
})

test('a shop that refuses every login tells so after one round, instead of sending the buyer in circles', async () => {
  const { rig } = stage
  const person = stage.person({ name: '前田 陸' })
  const page = await stage.visit({ expecting: /status of 401/ })
  const logins = countLogins(page)
  await page.route('**/api/session', (route) =>
    route.fulfill({
      status: 401,
      json: { error: { code: 'id_token_invalid', message: 'This LINE login is not valid.' } },
    }),
  )
  rig.line.holder = person.userId
  await page.goto('/orders')
  await page.getByRole('heading', { name: ja.problems.loginFailed.title }).waitFor()
  rig.line.holder = null
  const rounds = logins()
  expect(rounds).toBeLessThanOrEqual(2)
  await page.getByRole('link', { name: ja.login.help }).waitFor()

  await page.unroute('**/api/session')
  await page.getByRole('button', { name: ja.login.retry }).click()
  await logInAs(page, person.name)
  await page.getByRole('heading', { name: ja.orders.emptyTitle }).waitFor()
})

test('the shelf and the legal notice ask nobody to log in', async () => {
  const page = await stage.visit()
  const logins = countLogins(page)
  await page.goto('/legal')
  await page.getByRole('heading', { level: 1, name: ja.legal.heading }).waitFor()
  await page.goto('/')
  await page.getByRole('heading', { level: 1, name: ja.shop.heading }).waitFor()
  await page.waitForLoadState('networkidle')
  expect(logins()).toBe(0)
})
