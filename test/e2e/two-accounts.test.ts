import { afterAll, beforeAll, expect, test } from 'vitest'
import { mergesOf } from '../../server/integrations/tell-merge.ts'
import { giveRole } from '../../server/memberships/give-role.ts'
import { joinByCode } from '../../server/people/join-accounts.ts'
import { makeJoinLink } from '../../server/people/join-codes.ts'
import { makeLink } from '../../server/people/one-time-links.ts'
import { hashOfCode } from '../../shared/code.ts'
import type { Club } from '../support/club.ts'
import { comeFromDiscord } from '../support/on-discord.ts'
import { goToPay } from './support/buy.ts'
import { type ClubInLine, openClubInLine } from './support/club-in-line.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { IN_LINE } from './support/phones.ts'
import { ja } from './support/words.ts'

const INVITE = 'https://discord.gg/noren'
let stage: ClubInLine
let club: Club
beforeAll(async () => {
  stage = await openClubInLine({ discord: true, shop: { discord: { invite: INVITE } } })
  club = stage.club
})
afterAll(() => stage.close())

const words = ja.accounts
const books = () => mergesOf(club.desk.post)

test('linked from Discord inside LINE, seen on the membership page, and unlinked after a question', async () => {
  const sora = club.line.addUser({ name: 'そら', friend: true })
  await club.join(sora, club.links.member)
  const { account } = await comeFromDiscord(club, '空色')
  const token = (await makeJoinLink(books(), account)) ?? ''
  const page = await stage.phone(IN_LINE)
  await page.goto(await club.line.inClientUrl(sora.userId, `/accounts#${token}`))
  await page.getByRole('heading', { name: words.title('空色') }).waitFor()
  expect(page.url()).not.toContain(token)
  expect(await axeFindings(page)).toEqual([])
  expect(await sidewaysScroll(page)).toBe(0)
  await page.getByRole('button', { name: words.go }).click()
  await page.getByRole('heading', { name: words.doneTitle }).waitFor()
  await page.getByRole('link', { name: ja.join.toMembership }).click()
  const linked = page.getByRole('region', { name: words.section })
  await linked.getByText('空色').waitFor()
  expect(await axeFindings(page)).toEqual([])
  expect([await sidewaysScroll(page), await smallTargets(page)]).toEqual([0, []])
  await linked.getByRole('button', { name: words.leave }).click()
  await linked.getByRole('alertdialog').waitFor()
  // Who sees no page hears the question, and Enter alone parts nothing.
  const stay = linked.getByRole('button', { name: words.leaveNo })
  expect(await stay.evaluate((button) => button === document.activeElement)).toBe(true)
  expect(await axeFindings(page)).toEqual([])
  await linked.getByRole('button', { name: words.leaveYes }).click()
  await linked.getByText('空色').waitFor({ state: 'detached' })
  await linked.getByRole('button', { name: words.connect }).waitFor()
  await page.context().close()
})

test('a code is shown with what to type, and the page sees by itself that it was, and what they are by it', async () => {
  const nami = club.line.addUser({ name: 'なみ', friend: true })
  const page = await stage.phone(IN_LINE)
  await page.clock.install()
  await page.goto(await club.line.inClientUrl(nami.userId, '/membership'))
  const linked = page.getByRole('region', { name: words.section })
  await linked.getByRole('button', { name: words.connect }).click()
  const code = (await linked.locator('output').textContent()) ?? ''
  await linked.getByText(words.typed(code)).waitFor()
  expect(await axeFindings(page)).toEqual([])
  expect([await sidewaysScroll(page), await smallTargets(page)]).toEqual([0, []])
  const { account, person } = await comeFromDiscord(club, '波音')
  await giveRole(club.members, person, { role: 'member', until: null, note: null })
  await joinByCode(books(), hashOfCode(code) ?? '', account)
  await linked.getByText('波音').waitFor()
  await club.settle()
  await page.getByRole('region', { name: ja.membership.card }).waitFor()
  // One that nobody types goes when it is good no more, and another can be had.
  await linked.getByRole('button', { name: words.move }).click()
  await linked.locator('output').waitFor()
  // Its time begins a frame later: a jump before that would be over too soon.
  await page.clock.runFor(1_000)
  await page.clock.fastForward('15:01')
  await linked.getByRole('button', { name: words.move }).waitFor()
  await page.context().close()
})

