import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealReference } from '../shared/reference.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const FORGED = '参照IDが正しくありません'
const OLD_SECRET = 'the-reference-secret-before-rotation-01'
const MONTHLY = {
  ...TEA,
  paymentMethods: ['card'] as 'card'[],
  recurring: { interval: 'month' } as const,
}

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function moveTo(env: Record<string, string>): Promise<void> {
  await house.close()
  house = await openHouse({ env })
}

function storedOrder(id: string) {
  return house.store.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

function customers() {
  return house.store.db.selectFrom('customers').selectAll().execute()
}

/** Opens a link with this reference as a browser would, and pays by card. */
async function payWith(reference: string | null, seed = TEA): Promise<string> {
  const url = new URL(house.stripe.addLink(seed).url)
  if (reference !== null) url.searchParams.set('client_reference_id', reference)
  const session = house.stripe.visit(url.href)
  await house.stripe.payByCard(session)
  await house.settle()
  return session
}

function sealed(secret = house.config.referenceSecrets[0] ?? ''): string {
  const issuedAt = Math.floor(Date.now() / 1000)
  return sealReference({ userId: house.hanako.userId, source: 'poster', issuedAt }, secret)
}

async function claim(session: string, cookie?: string) {
  const as = cookie ?? (await house.logIn(house.hanako))
  return house.api(as, 'POST', '/api/orders/claim', { session })
}

test('a sealed reference proves whose order it is, and where it came from', async () => {
  const session = await payWith(sealed())
  expect(await storedOrder(session)).toMatchObject({
    account_id: `line:${house.hanako.userId}`,
    ownership: 'sealed',
    source: 'poster',
    reference_forged: 0,
  })
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a subscription bought with a sealed reference opens the customer portal', async () => {
  await payWith(sealed(), MONTHLY)
  const answer = await house.api(await house.logIn(house.hanako), 'POST', '/api/portal', {})
  expect(answer.status).toBe(200)
})

test('a LINE id that stands bare in a link gets the summary, and never the customer', async () => {
  const session = await payWith(house.hanako.userId, MONTHLY)
  expect(await storedOrder(session)).toMatchObject({ ownership: 'bare', source: null })
  expect((await storedOrder(session)).customer).toMatch(/^cus_/)
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(await customers()).toEqual([])
  const portal = await house.api(await house.logIn(house.hanako), 'POST', '/api/portal', {})
  expect(portal).toMatchObject({ status: 404, body: { error: { code: 'no_customer' } } })
})

test('the shop learns the LINE name behind a bare id, although nobody logged in', async () => {
  await payWith(house.hanako.userId)
  expect(house.heard(house.staff)[0]).toContain('花子 さん')
})

test('with UNSEALED_REFERENCES=ignore a bare id is nobody, and the order can be claimed', async () => {
  await moveTo({ UNSEALED_REFERENCES: 'ignore' })
  const session = await payWith(house.hanako.userId)
  expect(await storedOrder(session)).toMatchObject({ account_id: null, reference_forged: 0 })
  expect(house.heard(house.hanako.userId)).toEqual([])
  expect((await claim(session)).status).toBe(200)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('with REFERENCE_STYLE=bare the payment carries the LINE id alone, and the summary comes', async () => {
  await moveTo({ REFERENCE_STYLE: 'bare' })
  const session = await house.order(house.hanako, house.stripe.addLink(TEA).id, 'poster')
  expect(house.stripe.session(session).client_reference_id).toBe(house.hanako.userId)
  await house.stripe.payByCard(session)
  await house.settle()
  expect(await storedOrder(session)).toMatchObject({ ownership: 'bare' })
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test.each<[string, () => string]>([
  ['changed in one place', () => sealed().replace('_poster_', '_postes_')],
  ['cut short', () => sealed().slice(0, -1)],
  ['cut off after the name', () => sealed().slice(0, 40)],
  ['sealed with a key that is not ours', () => sealed('somebody-elses-secret-of-32-chars!!!')],
  ['moved to another LINE id', () => `U${'0'.repeat(32)}${sealed().slice(33)}`],
  ['written in capitals', () => sealed().toUpperCase()],
  ['some other program’s number', () => 'order-2026-1122'],
])(
  'a reference that was %s is nobody’s order, and the shop is told once to look',
  async (_, forge) => {
    const session = await payWith(forge())
    expect(await storedOrder(session)).toMatchObject({
      account_id: null,
      person_id: null,
      reference_forged: 1,
      status: 'paid',
    })
    await house.stripe.resend(house.stripe.events()[0]?.id ?? '', 3)
    await house.settle()
    expect(house.heard(house.staff).filter((line) => line.includes(FORGED))).toHaveLength(1)
    expect(house.line.book().map(({ to }) => to)).toEqual([house.staff])
  },
)

test('whoever paid with a forged reference can still claim what they paid for', async () => {
  const session = await payWith(`${sealed().slice(0, -4)}0000`)
  expect((await claim(session)).status).toBe(200)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('references sealed before a rotation still open, and new ones carry the new key', async () => {
  await moveTo({ REFERENCE_SECRET: `the-newest-reference-secret-of-all-1, ${OLD_SECRET}` })
  const old = await payWith(sealed(OLD_SECRET))
  expect(await storedOrder(old)).toMatchObject({ ownership: 'sealed' })
  const link = house.stripe.addLink(TEA).id
  const fresh = house.stripe.session(await house.order(house.hanako, link)).client_reference_id
  await moveTo({ REFERENCE_SECRET: 'the-newest-reference-secret-of-all-1' })
  expect(await storedOrder(await payWith(fresh))).toMatchObject({ ownership: 'sealed' })
})

test('a session that our own server opened is ours by its sealed reference alone', async () => {
  const session = house.stripe.openSession({ items: TEA.items, reference: sealed() })
  await house.stripe.payByCard(session)
  await house.settle()
  expect(await storedOrder(session)).toMatchObject({ ownership: 'sealed', link: null })
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('a payment from a poster belongs to whoever comes back with it, and the summary follows', async () => {
  const session = await payWith(null)
  const answer = await claim(session)
  expect(answer).toMatchObject({ status: 200, body: { order: { id: session, status: 'paid' } } })
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toHaveLength(1)
})

test('claiming twice changes nothing, and a second person is told that it is taken', async () => {
  const session = await payWith(null)
  const cookie = await house.logIn(house.hanako)
  expect((await claim(session, cookie)).status).toBe(200)
  expect((await claim(session, cookie)).status).toBe(200)
  const taro = await house.logIn(house.line.addUser({ name: '太郎' }))
  const second = await claim(session, taro)
  expect(second).toMatchObject({ status: 409, body: { error: { code: 'already_claimed' } } })
  expect((await house.api(taro, 'GET', `/api/orders/${session}`)).status).toBe(404)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
})

test('of many people who claim one payment at the same moment, one gets it', async () => {
  const session = await payWith(null)
  const cookies = await Promise.all(
    Array.from({ length: 8 }, (_, at) => house.logIn(house.line.addUser({ name: `客${at}` }))),
  )
  const answers = await Promise.all(cookies.map((cookie) => claim(session, cookie)))
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([200, ...Array(7).fill(409)])
  await house.settle()
  expect(house.line.book().filter(({ to }) => to !== house.staff)).toHaveLength(1)
})

test('an order that somebody else sealed cannot be claimed', async () => {
  const session = await payWith(sealed())
  const answer = await claim(session, await house.logIn(house.line.addUser({ name: '太郎' })))
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'already_claimed' } } })
})

test('a buyer who is back before Stripe’s webhook can claim, and hears once', async () => {
  house.stripe.hold()
  const session = house.stripe.visit(house.stripe.addLink(TEA).url)
  await house.stripe.payByCard(session)
  expect(await claim(session)).toMatchObject({ status: 200, body: { order: { status: 'paid' } } })
  await house.stripe.release()
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  expect(house.heard(house.staff)).toHaveLength(1)
  expect(house.heard(house.staff)[0]).toContain('花子')
})

test('a konbini order that is claimed says where to pay, and later thanks', async () => {
  const session = house.stripe.visit(house.stripe.addLink(TEA).url)
  await house.stripe.payByKonbini(session)
  await house.settle()
  expect((await claim(session)).body['order']).toMatchObject({ status: 'awaiting_payment' })
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(1)
  await house.stripe.settleKonbini(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
  expect(house.heard(house.hanako.userId)[1]).toContain('ありがとうございます')
})

test('a claimed subscription opens the customer portal at once', async () => {
  const session = await payWith(null, MONTHLY)
  const cookie = await house.logIn(house.hanako)
  await claim(session, cookie)
  expect(await customers()).toHaveLength(1)
  expect((await house.api(cookie, 'POST', '/api/portal', {})).status).toBe(200)
})

test('a purchase that is claimed late brings what its customer has subscribed to meanwhile', async () => {
  const [offer] = await house.gateway.listOffers([house.stripe.addLink(MONTHLY).id])
  const { price = '', product = '' } = offer?.prices?.[0] ?? {}
  house.config.shop.roles = [{ id: 'member', title: '会員', grants: [{ product }] }]
  const [[customer = ''] = []] = house.stripe.seedSubscribers(price, 1)
  const session = house.stripe.visit(house.stripe.addLink(TEA).url)
  house.stripe.session(session).customer = customer
  await house.stripe.payByCard(session)
  await house.settle()
  await claim(session)
  await house.settle()
  const memberships = house.store.db.selectFrom('memberships').select('role')
  expect(await memberships.execute()).toEqual([{ role: 'member' }])
})

test('a refund of a claimed order is told to the one who claimed it', async () => {
  const session = await payWith(null)
  await claim(session)
  await house.settle()
  await house.stripe.refund(session)
  await house.settle()
  expect(house.heard(house.hanako.userId)).toHaveLength(2)
})

test.each([
  ['is not known to Stripe', () => 'cs_test_a1nobody'],
  ['is no session at all', () => 'pi_3nobody'],
  ['tries to be an address', () => '../../v1/customers'],
  ['is empty', () => ''],
  ['is still open', () => house.stripe.visit(house.stripe.addLink(TEA).url)],
  ['belongs to another product', () => house.stripe.openSession({ items: TEA.items })],
  ['is a live one', () => house.stripe.openSession({ items: TEA.items, livemode: true })],
])('a payment that %s cannot be claimed', async (_, session) => {
  const answer = await claim(session())
  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'unknown_session' } } })
})
