import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { menuWordsIn } from '../../shared/i18n/menus.ts'
import { ja as chat } from '../../shared/i18n/messages/chat/ja.ts'
import { ja as members } from '../../shared/i18n/messages/members/ja.ts'
import { ja as demo } from '../sandbox/demo-page/browser/words-ja.ts'
import { choose, goToPay, MATCHA, payByCard } from './support/buy.ts'
import { messagesFor } from './support/chat.ts'
import {
  buyInPhone,
  choice,
  demoWith,
  inPhone,
  joinInPhone,
  openScene,
  tapNewMessage,
} from './support/demo.ts'
import { soon } from './support/discord.ts'
import { openStage, type Stage, type VisitOptions } from './support/stage.ts'
import { ja } from './support/words.ts'

/** `UPDATE_PICTURES=1 npx vitest run --project e2e pictures` takes the README's pictures anew. */
const UPDATE = process.env['UPDATE_PICTURES'] === '1'
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures')
/** Larger ones would make the README slow to open. */
const MOST_KB = 400

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => expect(await stage.putAway()).toEqual([]))

/** Takes the picture when asked to; the test has waited for everything that it shows. */
async function picture(page: Page, name: string, part: Page | Locator = page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  if (!UPDATE) return
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}.png`)
  await part.screenshot({ path })
  expect(statSync(path).size / 1024).toBeLessThanOrEqual(MOST_KB)
}

/** Sharp on today's screens. */
const SHARP: VisitOptions = { deviceScaleFactor: 2 }

test('a picture of the demo: the receipt in the chat, and beside it everything that led to it', async () => {
  const { rig } = stage
  const hanako = rig.people[0]!
  rig.line.holder = hanako.userId
  const page = await stage.visit({ viewport: { width: 1440, height: 900 } })
  await page.goto('/__demo/')
  // The shop's opening is over with its menu, and is no part of the picture.
  await page.getByRole('navigation', { name: demo.phone.menu }).waitFor()
  await choice(page, demo.guide.openShop).click()
  await buyInPhone(inPhone(page), MATCHA)
  await inPhone(page).getByRole('heading', { level: 1, name: ja.comeback.headingPaid }).waitFor()
  await messagesFor(rig, hanako.userId, 1)
  await tapNewMessage(page, ja.messages.paid.title)
  const chat = page.getByRole('log', { name: 'のれん茶房' })
  await chat.getByText(MATCHA.total).first().waitFor()
  const timeline = page.getByRole('log', { name: demo.timeline.heading })
  await timeline.getByText('POST /v2/bot/message/push').first().waitFor()
  const deliveries = page.getByRole('region', { name: new RegExp(`^${demo.tables.deliveries}`) })
  await deliveries.getByText(demo.deliveryState.accepted).nth(1).waitFor()
  await picture(page, 'demo')

  const phone = await stage.visit(SHARP)
  await phone.goto('/__demo/')
  const receipt = phone.getByRole('log', { name: 'のれん茶房' }).getByText(ja.messages.paid.title)
  await receipt.waitFor()
  await picture(phone, 'receipt', phone.getByRole('region', { name: demo.phone.region }))
})

test('a picture of the moment in which a guest becomes a member: the welcome, and the menu below it', async () => {
  const page = await stage.visit(SHARP)
  stage.rig.line.holder = stage.rig.people[0]!.userId
  await page.goto('/__demo/')
  await demoWith(stage, page, '宮本 縁')
  await openScene(page, demo.guide.scenes.member.name)
  await choice(page, demo.guide.join).click()
  await joinInPhone(inPhone(page), /月払い/)
  await tapNewMessage(page, 'のれん茶房')
  const chat = page.getByRole('log', { name: 'のれん茶房' })
  await chat.getByText(members.welcome.title).waitFor()
  await page.getByRole('button', { name: menuWordsIn('ja').memberBar, exact: true }).waitFor()
  await page.getByRole('navigation', { name: demo.phone.menu }).getByRole('button').nth(5).waitFor()
  await picture(page, 'member', page.getByRole('region', { name: demo.phone.region }))
})

test('a picture of Discord beside the phone: the welcome, the role, and the room that it opens', async () => {
  const page = await stage.visit({ viewport: { width: 1440, height: 900 } })
  await page.goto('/__demo/#discord')
  const { userId } = await demoWith(stage, page, '早川 結')
  const user = stage.rig.onDiscord.get(userId)!
  await openScene(page, demo.discord.scene.name)
  await choice(page, demo.discord.join).click()
  const there = page.getByRole('region', { name: demo.discord.window, exact: true })
  await there.getByRole('link').first().click()
  const browser = page.frameLocator('.dc-browser iframe')
  await browser.getByRole('button', { name: /続ける$/ }).click()
  await joinInPhone(browser, /特別会員/)
  await browser.getByRole('heading', { name: ja.membership.welcomeTitle('特別会員') }).waitFor()
  await soon(() => (stage.rig.discord.rolesOf(user).length === 1 ? true : null))
  await soon(() => (stage.rig.discord.dms(user).length === 2 ? true : null))
  // Read, so that no banner lies over the picture; the answer to a command leads back to the server.
  await there.getByRole('button', { name: demo.discord.newDm('のれん茶房') }).click()
  await choice(page, demo.discord.card).click()
  await there.getByRole('link', { name: chat.member.open }).waitFor()
  await there.getByRole('button', { name: demo.discord.channels.members }).waitFor()
  await picture(page, 'discord')
})

test('pictures of the shop and of the page after the payment', async () => {
  const person = stage.person({ name: '菊地 写' })
  stage.rig.line.holder = person.userId
  const page = await stage.visit(SHARP)
  await page.goto('/')
  await page.getByRole('heading', { name: MATCHA.name }).waitFor()
  const images = page.getByRole('listitem').locator('img')
  await expect
    .poll(() =>
      images.evaluateAll((all) =>
        (all as HTMLImageElement[])
          .slice(0, 2)
          .every((image) => image.complete && image.naturalWidth > 0),
      ),
    )
    .toBe(true)
  await picture(page, 'shop')

  await choose(page, MATCHA)
  await goToPay(page)
  await payByCard(page)
  await page.getByText(ja.comeback.paidText).waitFor()
  await messagesFor(stage.rig, person.userId, 1)
  await picture(page, 'return')
})
