import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { renderMail } from '../../server/mail/render.ts'
import { en as demoEn } from '../sandbox/demo-page/browser/words-en.ts'
import { ja as demo } from '../sandbox/demo-page/browser/words-ja.ts'
import { sampleMails } from '../support/sample-mails.ts'
import { MATCHA, SENCHA } from './support/buy.ts'
import { heard, messagesFor } from './support/chat.ts'
import {
  buyInPhone,
  choice,
  demoWith,
  handPhoneTo,
  inPhone,
  openScene,
  openShopFromChat,
  tapNewMessage,
} from './support/demo.ts'
import { ask } from './support/discord.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { botOf, makeMenu } from './support/menu.ts'
import { openStage, type Stage } from './support/stage.ts'
import { en, ja } from './support/words.ts'

const DESKTOP = { width: 1280, height: 800 }

let stage: Stage
let page: Page
let phone: FrameLocator
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => {
  expect(await stage.putAway()).toEqual([])
})
beforeEach(async () => {
  stage.rig.line.holder = stage.rig.people[0]!.userId
  page = await stage.visit({ viewport: DESKTOP })
  phone = inPhone(page)
  await page.goto('/__demo/')
  await page.getByRole('heading', { name: 'Noren' }).waitFor()
})

const [hanako, ichiro, emma] = [0, 1, 2] as const
const who = (index: number) => stage.rig.people[index]!

test('buying in the phone: the receipt appears in its chat, and beside it what happened behind', async () => {
  const timeline = page.getByRole('region', { name: demo.timeline.heading })
  await openScene(page, demo.guide.scenes.card.name)
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, MATCHA)
  await phone.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()

  await messagesFor(stage.rig, who(hanako).userId, 1)
  const chat = page.getByRole('log', { name: 'のれん茶房' })
  await chat.getByText(ja.messages.paid.title).waitFor()
  for (const item of MATCHA.items) await chat.getByText(item).waitFor()
  await chat.getByText(MATCHA.total).first().waitFor()

  await timeline.getByText('checkout.session.completed').first().waitFor()
  await timeline.getByText('POST /v2/bot/message/push').first().waitFor()
  const orders = page.getByRole('region', { name: new RegExp(`^${demo.tables.orders}`) })
  await orders.getByText(demo.orderStatus.paid).waitFor()
  const deliveries = page.getByRole('region', { name: new RegExp(`^${demo.tables.deliveries}`) })
  await deliveries.getByText(demo.deliveryKind.paid).waitFor()
  await deliveries.getByText(demo.deliveryKind.staff_paid).waitFor()

  await handPhoneTo(page, demo.staff)
  await chat.getByText(/ご注文が入りました/).waitFor()
})

test('konbini: the guide pays at the till or lets the deadline pass, and the chat tells each', async () => {
  const { rig } = stage
  const before = heard(rig, who(hanako).userId).length
  await openScene(page, demo.guide.scenes.konbini.name)
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA, { konbini: true })
  await messagesFor(rig, who(hanako).userId, before + 1)
  await choice(page, demo.guide.settle).click()
  const paid = await messagesFor(rig, who(hanako).userId, before + 2)
  expect(paid.at(-1)).toContain(ja.messages.paid.title)

  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA, { konbini: true })
  await messagesFor(rig, who(hanako).userId, before + 3)
  await choice(page, demo.guide.lapse).click()
  const lapsed = await messagesFor(rig, who(hanako).userId, before + 4)
  expect(lapsed.at(-1)).toContain('取り消し')
})

test('the phone changes hands: a stranger’s receipt waits until the shop is added, and who blocks it gets the next one by mail', async () => {
  const { rig } = stage
  await handPhoneTo(page, who(ichiro).name)
  await openScene(page, demo.guide.scenes.friend.name)
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA)
  await phone.getByRole('heading', { name: ja.friend.title }).waitFor()
  const deliveries = page.getByRole('region', { name: new RegExp(`^${demo.tables.deliveries}`) })
  await deliveries.getByText(demo.deliveryState.waiting).waitFor()
  expect(heard(rig, who(ichiro).userId)).toEqual([])

  // A tap on the page's own button does what it would do in LINE.
  await phone.getByRole('link', { name: ja.friend.add }).click()
  await messagesFor(rig, who(ichiro).userId, 1)
  await phone.getByText(ja.friend.thanks).waitFor()

  await choice(page, demo.guide.unfollow).click()
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA)
  await phone.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await page.getByRole('button', { name: demo.mail.open(1) }).waitFor()
  expect(rig.mail.box().map(({ subject }) => subject)).toEqual([
    expect.stringContaining(ja.messages.paid.title),
  ])
  await choice(page, demo.guide.follow).click()
  expect(heard(rig, who(ichiro).userId)).toHaveLength(1)
})

