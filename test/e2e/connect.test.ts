import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Club } from '../support/club.ts'
import { invitesIn, tokenOf, usePaperMail } from '../support/paper-mail.ts'
import { type ClubInLine, openClubInLine } from './support/club-in-line.ts'
import { axeFindings, sidewaysScroll } from './support/looks.ts'
import { IN_LINE } from './support/phones.ts'
import { ja } from './support/words.ts'

let stage: ClubInLine
let club: Club

beforeAll(async () => {
  stage = await openClubInLine()
  club = stage.club
  usePaperMail(club)
})
afterAll(() => stage.close())
const phone = (options: Parameters<ClubInLine['phone']>[0]) => stage.phone(options)

/** Pays from a poster and waits for the mail; the link's secret. */
async function mailed(): Promise<string> {
  const session = club.stripe.visit(club.stripe.link(club.links.member)?.url ?? '')
  await club.stripe.payByCard(session, { email: 'yuki@example.com', name: '雪野 ゆき' })
  await club.settleFor(301)
  const invite = (await invitesIn(club)).at(-1)
  return invite ? tokenOf(invite) : ''
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
  await page.goto(`${stage.origin}/?liff.state=${encodeURIComponent(`/connect#${token}`)}`)
  await button(page).click()
  await page.getByRole('heading', { name: ja.connect.doneTitle }).waitFor()
  await page.goto(`${stage.origin}/connect`)
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
