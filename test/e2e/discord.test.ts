import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { discordWordsIn } from '../../shared/i18n/discord/discord-words-in.ts'
import { en as memberEn } from '../../shared/i18n/messages/members/en.ts'
import { ja as member } from '../../shared/i18n/messages/members/ja.ts'
import { ja as demo } from '../sandbox/demo-page/browser/words-ja.ts'
import { DEMO_APP } from '../sandbox/rig.ts'
import { PORTAL_JA as portal } from '../sandbox/stripe/portal-words-ja.ts'
import type { DiscordUser } from '../sandbox/types.ts'
import { openClub } from '../support/club.ts'
import { goToJoin, subscribe } from './support/buy.ts'
import { demoWith } from './support/demo.ts'
import { ask, dmSaying, linkIn, pressed, soon, wordsOf } from './support/discord.ts'
import { openStage, type Stage } from './support/stage.ts'
import { en, ja } from './support/words.ts'

/** The numbers are those of the two flows in the article that this follows: not a member yet, and a member. */
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

/** All of their roles, those of others too, are these: now or in a moment. */
const hasRoles = (user: DiscordUser, ...roles: string[]) =>
  soon(() => {
    const now = stage.rig.discord.rolesOf(user).toSorted()
    return now.join() === roles.toSorted().join() || null
  })
const refusal = (page: Page, problem: keyof typeof ja.memberProblems) =>
  page.getByRole('heading', { name: ja.memberProblems[problem].title }).waitFor()
/** Discord is asked for a name after the answer, so that a quick reader is not called by it yet. */
const goOn = (page: Page | FrameLocator, name: string, { link } = ja) =>
  page
    .getByRole('button', { name: link.go(name) })
    .or(page.getByRole('button', { name: link.goUnnamed, exact: true }))
    .click()