test('whoever reads English is served in English by the same phone, and the page itself speaks both', async () => {
  const { rig } = stage
  await page.getByRole('button', { name: demo.switchLanguage }).click()
  await page.getByText(demoEn.tagline).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await handPhoneTo(page, who(emma).name)
  await choice(page, demoEn.guide.openShop).click()
  await buyInPhone(phone, SENCHA, { texts: en })
  await phone.getByRole('heading', { level: 1, name: en.comeback.headingPaid }).waitFor()
  await messagesFor(rig, who(emma).userId, 1)
  const chat = page.getByRole('log', { name: 'Noren Tea House' })
  await chat.getByText(en.messages.paid.title, { exact: true }).waitFor()

  await page.reload()
  await page.getByText(demoEn.tagline).waitFor()
  await page.getByRole('button', { name: demoEn.switchLanguage }).click()
  await page.getByText(demo.tagline).waitFor()
})

test('whoever reads no Japanese finds the page in English at the first visit', async () => {
  const visitor = await stage.visit({ locale: 'fr-FR', viewport: DESKTOP })
  await visitor.goto('/__demo/')
  await visitor.getByText(demoEn.tagline).waitFor()
  await visitor.context().close()
})

test('the phone shows the rich menu that LINE shows, and its holder taps it, writes, and sees it change', async () => {
  const { rig } = stage
  const { userId } = await demoWith(stage, page, '高橋 友')
  const bot = botOf(rig)
  const orders = `https://liff.line.me/${rig.line.liffId}/orders`
  const guests = await makeMenu(rig, 'はじめての方', [
    { type: 'uri', label: '注文履歴', uri: orders },
    { type: 'message', label: '梅の間', text: '梅の間をください' },
  ])
  const members = await makeMenu(rig, '会員の方', [
    { type: 'postback', label: '竹の間', data: 'bamboo', displayText: '竹の間を見る' },
  ])
  const menu = page.getByRole('navigation', { name: demo.phone.menu })
  const chat = page.getByRole('log', { name: 'のれん茶房' })

  await bot.linkRichMenuIdToUser(userId, guests)
  await menu.getByRole('button', { name: '注文履歴' }).click()
  await phone.getByRole('heading', { level: 1, name: ja.orders.heading }).waitFor()
  await page.getByRole('button', { name: demo.phone.close }).click()
  await menu.getByRole('button', { name: '梅の間' }).click()
  await chat.getByText('梅の間をください').waitFor()

  await bot.linkRichMenuIdToUser(userId, members)
  await menu.getByRole('status').getByText(demo.phone.menuChanged('会員の方')).waitFor()
  expect(await menu.locator('.rich-menu-face img').getAttribute('src')).toBe(`menus/${members}`)
  await menu.getByRole('button', { name: '竹の間' }).click()
  await chat.getByText('竹の間を見る').waitFor()
  await page.getByRole('button', { name: '会員の方' }).click()
  await menu.waitFor({ state: 'hidden' })

  await page.getByRole('button', { name: demo.phone.toKeyboard }).click()
  await page.getByRole('textbox', { name: demo.phone.write }).fill('お茶をください')
  await page.keyboard.press('Enter')
  await chat.getByText('お茶をください').waitFor()
  const answer = { type: 'message', label: '煎茶', text: '煎茶にします' } as const
  const quickReply = { items: [{ type: 'action' as const, action: answer }] }
  const messages = [{ type: 'text' as const, text: 'どのお茶にしますか', quickReply }]
  await bot.pushMessage({ to: userId, messages })
  await page.getByRole('button', { name: '煎茶' }).click()
  await chat.getByText('煎茶にします').waitFor()
  await page.getByRole('list', { name: demo.phone.quickReplies }).waitFor({ state: 'hidden' })
  expect(rig.line.said(userId).map(({ text }) => text)).toEqual([
    '梅の間をください',
    '竹の間を見る',
    'お茶をください',
    '煎茶にします',
  ])

  await rig.line.unfollow(userId)
  await page.getByRole('button', { name: demo.phone.toMenu }).waitFor({ state: 'hidden' })
})

