import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { refreshCatalogue } from '../server/shop/catalogue.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'

let club: Club
/** A friend of the shop whom nobody has sold anything yet */
let hana: LineUser

beforeAll(async () => {
  club = await openClub()
})
beforeEach(() => {
  hana = club.line.addUser({ name: '花', friend: true, language: 'ja' })
  club.stripe.dunning = { retryDays: [3, 5, 7], finally: 'cancel' }
})
afterAll(() => club.close())

const isMember = async (user = hana) => {
  const { body } = await club.api(await club.cookieOf(user), 'GET', '/api/me')
  const { role } = body['person'] as unknown as { role: string }
  return role !== 'guest' && role === (await club.role(user))
}

test('who pays for a plan is a member: the menu changes and a welcome arrives', async () => {
  expect(await isMember()).toBe(false)
  await club.join(hana, club.links.member)
  expect(await isMember()).toBe(true)
  expect(club.menu(hana)).toBe('会員')
  expect(await club.told(hana)).toEqual(['welcome'])
  expect(club.heard(hana.userId).at(-1)).toContain('会員')
})

test('a plan is called as the shop calls it in the reader’s language, not as Stripe does', async () => {
  const emma = club.line.addUser({ name: 'Emma', friend: true, language: 'en' })
  const { shop } = club.config
  const cookie = await club.cookieOf(emma)
  await club.store.db
    .updateTable('accounts')
    .set({ language: 'en' })
    .where('id', '=', `line:${emma.userId}`)
    .execute()
  shop.offers = [{ link: club.links.member, name: { ja: 'のれん会員', en: 'Noren Club' } }]
  await club.join(emma, club.links.member)
  expect(JSON.stringify(club.line.chat(emma.userId))).toContain('Noren Club')
  const { body } = await club.api(cookie, 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ plans: [{ name: { en: 'Noren Club' } }] })
  await club.line.say(emma.userId, 'membership')
  await club.settle()
  expect(JSON.stringify(club.line.chat(emma.userId).at(-1))).toContain('Noren Club')
})

test('a member who renews three times hears nothing of it and stays one', async () => {
  const { customer, subscription } = await club.join(hana, club.links.member)
  for (let month = 0; month < 3; month++) await club.pass(customer, { months: 1 })
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome'])
  const { period_end } = await club.subscription(subscription)
  expect(Date.parse(period_end ?? '') - Date.now()).toBeGreaterThan(110 * 86_400_000)
})

test('a card that fails leaves a week of grace, and a new card ends the matter', async () => {
  const { customer } = await club.join(hana, club.links.member)
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'payment_failed'])
  await club.pass(customer, { days: 5 })
  expect(await club.told(hana)).toEqual(['welcome', 'payment_failed', 'grace_ending'])
  await club.stripe.payOpenInvoice(customer)
  club.stripe.refuseCard(customer, false)
  await club.pass(customer, { months: 1 })
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toHaveLength(3)
  expect(club.menu(hana)).toBe('会員')
})

test('after the grace the membership rests, and comes back when the invoice is paid', async () => {
  const { customer } = await club.join(hana, club.links.member)
  club.stripe.dunning = { retryDays: [3, 5, 20], finally: 'cancel' }
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1 })
  await club.pass(customer, { days: 8 })
  expect(await isMember()).toBe(false)
  expect(club.menu(hana)).toBe('ゲスト')
  expect(await club.told(hana)).toEqual(['welcome', 'payment_failed', 'ended'])
  // Nothing has to be bought again: paying brings it back, and the button says so.
  expect(JSON.stringify(club.line.chat(hana.userId).at(-1)?.messages)).toContain('?do=card')
  club.stripe.refuseCard(customer, false)
  await club.stripe.payOpenInvoice(customer)
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(club.menu(hana)).toBe('会員')
  expect(await club.told(hana)).toEqual(['welcome', 'payment_failed', 'ended', 'resumed'])
})

