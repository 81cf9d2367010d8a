import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCampaigns } from '../server/campaigns/run-campaigns.ts'
import { addEndpoint } from '../server/integrations/add-endpoint.ts'
import { findPayers } from '../server/people/find-payers.ts'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import { mailWordsIn } from '../shared/i18n/mail/mail-words-in.ts'
import { messagesIn } from '../shared/i18n/messages/messages-in.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import type { HouseWithMail } from './support/house.ts'
import { stripeSdk } from './support/stripe-sdk.ts'
import { openReceiver, type Receiver } from './support/webhook-receiver.ts'

/**
 * The cases of "system integration with webhooks", as an article for shops lists them, from Stripe's event to
 * what arrives: over real HTTP, and a real SMTP session.
 */
const TABLE = 'prctbl_article'
const OWNER = 'owner@noren.example'
/** A payer is met, and invited, once nobody can come back into LINE with the payment any more. */
const GRACE = 301 + 130

let club: Club & HouseWithMail
let stripe: Stripe
let zapier: Receiver

beforeAll(async () => {
  zapier = await openReceiver()
  club = (await openClub({
    mail: true,
    env: { OUTBOUND_HOSTS: zapier.host },
    shop: {
      payers: 'everybody',
      staff: { mail: OWNER },
      pricingTables: [
        { id: 'plans', table: { test: TABLE }, publishableKey: { test: 'pk_test_article' } },
      ],
    },
  })) as Club & HouseWithMail
  stripe = stripeSdk(club.stripe)
  club.stripe.addPricingTable({ id: TABLE, prices: [{ price: club.prices.member }] })
  await refreshCatalogue(club.catalogue)
  const { outbound, post } = club.outbound
  await addEndpoint({ ...post, outbound }, { url: zapier.url, events: ['*'] })
})
afterAll(async () => {
  await club.close()
  await zapier.close()
})

const friend = (name: string): LineUser => club.line.addUser({ name, friend: true, language: 'ja' })
const subjectsTo = (address: string) => club.mail.box(address).map(({ subject }) => subject)
const books = () => ({ db: club.store.db, stripe: club.gateway })
const heardByZapier = (about: string) =>
  zapier.taken().filter((event) => JSON.stringify(event).includes(about))