test('refunds: half, half of the rest, then all of it; each is told once', async () => {
  const { rig } = stage
  const buyer = await demoWith(stage, page, '三浦 返')
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA)
  await messagesFor(rig, buyer.userId, 1)
  await openScene(page, demo.guide.scenes.refund.name)
  await choice(page, demo.guide.refundPart).click()
  const [, part] = await messagesFor(rig, buyer.userId, 2)
  expect(part).toContain('¥1,290')
  await choice(page, demo.guide.refundPart).click()
  await messagesFor(rig, buyer.userId, 3)
  await choice(page, demo.guide.refundAll).click()
  const [, , , rest] = await messagesFor(rig, buyer.userId, 4)
  expect(rest).toContain('全額')
  const orders = page.getByRole('region', { name: new RegExp(`^${demo.tables.orders}`) })
  await orders.getByText(demo.orderStatus.refunded, { exact: true }).first().waitFor()
})

test('trouble: a webhook sent twice, LINE switched off, events out of order — and still one receipt each', async () => {
  const { rig } = stage
  const buyer = await demoWith(stage, page, '松田 難')
  const timeline = page.getByRole('region', { name: demo.timeline.heading })
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(phone, SENCHA)
  await messagesFor(rig, buyer.userId, 1)
  await tapNewMessage(page, ja.messages.paid.title)

  await openScene(page, demo.guide.scenes.trouble.name)
  await page.getByRole('button', { name: demo.timeline.clear }).click()
  await choice(page, demo.guide.resend).click()
  await timeline.getByText('checkout.session.completed', { exact: true }).nth(1).waitFor()
  await rig.stripe.settled()
  expect(heard(rig, buyer.userId)).toHaveLength(1)

  await choice(page, demo.guide.lineOff).click()
  await page.getByText(demo.guide.lineIsOff).waitFor()
  await openShopFromChat(page)
  await buyInPhone(phone, SENCHA)
  await phone.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await timeline.locator('.status').getByText('503').first().waitFor()
  expect(heard(rig, buyer.userId)).toHaveLength(1)
  await choice(page, demo.guide.lineOn).click()
  await messagesFor(rig, buyer.userId, 2)
  await tapNewMessage(page, ja.messages.paid.title)

  await choice(page, demo.guide.hold).click()
  await openShopFromChat(page)
  await buyInPhone(phone, SENCHA)
  await phone.getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await page.getByRole('button', { name: /を順不同で流す/ }).click()
  await messagesFor(rig, buyer.userId, 3)
  await rig.stripe.settled()
  expect(heard(rig, buyer.userId)).toHaveLength(3)
})

test('the demo’s page can be read and used by everybody, by day and at night, on a desk and on a phone', async () => {
  const { rig } = stage
  const { userId } = await demoWith(stage, page, '中村 見')
  const choices = [1, 2, 3].map((number) => ({
    type: 'message' as const,
    label: `${number} 番`,
    text: `${number} 番です`,
  }))
  await botOf(rig).linkRichMenuIdToUser(userId, await makeMenu(rig, '三つの部屋', choices))
  await rig.line.say(userId, 'こんにちは')
  const items = choices.map((action) => ({ type: 'action' as const, action }))
  const messages = [
    { type: 'text' as const, text: 'どうぞ https://example.com/', quickReply: { items } },
  ]
  await botOf(rig).pushMessage({ to: userId, messages })

  const plain = await stage.visit({ viewport: DESKTOP, bypassCSP: true })
  await plain.goto('/__demo/')
  await plain.getByRole('navigation', { name: demo.phone.menu }).waitFor()
  await choice(plain, demo.guide.openShop).waitFor()
  expect(await axeFindings(plain)).toEqual([])
  await plain.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(plain, { only: 'color-contrast' })).toEqual([])
  for (const { name } of Object.values(demo.guide.scenes)) {
    await openScene(plain, name)
    expect([name, await axeFindings(plain, { part: '.guide' })]).toEqual([name, []])
  }
  for (const width of [390, 320]) {
    await plain.setViewportSize({ width, height: 844 })
    expect(await sidewaysScroll(plain)).toBe(0)
  }
  expect(await smallTargets(plain)).toEqual([])
  await plain.context().close()
})