test('who never pays is told once that it has ended, not again when Stripe gives up', async () => {
  const { customer, subscription } = await club.join(hana, club.links.member)
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1, days: 20 })
  await club.pass(customer, { days: 20 })
  expect((await club.subscription(subscription)).status).toBe('canceled')
  expect(await isMember()).toBe(false)
  const told = await club.told(hana)
  expect(told.filter((kind) => kind === 'ended').length).toBeLessThanOrEqual(1)
  expect(told.at(0)).toBe('welcome')
})

test('who owes two months gets no second week of grace for the second', async () => {
  const { customer } = await club.join(hana, club.links.member)
  club.stripe.dunning = { retryDays: [3], finally: 'past_due' }
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1, days: 8 })
  expect(await isMember()).toBe(false)
  // The second month has just begun, and could not be charged either.
  await club.pass(customer, { days: 25 })
  expect(await isMember()).toBe(false)
  expect((await club.told(hana)).filter((kind) => kind === 'payment_failed')).toHaveLength(1)
})

test('a subscription that Stripe calls unpaid is worth nothing until it is paid', async () => {
  const { customer } = await club.join(hana, club.links.member)
  club.stripe.dunning = { retryDays: [1], finally: 'unpaid' }
  club.stripe.refuseCard(customer, true)
  await club.pass(customer, { months: 1, days: 2 })
  expect(await isMember()).toBe(false)
  club.stripe.refuseCard(customer, false)
  await club.stripe.payOpenInvoice(customer)
  await club.settle()
  expect(await isMember()).toBe(true)
})

test('who leaves stays to the end of what is paid, then is a guest, and may come back', async () => {
  const { customer, subscription } = await club.join(hana, club.links.member)
  await club.stripe.cancelSubscription(subscription, 'period_end')
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'leaving'])
  await club.pass(customer, { months: 1, days: 1 })
  expect(await isMember()).toBe(false)
  expect(club.menu(hana)).toBe('ゲスト')
  expect(await club.told(hana)).toEqual(['welcome', 'leaving', 'ended'])
  const again = await club.join(hana, club.links.member)
  expect(again.customer).toBe(customer)
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'leaving', 'ended', 'welcome'])
})

test('who thinks better of leaving hears that they stay', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.stripe.cancelSubscription(subscription, 'period_end')
  await club.settle()
  await club.stripe.keepSubscription(subscription)
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'leaving', 'staying'])
})

test('a cancellation at once ends it at once', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.stripe.cancelSubscription(subscription, 'now')
  await club.settle()
  expect(await isMember()).toBe(false)
  expect(await club.told(hana)).toEqual(['welcome', 'ended'])
})

test('an upgrade shows the higher role, a downgrade the lower one, and each is told as a change of plan', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.stripe.changePrice(subscription, club.prices.premium)
  await club.settle()
  expect(await club.role(hana)).toBe('premium')
  expect(club.menu(hana)).toBe('特別会員')
  await club.stripe.changePrice(subscription, club.prices.member)
  await club.settle()
  expect(await club.role(hana)).toBe('member')
  expect(club.menu(hana)).toBe('会員')
  expect(await club.told(hana)).toEqual(['welcome', 'plan_changed', 'plan_changed'])
})

test('a pause of the member’s own ends the rights, resuming brings them back', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.stripe.pauseSubscription(subscription)
  await club.settle()
  expect(await isMember()).toBe(false)
  await club.stripe.resumeSubscription(subscription)
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'paused', 'resumed'])
})

test.each([
  ['void', false],
  ['mark_uncollectible', true],
  ['keep_as_draft', true],
] as const)(
  'when the shop stops collecting with %s the member stays one: %s',
  async (how, stays) => {
    const { subscription } = await club.join(hana, club.links.member)
    await club.stripe.pauseCollection(subscription, how)
    await club.settle()
    expect(await isMember()).toBe(stays)
    await club.stripe.pauseCollection(subscription, null)
    await club.settle()
    expect(await isMember()).toBe(true)
    expect(await club.told(hana)).toEqual(stays ? ['welcome'] : ['welcome', 'paused', 'resumed'])
  },
)

