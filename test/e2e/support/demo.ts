import type { FrameLocator, Locator, Page } from 'playwright-core'
import { ja as demo } from '../../sandbox/demo-page/browser/words-ja.ts'
import type { LineUser } from '../../sandbox/types.ts'
import { type Goods, nameIn } from './buy.ts'
import type { Stage } from './stage.ts'
import { ja, type Texts } from './words.ts'

/** What is open in the sheet of the demo's phone. */
export function inPhone(page: Page): FrameLocator {
  return page.frameLocator('.sheet iframe')
}

/** A button of the guide, by its label; some add the amount at stake. */
export function choice(page: Page, label: string) {
  return page.getByRole('tabpanel').getByRole('button', { name: label })
}

export async function openScene(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click()
}

/** The message that has just come in shows itself above the shop; a tap on it leads to the chat. */
export async function tapNewMessage(page: Page, words: string): Promise<void> {
  await page
    .getByRole('region', { name: demo.phone.region })
    .getByRole('button', { name: words })
    .click()
}

/** From the chat into the shop, whether or not the shop has a menu. */
export async function openShopFromChat(page: Page): Promise<void> {
  await page.locator('.chat-header').getByRole('button', { name: demo.guide.openShop }).click()
}

const atStripe = (phone: FrameLocator, { stripe }: Texts) =>
  phone.getByRole('group', { name: stripe.contact })

/** A tap in the very moment in which the login leaves the page is lost; as anybody would, it is tapped again. */
async function tapThrough(button: Locator, next: Locator): Promise<void> {
  await button.click()
  const there = await next.waitFor({ timeout: 5_000 }).then(
    () => true,
    () => false,
  )
  if (!there) await button.click({ timeout: 1_000 }).catch(() => {})
  await next.waitFor()
}

/** The shop is open in the phone, and whoever holds it is logged in at once; buys to the end. */
export async function buyInPhone(
  phone: FrameLocator,
  offer: Goods,
  { konbini = false, texts = ja }: { konbini?: boolean; texts?: Texts } = {},
): Promise<void> {
  const card = phone.getByRole('listitem').filter({ hasText: nameIn(offer, texts) })
  await card.getByRole('link').click()
  await tapThrough(phone.getByRole('button', { name: texts.checkout.pay }), atStripe(phone, texts))
  if (konbini) {
    await phone.getByRole('radio', { name: texts.stripe.konbini }).check()
    await phone.getByRole('button', { name: texts.stripe.order }).click()
    await phone.getByRole('heading', { name: texts.stripe.voucherTitle }).waitFor()
  } else {
    await phone.getByRole('button', { name: texts.stripe.pay('').trim() }).click()
  }
}

/** The plans are open in the phone; reads the terms of one and subscribes at Stripe. */
export async function joinInPhone(
  phone: FrameLocator,
  plan: RegExp,
  texts: Texts = ja,
): Promise<void> {
  await phone.getByRole('link', { name: plan }).click()
  await tapThrough(phone.getByRole('button', { name: texts.join.pay }), atStripe(phone, texts))
  await phone.getByRole('button', { name: texts.stripe.subscribe, exact: true }).click()
}

/** Whoever is chosen holds the phone as soon as the server has said so. */
export async function handPhoneTo(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).click()
  await page.getByRole('radio', { name, checked: true }).waitFor()
}

/** Somebody new, on Discord as well, who is handed the phone; the page knows them by the list that it was started with. */
export async function demoWith(stage: Stage, page: Page, name: string): Promise<LineUser> {
  const person = stage.person({ name })
  stage.rig.people.push(person)
  stage.rig.onDiscord.set(person.userId, stage.rig.discord.addUser({ name }))
  await page.reload()
  await handPhoneTo(page, name)
  return person
}
