import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLink } from '../../server/people/one-time-links.ts'
import { DEMO_APP } from '../sandbox/rig.ts'
import type { LineUser } from '../sandbox/types.ts'
import { type Club, openClub } from '../support/club.ts'
import { closePhones, theBrowser } from './support/browser.ts'
import { axeFindings } from './support/looks.ts'
import { ja } from './support/words.ts'

/** No stand-in for LINE's login is reachable here: a page that went there would be lost. */
let club: Club
let browser: Browser
beforeAll(async () => {
  club = await openClub({ appDir: DEMO_APP })
  browser = await theBrowser()
})
afterAll(async () => {
  await closePhones(browser)
  await club.close()
})

/** A browser on a computer; `asked` is what went over the wire. */
async function sitDown(cookie?: string): Promise<{ page: Page; asked: string[] }> {
  const desk = await browser.newContext({
    locale: 'ja-JP',
    reducedMotion: 'reduce',
    bypassCSP: true,
  })
  desk.setDefaultTimeout(10_000)
  const [name = '', value = ''] = cookie?.split('=') ?? []
  if (name) await desk.addCookies([{ name, value, url: club.url }])
  const page = await desk.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  return { page, asked }
}

async function linkFor(user: LineUser): Promise<string> {
  await club.cookieOf(user)
  const token = await makeLink(club.house.desk.post, `line:${user.userId}`)
  return `${club.url}/link#${token}`
}

const goOn = (page: Page, { name }: LineUser) =>
  page.getByRole('button', { name: ja.link.go(name) })
const card = (page: Page) => page.getByRole('region', { name: ja.membership.card })
const refusal = (page: Page, problem: keyof typeof ja.memberProblems) =>
  page.getByRole('heading', { name: ja.memberProblems[problem].title }).waitFor()

test('a one-time link lets in whoever it was made for: by its button alone, without LINE, and only once', async () => {
  const umeko = club.line.addUser({ name: '梅田 うめこ' })
  await club.join(umeko, club.links.member)
  const link = await linkFor(umeko)
  const { page, asked } = await sitDown()
  await page.goto(link)
  await goOn(page, umeko).waitFor()
  expect(page.url()).toBe(`${club.url}/link`)
  expect(await axeFindings(page)).toEqual([])

  // Looking at it has not used it up; a link that is opened in the same tab once more is taken anew.
  await page.goto(link)
  await goOn(page, umeko).click()
  await card(page).getByText(ja.membership.name(umeko.name)).waitFor()
  await page.reload()
  await card(page).waitFor()
  const secret = link.split('#')[1] ?? ''
  expect(asked.filter((url) => url.includes(secret) || !url.startsWith(club.url))).toEqual([])
  expect(asked.filter((url) => /__line/.test(url))).toEqual([])

  const again = await sitDown()
  await again.page.goto(link)
  await refusal(again.page, 'linkSpent')
  await again.page.getByText(ja.link.newOne(ja.commands.member)).waitFor()
  await again.page.reload()
  await refusal(again.page, 'linkMissing')
  expect(await axeFindings(again.page)).toEqual([])
})

test('somebody else’s link yields nothing to who is logged in, and is not used up by it', async () => {
  const ume = club.line.addUser({ name: '梅田' })
  const stranger = club.line.addUser({ name: '他田' })
  const link = await linkFor(ume)
  const { page } = await sitDown(await club.cookieOf(stranger))
  await page.goto(link)
  await refusal(page, 'wrongAccount')
  const own = await sitDown()
  await own.page.goto(link)
  await goOn(own.page, ume).click()
  await own.page.getByRole('heading', { name: ja.membership.inviteTitle }).waitFor()
})

test('a link that lay about for too long, and one that was cut short, explain themselves', async () => {
  const haru = club.line.addUser({ name: '春' })
  const link = await linkFor(haru)
  const { page } = await sitDown()
  await page.goto(link.slice(0, -9))
  await refusal(page, 'linkUnknown')
  club.forward({ seconds: 16 * 60 })
  await page.goto(link)
  await refusal(page, 'linkExpired')
})

test('when the hour of such a visit is over, the page says so and stays where it is', async () => {
  const nagai = club.line.addUser({ name: '長井' })
  const { page, asked } = await sitDown()
  await page.goto(await linkFor(nagai))
  await goOn(page, nagai).click()
  await page.getByRole('heading', { name: ja.membership.inviteTitle }).waitFor()
  await page.context().clearCookies()
  await page.reload()
  await refusal(page, 'linkOver')
  expect(page.url()).toBe(`${club.url}/membership`)
  expect(asked.filter((url) => !url.startsWith(club.url))).toEqual([])
})
