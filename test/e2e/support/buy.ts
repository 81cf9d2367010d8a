import type { Page } from 'playwright-core'
import { ja, type Texts } from './words.ts'

/** The demo shop's goods as these tests name them; the shelf shows their price without shipping. */
export const SENCHA = {
  name: '宇治煎茶「朝露」100g',
  english: 'Uji sencha “Asatsuyu”, 100 g',
  total: '¥2,580',
}
export const MATCHA = {
  name: '石臼挽き抹茶「松風」30g',
  english: 'Stone-ground matcha “Matsukaze”',
  items: ['石臼挽き抹茶「松風」30g ×\u00a01', '茶筅(奈良・高山) ×\u00a01'],
  total: '¥6,600',
}

export type Goods = { name: string; english: string }

/** As the shelf names it to a reader of these texts. */
export function nameIn(offer: Goods, texts: Texts): string {
  return texts === ja ? offer.name : offer.english
}

/** Opens the shop and goes from the shelf to the hand-over page of an offer. */
export async function choose(page: Page, offer: Goods, texts: Texts = ja) {
  await page.goto('/')
  await chooseHere(page, offer, texts)
}

/** The same where the shop is open already, as inside LINE. */
export async function chooseHere(page: Page, offer: Goods, texts: Texts = ja) {
  const buy = new RegExp(`^${texts.shop.buy}.*${escaped(nameIn(offer, texts))}`)
  await page.getByRole('link', { name: buy }).click()
}

/** On the login page of the LINE stand-in: this is me. */
export async function logInAs(page: Page, name: string) {
  await page.getByRole('link', { name, exact: true }).click()
}

/** From the hand-over page to Stripe's. */
export async function goToPay(page: Page, texts: Texts = ja) {
  await page.getByRole('button', { name: texts.checkout.pay }).click()
  await page.waitForURL(/\/pay\/session\/cs_/)
}

/** The same for what makes a member. */
export async function goToJoin(page: Page, texts: Texts = ja) {
  await page.getByRole('button', { name: texts.join.pay }).click()
  await page.waitForURL(/\/pay\/session\/cs_/)
}

/** On Stripe's page; the card is filled in already. Comes back to the shop. */
export async function payByCard(page: Page, texts: Texts = ja) {
  await page.getByRole('button', { name: texts.stripe.pay('').trim() }).click()
  await page.waitForURL(/\/return\?/)
}

/** On Stripe's page for a subscription. Comes back to the shop. */
export async function subscribe(page: Page, texts: Texts = ja) {
  await page.getByRole('button', { name: texts.stripe.subscribe, exact: true }).click()
  await page.waitForURL(/\/return\?/)
}

/** On Stripe's page; ends at the voucher. */
export async function payByKonbini(page: Page, texts: Texts = ja) {
  await page.getByRole('radio', { name: texts.stripe.konbini }).check()
  await page.getByRole('button', { name: texts.stripe.order }).click()
  await page.waitForURL(/\/voucher\//)
}

/** The Checkout Session that the return page shows. */
export function sessionOf(page: Page): string {
  return new URL(page.url()).searchParams.get('session') ?? ''
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
