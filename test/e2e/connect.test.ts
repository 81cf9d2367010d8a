import { type AddressInfo, createServer } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frontProxy } from '../sandbox/front-proxy.ts'
import { DEMO_APP } from '../sandbox/rig.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Club, openClub } from '../support/club.ts'
import { invitesIn, tokenOf, usePaperMail } from '../support/paper-mail.ts'
import { axeFindings, sidewaysScroll } from './support/looks.ts'
import { IN_LINE } from './support/phones.ts'
import { PHONE, type VisitOptions } from './support/stage.ts'
import { ja } from './support/words.ts'

let club: Club
let browser: Browser
let front: FastifyInstance
let origin: string

beforeAll(async () => {
  club = await openClub({ appDir: DEMO_APP })
  usePaperMail(club)
  const port = await freePort()
  origin = `http://localhost:${port}`
  front = fastify({ forceCloseConnections: true })
  await front.register(frontProxy, { line: club.line, origin, norenUrl: club.url, stripeUrl: null })
  await front.listen({ port, host: '127.0.0.1' })
  club.line.endpointUrl = `${origin}/`
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await front.close()
  await club.close()
})

/** The front has to know its own address before it listens. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening))
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}

/** Pays from a poster and waits for the mail; the link's secret. */
async function mailed(): Promise<string> {
  const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'yuki@example.com', name: '雪野 ゆき' })
  await club.settleFor(301)
  const invite = (await invitesIn(club)).at(-1)
  return invite ? tokenOf(invite) : ''
}

async function phone({ prepare, ...options }: VisitOptions & BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    ...{ baseURL: origin, viewport: PHONE, locale: 'ja-JP' },
    ...{ reducedMotion: 'reduce', bypassCSP: true },
    ...options,
  })
  context.setDefaultTimeout(15_000)
  await prepare?.(context)
  return context.newPage()
}
const button = (page: Page) => page.getByRole('button', { name: ja.connect.go })

test('a mail’s link opens in LINE, shows what was paid, and by one button it belongs to who is there', async () => {
  const yuki = club.line.addUser({ name: 'ゆき', friend: true })
  const token = await mailed()
  const page = await phone(IN_LINE)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(await club.line.inClientUrl(yuki.userId, `/connect#${token}`))
  await page.getByRole('heading', { name: ja.connect.title('ゆき') }).waitFor()
  for (const words of ['y•••@example.com', '雪野 ゆき', 'のれん会員'])
    await page.getByText(words, { exact: true }).waitFor()
  expect(page.url()).not.toContain(token)
  expect(await axeFindings(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
  expect(await club.role(yuki)).toBe('guest')
  await button(page).click()
  await page.getByRole('heading', { name: ja.connect.doneTitle }).waitFor()
  await club.settle()
  expect(await club.role(yuki)).toBe('member')
  await page.getByRole('link', { name: ja.join.toMembership }).click()
  await page.getByText(ja.membership.name('ゆき')).waitFor()
  // LIFF itself hands it on once, in the first address; after that it is said in bodies alone.
  expect(asked.slice(1).filter((url) => url.includes(token))).toEqual([])
})

test('outside LINE the login comes first, and the link is still known after it', async () => {
  const aki = club.line.addUser({ name: '秋', friend: true })
  const token = await mailed()
  club.line.holder = aki.userId
  const page = await phone({})
  await page.goto(`${origin}/?liff.state=${encodeURIComponent(`/connect#${token}`)}`)
  await button(page).click()
  await page.getByRole('heading', { name: ja.connect.doneTitle }).waitFor()
  await page.goto(`${origin}/connect`)
  await page.getByRole('heading', { name: ja.memberProblems.mailMissing.title }).waitFor()
})

test('a link that lay about for too long brings a new mail to the same mailbox', async () => {
  const token = await mailed()
  club.forward({ hours: 24 * 15 })
  const page = await phone(IN_LINE)
  const user = club.line.addUser({ name: '遅', friend: true })
  await page.goto(await club.line.inClientUrl(user.userId, `/connect#${token}`))
  await page.getByRole('heading', { name: ja.memberProblems.mailExpired.title }).waitFor()
  const before = (await invitesIn(club)).length
  await page.getByRole('button', { name: ja.connect.renew }).click()
  await page.getByText(ja.connect.renewed('y•••@example.com')).waitFor()
  await club.settleFor(5)
  expect((await invitesIn(club)).length).toBe(before + 1)
})