test('a trial counts, is told of three days before it turns paid, and turns paid', async () => {
  const { customer } = await club.join(hana, club.links.trial)
  expect(await isMember()).toBe(true)
  await club.pass(customer, { days: 10 })
  expect(await club.told(hana)).toEqual(['welcome'])
  await club.pass(customer, { days: 1 })
  expect(await club.told(hana)).toEqual(['welcome', 'trial_ending'])
  await club.pass(customer, { days: 4 })
  expect(await isMember()).toBe(true)
  expect(await club.told(hana)).toEqual(['welcome', 'trial_ending'])
})

test('money given back does not end a membership that Stripe goes on with', async () => {
  const { session } = await club.join(hana, club.links.member)
  await club.stripe.refund(session)
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(club.heard(hana.userId).some((text) => text.includes('返金'))).toBe(true)
})

test('a payment that the bank takes back suspends the membership, and a dispute that is won restores it', async () => {
  const { session } = await club.join(hana, club.links.member)
  await club.stripe.dispute(session)
  await club.settle()
  expect(await isMember()).toBe(false)
  await club.stripe.decideDispute(session, 'won')
  await club.settle()
  expect(await isMember()).toBe(true)
})

test('a dispute about a renewal counts as much as one about the first payment', async () => {
  const { customer, subscription } = await club.join(hana, club.links.member)
  await club.pass(customer, { months: 1 })
  await club.stripe.dispute(subscription)
  await club.settle()
  expect(await isMember()).toBe(false)
  await club.stripe.decideDispute(subscription, 'lost')
  await club.settle()
  expect(await isMember()).toBe(false)
})

test('the older of two subscriptions, cancelled late, takes nothing from a member who pays', async () => {
  const old = await club.join(hana, club.links.member)
  // Bought outside of the shop's page, where nobody can say that one is enough.
  const { url } = club.stripe.link(club.links.yearly) ?? { url: '' }
  const reference = club.stripe.session(old.session).client_reference_id
  const session = club.stripe.visit(`${url}?client_reference_id=${reference}`)
  await club.stripe.payByCard(session)
  await club.settle()
  await club.stripe.cancelSubscription(old.subscription, 'now')
  await club.settle()
  expect(await isMember()).toBe(true)
  expect(club.menu(hana)).toBe('会員')
  expect(await club.told(hana)).toEqual(['welcome'])
})

test('a customer who is deleted at Stripe is a guest again', async () => {
  const { customer } = await club.join(hana, club.links.member)
  await club.stripe.deleteCustomer(customer)
  await club.settle()
  expect(await isMember()).toBe(false)
  expect(await club.told(hana)).toEqual(['welcome', 'ended'])
})

test('who blocks the shop and comes back sees the members’ menu again', async () => {
  await club.join(hana, club.links.member)
  await club.line.unfollow(hana.userId)
  await club.settle()
  expect(club.menu(hana)).toBe('none')
  await club.line.follow(hana.userId)
  await club.settle()
  expect(club.menu(hana)).toBe('会員')
})

test('who has blocked the shop while the membership ended sees the guests’ menu on coming back', async () => {
  const { subscription } = await club.join(hana, club.links.member)
  await club.line.unfollow(hana.userId)
  await club.settle()
  await club.stripe.cancelSubscription(subscription, 'now')
  await club.settle()
  await club.line.follow(hana.userId)
  await club.settle()
  expect(club.menu(hana)).toBe('ゲスト')
})

test('a subscription to goods makes nobody a member, and says nothing of membership', async () => {
  await club.join(hana, club.links.box)
  expect(await isMember()).toBe(false)
  expect(await club.told(hana)).toEqual([])
})