test('customer.created: a customer becomes a person, and is welcomed by mail in their language', async () => {
  const { id } = await stripe.customers.create({
    ...{ name: 'Emma Wilson', email: 'emma@example.com', preferred_locales: ['en'] },
  })
  await club.settleFor(GRACE)
  const [mail, ...more] = club.mail.box('emma@example.com')
  expect(more).toEqual([])
  expect(mail?.text).toContain('Emma Wilson')
  expect(mail?.text).toMatch(/https:\/\/liff\.line\.me\/\S+\/connect#\S{43}/)
  const known = await club.store.db
    .selectFrom('customers')
    .selectAll()
    .where('id', '=', id)
    .execute()
  expect(known).toHaveLength(1)
})

test('customer.subscription.created: who subscribes before we know them is a member, and other systems hear of it', async () => {
  const { id } = await stripe.customers.create({ name: '電話の客', email: 'tel@example.com' })
  const { id: sub } = await stripe.subscriptions.create({
    ...{ customer: id, items: [{ price: club.prices.premium }] },
  })
  await club.settleFor(GRACE)
  expect(heardByZapier(sub)).toMatchObject([
    {
      type: 'member.joined',
      data: { role: { before: 'guest', after: 'premium' }, person: { email: 'tel@example.com' } },
    },
  ])
  expect(subjectsTo('tel@example.com').length).toBeGreaterThan(0)
})

test('a pricing table with the reference of who is logged in: their menu, their role, and at Stripe the way back to them', async () => {
  const user = friend('料金表の花')
  const { body } = await club.api(await club.cookieOf(user), 'POST', '/api/pricing-table', {
    id: 'plans',
  })
  const session = club.stripe.chooseInTable(TABLE, {
    ...{ price: club.prices.member, reference: String(body['reference']) },
  })
  await club.stripe.payByCard(session)
  await club.settleFor(GRACE)
  expect(await club.role(user)).toBe('member')
  const customer = String(club.stripe.session(session).customer)
  const { metadata } = (await stripe.customers.retrieve(customer)) as Stripe.Customer
  expect(metadata).toMatchObject({ line_user_id: user.userId })

  // Whoever has no table of their own to look in finds them by either; ours is for repairs only.
  const byUser = await findPayers(books(), { user: user.userId })
  expect(byUser.map((found) => found.customer)).toEqual([customer])
})

test('a mail is told of what was bought by who pays without LINE, and finds them by address', async () => {
  const url = club.stripe.link(club.links.member)?.url ?? ''
  const session = club.stripe.visit(url)
  await club.stripe.payByCard(session, { email: 'poster@example.com', name: 'ポスターの客' })
  await club.settleFor(GRACE)
  const paid = club.mail.box('poster@example.com').find(({ text }) => text.includes('のれん会員'))
  expect(paid?.text).toContain('¥500')
  const found = await findPayers(books(), { email: 'poster@example.com' })
  expect(found.map((each) => each.customer)).toEqual([club.stripe.session(session).customer])
})

test('unpaid, a card that runs out: the member and the staff both hear, each once', async () => {
  const user = friend('期限の花')
  const { customer } = await club.join(user, club.links.member)
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  await club.settleFor(60)
  expect(await club.told(user)).toEqual(expect.arrayContaining(['welcome', 'payment_failed']))
  const alarm = mailWordsIn('ja').mail.staff.staff_payment_failed
  expect(subjectsTo(OWNER).filter((subject) => subject.includes(alarm))).toHaveLength(1)
})

test('a recommendation: who pays by the month for a year is told what the year would save, in LINE or by mail', async () => {
  const user = friend('一年の花')
  const { customer } = await club.join(user, club.links.member)
  // Whatever the time of day is, it is not the quiet one.
  const hour = new Date(club.desk.post.clock.now().getTime() + 9 * 3_600_000).getUTCHours()
  club.config.shop.campaigns = {
    quietHours: { from: (hour + 12) % 24, to: (hour + 13) % 24 },
    rules: [
      {
        ...{ id: 'yearly', to: { monthly: { forMonths: 12 } }, offer: club.links.yearly },
        ...{ title: '年払いのご案内', text: '年払いなら {saves} お得です。' },
      },
    ],
  }
  await club.pass(customer, { months: 12 })
  await runCampaigns(club.campaigns)
  await club.settleFor(120)
  delete club.config.shop.campaigns
  const letters = JSON.stringify(club.line.chat(user.userId).flatMap(({ messages }) => messages))
  expect(letters).toContain('年払いなら ¥1,000 お得です。')
})

test('what was really ordered, with a changed quantity and the cross-sell, reaches other systems by product and amount', async () => {
  const link = club.stripe.addLink({
    ...{ items: [{ name: '煎茶', amount: 1_400 }], currency: 'jpy', adjustableQuantity: true },
    optionalItems: [{ name: '茶筒', amount: 2_000 }],
  })
  const session = club.stripe.visit(link.url)
  const [tea, tin] = club.stripe.soldBy(link.id)
  const [offered] = link.optional_items ?? []
  club.stripe.changeQuantities(session, [3])
  club.stripe.takeOptional(session, offered?.price ?? '')
  await club.stripe.payByCard(session, { email: 'cart@example.com' })
  await club.settleFor(60)
  expect(tin).toBeUndefined()
  expect(heardByZapier(session)).toMatchObject([
    {
      type: 'order.paid',
      data: {
        amount: 6_200,
        items: [
          { name: '煎茶', product: tea?.product, price: tea?.price, quantity: 3, amount: 4_200 },
          { name: '茶筒', price: offered?.price, quantity: 1, amount: 2_000 },
        ],
      },
    },
  ])
})

test('a konbini order is no sale until the money is there: completed awaits, async_payment_succeeded pays', async () => {
  const user = friend('コンビニの花')
  const session = await club.order(user, club.links.tea)
  await club.stripe.payByKonbini(session)
  await club.settleFor(5)
  expect(heardByZapier(session).map(({ type }) => type)).toEqual(['order.awaiting_payment'])
  const { staff } = mailWordsIn('ja').mail
  const sales = () => subjectsTo(OWNER).filter((each) => each.includes(staff.staff_paid)).length
  const before = sales()
  await club.stripe.settleKonbini(session)
  await club.settleFor(5)
  expect(heardByZapier(session).map(({ type }) => type)).toEqual([
    ...['order.awaiting_payment', 'order.paid'],
  ])
  expect(sales()).toBe(before + 1)
  expect(club.heard(user.userId).at(-1)).toContain(messagesIn('ja').paid.title)
})
