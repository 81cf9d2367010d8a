import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { menuWordsIn } from '../../shared/i18n/menus.ts'
import { en as chatEn } from '../../shared/i18n/messages/chat/en.ts'
import { ja as chat } from '../../shared/i18n/messages/chat/ja.ts'
import { en as memberEn } from '../../shared/i18n/messages/members/en.ts'
import { ja as member } from '../../shared/i18n/messages/members/ja.ts'
import { en as demoEn } from '../sandbox/demo-page/browser/words-en.ts'
import { ja as demo } from '../sandbox/demo-page/browser/words-ja.ts'
import { PORTAL_JA as portal } from '../sandbox/stripe/portal-words-ja.ts'
import {
  choice,
  demoWith,
  handPhoneTo,
  inPhone,
  joinInPhone,
  openScene,
  tapNewMessage,
} from './support/demo.ts'
import { axeFindings, sidewaysScroll, smallTargets } from './support/looks.ts'
import { openStage, type Stage } from './support/stage.ts'
import { en, ja } from './support/words.ts'

const DESKTOP = { width: 1280, height: 800 }
const { bar: GUESTS, memberBar: MEMBERS } = menuWordsIn('ja')

let stage: Stage
let page: Page
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(async () => {
  expect(await stage.putAway()).toEqual([])
})

async function openDemo(options: Parameters<Stage['visit']>[0] = {}): Promise<void> {
  stage.rig.line.holder = stage.rig.people[0]!.userId
  page = await stage.visit({ viewport: DESKTOP, ...options })
  await page.goto('/__demo/')
}

/** The words on the bar below the menu say whose it is. */
const bar = (name: string) => page.getByRole('button', { name, exact: true }).waitFor()
const menu = () => page.getByRole('navigation', { name: demo.phone.menu })
const talk = () => page.getByRole('log', { name: 'のれん茶房' })
const said = (words: string) => talk().getByText(words).last().waitFor()

async function write(words: string): Promise<void> {
  await page.getByRole('button', { name: demo.phone.toKeyboard }).click()
  await page.getByRole('textbox', { name: demo.phone.write }).fill(words)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: demo.phone.toMenu }).click()
}

test('a guest asks, joins and pays, and the menu changes; who cancels keeps it until the period ends', async () => {
  await openDemo()
  await demoWith(stage, page, '会田 のぞみ')
  const phone = inPhone(page)
  await bar(GUESTS)
  await write('会員')
  await talk().getByText(chat.guest.title).waitFor()
  await talk().getByRole('button', { name: chat.guest.join }).click()
  await joinInPhone(phone, /月払い/)
  await phone.getByRole('heading', { name: ja.membership.welcomeTitle('のれんの会') }).waitFor()
  await tapNewMessage(page, 'のれん茶房')
  await bar(MEMBERS)
  await said(member.welcome.title)

  await write('会員')
  await talk().getByText(chat.member.title).waitFor()
  await talk().getByRole('button', { name: chat.member.open }).last().click()
  await phone.getByRole('button', { name: ja.membership.task.cancel }).click()
  await phone.getByRole('button', { name: portal.cancelDo }).click()
  await phone.getByText(ja.planState.leaving, { exact: true }).waitFor()
  await tapNewMessage(page, 'のれん茶房')
  await said(member.leaving.title)
  await bar(MEMBERS)

  await openScene(page, demo.guide.scenes.member.name)
  await choice(page, demo.guide.nextMonth).click()
  await bar(GUESTS)
  await said(member.ended.title)
  const members = page.getByRole('region', { name: new RegExp(`^${demo.tables.members}`) })
  await members.getByText(`会田 のぞみ · ${demo.guest}`).waitFor()
})

test('a card that fails leaves time to change it at Stripe, straight from the menu, and nothing is lost', async () => {
  await openDemo()
  await demoWith(stage, page, '加戸 かえで')
  const phone = inPhone(page)
  await openScene(page, demo.guide.scenes.member.name)
  await choice(page, demo.guide.join).click()
  await joinInPhone(phone, /特別会員/)
  await phone.getByRole('heading', { name: ja.membership.welcomeTitle('特別会員') }).waitFor()
  await tapNewMessage(page, 'のれん茶房')
  await choice(page, demo.guide.cardFails).click()
  await said(member.failed.title)
  await choice(page, demo.guide.someDays(5)).click()
  await said(member.grace.title)
  await menu().getByRole('button', { name: 'お支払い方法' }).click()
  await phone.getByRole('button', { name: portal.save }).click()
  await phone.getByText(ja.planState.active, { exact: true }).waitFor()
  await page.getByRole('button', { name: demo.phone.close }).click()
  await bar(MEMBERS)
  await choice(page, demo.guide.cardFails).waitFor()
})

test('the members’ scene and both menus can be read and used by everybody, by day, at night and on a phone', async () => {
  await openDemo({ bypassCSP: true })
  await handPhoneTo(page, 'Emma Wilson')
  await page.getByRole('button', { name: demo.switchLanguage }).click()
  await openScene(page, demoEn.guide.scenes.member.name)
  await choice(page, demoEn.guide.ask).click()
  const chatOfEmma = page.getByRole('log', { name: 'Noren Tea House' })
  await chatOfEmma.getByText(chatEn.guest.title).waitFor()
  await choice(page, demoEn.guide.join).click()
  await joinInPhone(inPhone(page), /patron/, en)
  await chatOfEmma.getByText(memberEn.welcome.title).waitFor({ state: 'attached' })
  await page.locator('.banner').click()
  await page.getByRole('button', { name: menuWordsIn('en').memberBar }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(page, { only: 'color-contrast' })).toEqual([])
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 })
    expect(await sidewaysScroll(page)).toBe(0)
  }
  expect(await smallTargets(page)).toEqual([])
})