test('a set of tea and membership is called by the membership, at what the whole set costs', async () => {
  const set = club.stripe.addLink({
    items: [
      { name: 'お茶の小箱', amount: 1_200, quantity: 2 },
      { name: 'のれん会員', amount: 500 },
    ],
    currency: 'jpy',
    recurring: { interval: 'month' },
    paymentMethods: ['card'],
  })
  const product = club.stripe.soldBy(set.id)[1]?.product ?? ''
  const member = club.config.shop.roles?.find(({ id }) => id === 'member')
  member?.grants?.push({ product })
  await refreshCatalogue(club.catalogue)
  await club.join(hana, set.id)
  const { body } = await club.api(await club.cookieOf(hana), 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ plans: [{ name: 'のれん会員', amount: 2_900 }] })
  await club.line.say(hana.userId, '会員')
  await club.settle()
  expect(JSON.stringify(club.line.chat(hana.userId).at(-1))).toContain('2,900')
  member?.grants?.pop()
})

test('a set of two memberships is called by the higher one', async () => {
  const set = club.stripe.addLink({
    items: [
      { name: '豆の会', amount: 500 },
      { name: '葉の会', amount: 1_500 },
    ],
    currency: 'jpy',
    recurring: { interval: 'month' },
    paymentMethods: ['card'],
  })
  const [lower, higher] = club.stripe.soldBy(set.id)
  const role = (name: string) => club.config.shop.roles?.find(({ id }) => id === name)
  role('member')?.grants?.push({ product: lower?.product ?? '' })
  role('premium')?.grants?.push({ product: higher?.product ?? '' })
  await refreshCatalogue(club.catalogue)
  await club.join(hana, set.id)
  expect(await club.role(hana)).toBe('premium')
  const { body } = await club.api(await club.cookieOf(hana), 'GET', '/api/membership')
  expect(body['membership']).toMatchObject({ plans: [{ name: '葉の会', amount: 2_000 }] })
  for (const name of ['member', 'premium']) role(name)?.grants?.pop()
})

const always = Number.POSITIVE_INFINITY
/** As Stripe answers a restricted key. */
const notAllowed = (on: RegExp) => ({
  ...{ on, times: always, status: 403 },
  body: { error: { type: 'invalid_request_error', message: 'not the required permissions' } },
})

test('a refund that comes while the key may not read invoices is told once it may', async () => {
  club.stripe.addFault(notAllowed(/^GET \/v1\/invoice/))
  const { session } = await club.join(hana, club.links.member)
  await club.stripe.refund(session)
  await club.settle()
  club.stripe.clearFaults()
  await club.settleFor(3 * 3_600)
  const order = club.store.db.selectFrom('orders').select('status').where('id', '=', session)
  expect(await order.executeTakeFirst()).toEqual({ status: 'refunded' })
})

test('a shop without roles sells, pays back and fights disputes with a key that may not read subscriptions', async () => {
  const bare = await openClub({ shop: { roles: [] } })
  const taro = bare.line.addUser({ name: '太郎', friend: true, language: 'ja' })
  for (const on of [/^GET \/v1\/subscriptions/, /^GET \/v1\/customers/, /^GET \/v1\/invoice/])
    bare.stripe.addFault(notAllowed(on))
  const { session } = await bare.join(taro, bare.links.box)
  const tea = await bare.buy(taro, bare.links.tea)
  await bare.stripe.dispute(session)
  await bare.stripe.refund(tea)
  await bare.settle()
  const orders = await bare.store.db.selectFrom('orders').select(['id', 'status']).execute()
  expect(orders).toHaveLength(2)
  expect(orders).toContainEqual({ id: tea, status: 'refunded' })
  const waiting = await bare.store.db
    .selectFrom('events')
    .select('type')
    .where((eb) => eb.or([eb('handled_at', 'is', null), eb('outcome', '=', 'dead')]))
    .execute()
  expect(waiting).toEqual([])
  await bare.close()
})