test('the Discord window can be read and used by everybody, by day and at night, on a desk and on a phone', async () => {
  const { rig } = stage
  const { userId } = await demoWith(stage, page, '北川 窓')
  const user = rig.onDiscord.get(userId)!
  await ask(rig.discord, user, 'join')
  for (const role of [rig.discord.roles.member, rig.discord.roles.tea])
    rig.discord.giveRole(user, role)

  const plain = await stage.visit({ viewport: DESKTOP, bypassCSP: true })
  await plain.goto('/__demo/')
  await openScene(plain, demo.discord.scene.name)
  const there = plain.getByRole('region', { name: demo.discord.window, exact: true })
  await there.getByText(demo.discord.onlyYou).waitFor()
  await there.getByRole('button', { name: demo.discord.people }).click()
  await there.getByText(demo.discord.you, { exact: true }).waitFor()
  expect(await axeFindings(plain, { part: '.stage' })).toEqual([])
  await plain.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(plain, { part: '.discord', only: 'color-contrast' })).toEqual([])
  await there.getByRole('combobox').fill('/')
  await there.getByRole('option').nth(3).waitFor()
  expect(await axeFindings(plain, { part: '.dc-main' })).toEqual([])
  await plain.emulateMedia({ colorScheme: 'light' })
  expect(await axeFindings(plain, { part: '.dc-main', only: 'color-contrast' })).toEqual([])
  for (const width of [390, 320]) {
    await plain.setViewportSize({ width, height: 844 })
    expect(await sidewaysScroll(plain)).toBe(0)
  }
  await plain.getByRole('button', { name: demo.discord.list }).click()
  await there.getByRole('button', { name: demo.discord.channels.members }).waitFor()
  expect(await smallTargets(plain)).toEqual([])
  await plain.context().close()
})

test('the mails of the demo can be read by everybody: the page that shows them, and each by itself', async () => {
  const plain = await stage.visit({ viewport: DESKTOP, bypassCSP: true })
  await plain.goto('/__demo/')
  await plain.getByRole('button', { name: demo.mail.open(stage.rig.mail.box().length) }).click()
  await plain.getByRole('link', { name: demo.mail.toTemplates }).click()
  const paid = plain.getByRole('button', { name: /paid$/ }).first()
  await paid.click()
  const letter = plain.frameLocator('.mail-open iframe')
  await letter.getByRole('heading', { name: ja.messages.paid.title }).waitFor()
  // Not the frame: what is sandboxed cannot be asked from here. Each mail is asked by itself below.
  for (const part of ['.page-header', '.mail-list', '.mail-open header'])
    expect(await axeFindings(plain, { part })).toEqual([])
  for (const width of [390, 320]) {
    await plain.setViewportSize({ width, height: 844 })
    expect(await sidewaysScroll(plain)).toBe(0)
  }
  expect(await smallTargets(plain)).toEqual([])
  for (const [name, message] of sampleMails('en')) {
    if (!/^(awaiting_payment|payment_failed|invite|campaign|staff_digest)$/.test(name)) continue
    await plain.setContent(
      renderMail(message, { imprint: () => ['075-000-0000'], replies: true }).html,
    )
    await plain.emulateMedia({ colorScheme: 'light' })
    expect([name, await axeFindings(plain)]).toEqual([name, []])
    await plain.emulateMedia({ colorScheme: 'dark' })
    expect([name, await axeFindings(plain, { only: 'color-contrast' })]).toEqual([name, []])
    expect([name, await sidewaysScroll(plain)]).toEqual([name, 0])
  }
  await plain.context().close()
})