test('not a member 1–5, in the demo: /join, a link for one alone, the page before payment, Stripe; and the role opens a room', async () => {
  const { discord } = stage.rig
  const page = await stage.visit({ viewport: { width: 1440, height: 900 } })
  await page.goto('/__demo/#discord')
  const { userId } = await demoWith(stage, page, '桜井 咲')
  const saki = stage.rig.onDiscord.get(userId)!
  const w = demo.discord
  const there = page.getByRole('region', { name: w.window, exact: true })
  discord.giveRole(saki, discord.roles.tea)

  // 1: a command, found by its name in their own language; 2: an answer that they alone see
  await there.getByRole('combobox').fill('/入')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await there.getByText(w.onlyYou).waitFor()
  await there.getByRole('link').first().waitFor()
  const answer = discord.seen(saki).at(-1)!
  expect(answer.onlyFor).toBe(saki.id)
  expect(discord.users().filter((user) => discord.seen(user).length > 0)).toEqual([saki])
  expect(linkIn(answer)).toMatch(/\/link\?to=%2Fjoin&source=discord#[\w-]{43}$/)
  await there.getByRole('link').first().click()

  // 3: the plans, and of the chosen one what it costs, how it ends and who sells it
  const browser = page.frameLocator('.dc-browser iframe')
  await goOn(browser, saki.name)
  await browser.getByRole('link', { name: /のれんの会 月払い/ }).click()
  await browser.getByText(/お茶がいつでも1割引/).waitFor()
  await browser
    .getByText(/14日間/)
    .first()
    .waitFor()
  await browser.getByText(ja.checkout.cancellation).waitFor()
  await browser.getByRole('link', { name: ja.checkout.legalLink }).waitFor()
  await browser.getByRole('button', { name: ja.join.pay }).click()

  // 4: Stripe; 5: its webhook gives the role, and says so
  await browser.getByRole('button', { name: ja.stripe.subscribe, exact: true }).click()
  await browser.getByRole('heading', { name: ja.membership.welcomeTitle('のれんの会') }).waitFor()
  const newest = there.getByRole('button', { name: w.newDm('のれん茶房') })
  await newest.click()
  await there.getByRole('log').getByText(member.welcome.title).waitFor()
  await there.getByRole('button', { name: 'のれん茶房', exact: true }).first().click()
  await there.getByRole('button', { name: w.channels.members }).click()
  await there.getByText(w.posts.members[1]!.text).waitFor()
  await hasRoles(saki, discord.roles.tea, discord.roles.member)
  await dmSaying(discord, saki, member.welcome.title)
  // The phone beside it has cookies of its own: nobody is logged in there.
  const cookies = await page.context().cookies()
  expect(cookies.map(({ name }) => name)).toContain('other-browser.noren_session')
  expect(cookies.map(({ name }) => name)).not.toContain('noren_session')
})

test('not a member 3–4, in English: who breaks off or is declined has paid nothing, hears nothing, and goes on where they were', async () => {
  const { discord } = stage.rig
  const ann = discord.addUser({ name: 'Ann', locale: 'en-US' })
  const page = await stage.visit({ locale: 'en-GB', expecting: /status of 402/ })
  await page.goto(linkIn(await ask(discord, ann, 'join')))
  await goOn(page, 'Ann', en)
  await page.getByRole('link', { name: /patron/i }).click()
  await page.getByText(en.onDiscord.join.howWelcome).waitFor()
  await page.getByRole('link', { name: en.checkout.legalLink }).waitFor()
  await goToJoin(page, en)
  await page
    .getByRole('link', { name: en.stripe.back('Noren') })
    .or(page.locator('.goback'))
    .click()
  await page.getByRole('link', { name: /patron/i }).click()
  await goToJoin(page, en)
  await page.getByLabel(en.stripe.cardNumber).fill('4000 0000 0000 0002')
  await page.getByRole('button', { name: en.stripe.subscribe, exact: true }).click()
  await page.getByText(en.stripe.errors.card_declined).waitFor()
  expect([discord.rolesOf(ann), discord.dms(ann)]).toEqual([[], []])

  await page.getByLabel(en.stripe.cardNumber).fill('4242 4242 4242 4242')
  await subscribe(page, en)
  await page.getByRole('heading', { name: en.membership.welcomeTitle('Patron') }).waitFor()
  await dmSaying(discord, ann, memberEn.welcome.title)
  await hasRoles(ann, discord.roles.premium)
})

test('a member 1–4: /membership leads to the plan and the portal; who cancels stays until the period ends, then the role goes', async () => {
  const { discord, stripe } = stage.rig
  const yuri = discord.addUser({ name: '百合' })
  discord.giveRole(yuri, discord.roles.moderator)
  const page = await stage.visit()
  await page.goto(linkIn(await ask(discord, yuri, 'join')))
  await goOn(page, '百合')
  await page.getByRole('link', { name: /特別会員/ }).click()
  await goToJoin(page)
  await subscribe(page)
  await dmSaying(discord, yuri, member.welcome.title)
  await hasRoles(yuri, discord.roles.moderator, discord.roles.premium)
  await page.context().close()

  // 1–2: where they stand, and a link into their own page
  const answer = await ask(discord, yuri, 'membership')
  expect(wordsOf(answer)).toContain('特別会員')
  const desk = await stage.visit()
  await desk.goto(linkIn(answer))
  await goOn(desk, '百合')
  // 3: the plan, and Stripe's portal
  await desk.getByRole('region', { name: ja.membership.card }).getByText('特別会員').waitFor()
  await desk.getByRole('button', { name: ja.membership.task.cancel }).click()
  await desk.getByRole('button', { name: portal.cancelDo }).click()
  await desk.getByText(ja.planState.leaving, { exact: true }).waitFor()
  // 4: told at once, and a member until the period ends
  await dmSaying(discord, yuri, member.leaving.title)
  await hasRoles(yuri, discord.roles.moderator, discord.roles.premium)

  const paid = stripe.sessions().find((one) => one.client_reference_id?.startsWith(`D${yuri.id}`))
  await stripe.advance(String(paid?.customer), { months: 1 })
  await dmSaying(discord, yuri, member.ended.title)
  await hasRoles(yuri, discord.roles.moderator)
})

test('a member in LINE types the code of their page on Discord, and has the role there as well', async () => {
  const { discord, line } = stage.rig
  const mio = stage.person({ name: '澪' })
  line.holder = mio.userId
  const user = discord.addUser({ name: 'mio' })
  const page = await stage.visit()
  await page.goto('/join')
  await page.getByRole('link', { name: /のれんの会 月払い/ }).click()
  await goToJoin(page)
  await subscribe(page)
  await page.getByRole('link', { name: ja.join.toMembership }).click()
  const linked = page.getByRole('region', { name: ja.accounts.section })
  await linked.getByRole('button', { name: ja.accounts.connect }).click()
  const code = (await linked.locator('output').textContent()) ?? ''

  const question = await ask(discord, user, 'membership', { code })
  const { askJoin, joined } = discordWordsIn('ja').discord
  expect(wordsOf(question)).toContain('澪')
  const done = await pressed(discord, user, question, askJoin.yes)
  await soon(() => wordsOf(discord.message(done.id)!).includes(joined.title) || null)
  await hasRoles(user, discord.roles.member)
  await linked.getByText('mio').waitFor()
  line.holder = null
})

test('a link says whose it is before it lets anybody in, and is good once and for 15 minutes', async () => {
  const club = await openClub({ discord: true, appDir: DEMO_APP })
  const { discord } = club
  const linkFor = async (user: DiscordUser) => {
    await discord.type(user, 'membership')
    await club.settle()
    return linkIn(discord.seen(user).at(-1)!).replace(club.config.publicUrl, club.url)
  }
  const [hana, ren] = [discord.addUser({ name: '華' }), discord.addUser({ name: '蓮' })]
  const page = await stage.visit({ baseURL: club.url, expecting: /status of 4\d\d/ })
  const link = await linkFor(hana)
  await page.goto(link)
  await goOn(page, '華')
  await page.getByRole('heading', { name: ja.join.heading }).waitFor()
  await page.goto(link)
  await refusal(page, 'linkSpent')
  await page.getByText(ja.onDiscord.link.newOne(ja.accounts.command)).waitFor()
  // Somebody else's says whose it is, and to look at it makes nobody somebody else.
  const his = await linkFor(ren)
  await page.goto(his)
  await page.getByRole('heading', { name: ja.link.whose('蓮') }).waitFor()
  await page.goto(`${club.url}/membership`)
  const card = page.getByRole('heading', { name: ja.membership.inviteTitle })
  await card.waitFor()
  const me = await page.evaluate(() => fetch('/api/me').then((answer) => answer.json()))
  expect(me.person.name).toBe('華')
  club.forward({ seconds: 16 * 60 })
  await page.context().clearCookies()
  await page.goto(his)
  await refusal(page, 'linkExpired')
  await page.context().close()
  await club.close()
})