test('from Discord to Stripe and back in a plain browser: no page sends anybody to LINE', async () => {
  const { account } = await comeFromDiscord(club, '潮')
  const token = await makeLink(books(), account)
  const page = await stage.phone()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const read: string[] = []
  const look = async () => read.push(await page.locator('main').innerText())
  await page.goto(`/link?to=${encodeURIComponent(`/checkout/${club.links.member}`)}#${token}`)
  await page.getByRole('heading', { name: ja.link.whose('潮') }).waitFor()
  await look()
  await page.getByRole('button', { name: ja.link.go('潮') }).click()
  await page.getByRole('button', { name: ja.join.pay }).waitFor()
  await page.getByText(ja.onDiscord.join.howWelcome).waitFor()
  await look()
  const leaving = page.waitForRequest((request) => request.url().startsWith(club.stripe.url))
  await page.getByRole('button', { name: ja.join.pay }).click()
  const session = club.stripe.visit((await leaving).url())
  // The way there must be at its end before the way back begins.
  await page.waitForURL(/\/pay\/session\//)
  await club.stripe.payByCard(session)
  await page.goto(`/return?session=${session}`)
  await page.getByText(ja.onDiscord.comeback.paidText).waitFor()
  await look()
  await club.settle()
  for (const path of ['/orders', `/orders/${session}`, '/membership', '/legal', '/join', '/']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('main .waiting').waitFor({ state: 'detached' })
    if (path === '/membership') await page.getByText(words.connectThere).waitFor()
    await look()
  }
  const onLine = read.flatMap((text) => text.split('\n')).filter((each) => /LINE|トーク/.test(each))
  // But the one sentence that offers it.
  expect(new Set(onLine)).toEqual(new Set([words.connectThere]))
  expect(asked.filter((url) => /__line|line\.me/.test(url))).toEqual([])
  await page.context().close()
})

test('an old link from Discord says how to get a new one there', async () => {
  const page = await stage.phone()
  await page.goto(`/link?to=%2Fjoin#${'x'.repeat(43)}`)
  await page.getByText(ja.onDiscord.link.newOne(words.command)).waitFor()
  const chat = page.getByRole('link', { name: ja.onDiscord.link.chat })
  expect(await chat.getAttribute('href')).toBe(INVITE)
  await page.goto('/link?to=https://evil.example/')
  expect(await page.locator('main').innerText()).not.toMatch(/LINE|トーク/)
  await page.context().close()
})

test('LINE in one tab and a link from Discord in the next share a cookie, and each shows its own alone', async () => {
  const umi = club.line.addUser({ name: 'うみ', friend: true })
  const inLine = await stage.phone(IN_LINE)
  await inLine.goto(await club.line.inClientUrl(umi.userId, '/membership'))
  const linked = (page: typeof inLine) => page.getByRole('region', { name: words.section })
  await linked(inLine).getByText('うみ').waitFor()

  const { account } = await comeFromDiscord(club, '沖')
  const link = `/link?to=%2Fmembership#${await makeLink(books(), account)}`
  const onDiscord = await inLine.context().newPage()
  await onDiscord.goto(link)
  await onDiscord.getByRole('button', { name: ja.link.go('沖') }).click()
  await linked(onDiscord).getByText('沖').waitFor()

  // What LINE's tab buys is bought in LINE, whoever was logged in last; then its cookie is LINE's again.
  const asked = inLine.waitForRequest((request) => request.url().startsWith(club.stripe.url))
  await inLine.getByRole('link', { name: ja.shell.shop }).first().click()
  await inLine.getByRole('link', { name: new RegExp(`^${ja.shop.buy}.*煎茶`) }).click()
  await goToPay(inLine)
  expect(new URL((await asked).url()).searchParams.get('client_reference_id')).toMatch(/^U/)
  await onDiscord.reload()
  await onDiscord.getByText(ja.onDiscord.link.newOne(words.command)).waitFor()
  expect(await onDiscord.locator('main').innerText()).not.toContain('うみ')
  await inLine.context().close()
})
