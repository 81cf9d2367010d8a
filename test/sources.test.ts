import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentsOf } from '../server/integrations/order-payload.ts'
import { itemsOf } from '../server/orders/orders.store.ts'
import { forgetPerson } from '../server/people/forget-person.ts'
import { openReference, sealSource } from '../shared/reference.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { TEA } from './support/house.ts'

let club: Club
let tea: string

beforeAll(async () => {
  club = await openClub()
  tea = club.stripe.addLink({ ...TEA, shipping: { name: '宅配', amount: 500 } }).id
})
afterAll(() => club.close())

const UTM = { source: 'newsletter', medium: 'e-mail', campaign: 'spring_2026' }

async function checkout(user: LineUser, offer: string, from: object): Promise<string> {
  // A reference names the second in which it was made.
  club.forward({ seconds: 1 })
  const answer = await club.api(await club.logIn(user), 'POST', '/api/checkout', { offer, ...from })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body['url'] as unknown as string
}

/** Stripe tells of the link, and the shelf is read anew. */
async function show(link: string): Promise<void> {
  club.stripe.updateLink(link, { active: true })
  await club.settle()
}

async function pay(url: string): Promise<string> {
  const session = club.stripe.visit(url)
  await club.stripe.payByCard(session)
  await club.settle()
  return session
}

function stored(id: string) {
  return club.store.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}
const utmOf = async (id: string) => JSON.parse((await stored(id)).utm ?? 'null') as unknown
const visits = () => club.store.db.selectFrom('visits').selectAll().execute()

async function contents(id: string) {
  return contentsOf((await itemsOf(club.store.db, [id])).get(id) ?? [])
}

test('what stood behind the address stands beside the order', async () => {
  const url = await checkout(club.hanako, tea, { source: 'poster-kyoto', utm: UTM })
  // Stripe carries it on to the page that the shop has its buyers come back to.
  expect(new URL(url).searchParams.get('utm_campaign')).toBe('spring_2026')
  const session = await pay(url)
  expect(await stored(session)).toMatchObject({ source: 'poster-kyoto' })
  expect(await utmOf(session)).toEqual(UTM)
})

test.each([
  [{ utm: UTM }, 'newsletter', UTM],
  [{ utm: { source: 'Google_Ads' } }, 'google-ads', { source: 'Google_Ads' }],
  [{ utm: { source: 'x'.repeat(33) } }, 'shop', { source: 'x'.repeat(33) }],
  [{ utm: { source: '茶', medium: 'a b', term: 'x'.repeat(151), campaign: 7 } }, 'shop', null],
  [{ utm: { __proto__: null, evil: 'x', content: 'ok' } }, 'shop', { content: 'ok' }],
  [{ utm: 'utm_source=x' }, 'shop', null],
  [{ utm: [], source: { a: 1 } }, 'shop', null],
])('a buyer is never refused for what an address says (%j)', async (from, source, utm) => {
  const session = await pay(await checkout(club.hanako, tea, from))
  expect(await stored(session)).toMatchObject({ source })
  expect(await utmOf(session)).toEqual(utm)
})

test('a subscription that we open ourselves says so too', async () => {
  const session = await pay(await checkout(club.hanako, club.links.member, { utm: UTM }))
  expect(club.stripe.session(session).payment_link).toBe(null)
  expect(await stored(session)).toMatchObject({ source: 'newsletter' })
  expect(await utmOf(session)).toEqual(UTM)
})

test('of two ways to the till each order says its own', async () => {
  const first = await checkout(club.hanako, tea, { source: 'menu', utm: { content: 'first' } })
  const second = await checkout(club.hanako, tea, { source: 'menu', utm: { content: 'second' } })
  const later = await pay(second)
  const earlier = await pay(first)
  expect([await utmOf(earlier), await utmOf(later)]).toEqual([
    { content: 'first' },
    { content: 'second' },
  ])
})

test('a poster says where its buyers come from and names nobody; whoever comes back owns the order', async () => {
  const [secret = ''] = club.config.referenceSecrets
  const url = new URL(club.stripe.link(tea)?.url ?? '')
  const reference = sealSource({ source: 'poster-uji', issuedAt: 1_764_000_000 }, secret)
  url.searchParams.set('client_reference_id', reference)
  const session = await pay(url.href)
  expect(await stored(session)).toMatchObject({
    ...{ source: 'poster-uji', account_id: null, ownership: null, reference_forged: 0 },
  })
  const claim = async (utm?: object) => {
    const body = { session, utm }
    return club.api(await club.logIn(club.hanako), 'POST', '/api/orders/claim', body)
  }
  expect((await claim({ source: 'elsewhere', medium: 'paper' })).status).toBe(200)
  expect(await stored(session)).toMatchObject({ ownership: 'claimed', source: 'poster-uji' })
  // A page that is opened again brings the same, or something else, and changes nothing.
  await claim({ medium: 'other' })
  await claim()
  expect(await utmOf(session)).toEqual({ source: 'elsewhere', medium: 'paper' })
})

test('an order that said nothing of itself takes what the return page brings', async () => {
  const session = await pay(club.stripe.link(tea)?.url ?? '')
  expect(await stored(session)).toMatchObject({ source: null, utm: null })
  const cookie = await club.logIn(club.hanako)
  await club.api(cookie, 'POST', '/api/orders/claim', { session, utm: UTM })
  expect(await stored(session)).toMatchObject({ source: 'newsletter' })
  expect(await utmOf(session)).toEqual(UTM)
})

test('a buyer in somebody else’s hands cannot say where that one’s order came from', async () => {
  const session = await pay(await checkout(club.hanako, tea, { source: 'menu' }))
  const other = club.line.addUser({ name: '太郎', friend: true })
  const body = { session, utm: UTM }
  const answer = await club.api(await club.logIn(other), 'POST', '/api/orders/claim', body)
  expect(answer.status).toBe(409)
  expect(await utmOf(session)).toBe(null)
})

test('buttons and tiles say where they were tapped', async () => {
  const session = await pay(await checkout(club.hanako, tea, {}))
  const [receipt] = club.line.chat(club.hanako.userId).slice(-1)
  expect(JSON.stringify(receipt)).toContain(`/orders/${session}?source=message`)
  await club.line.say(club.hanako.userId, '会員')
  await club.settle()
  const [answer] = club.line.chat(club.hanako.userId).slice(-1)
  expect(JSON.stringify(answer)).toMatch(/liff\.line\.me[^"]*[?&]source=chat/)
})

test('a buyer takes three, and the cake that the page offers besides: order, receipt, contents and log say so', async () => {
  const cake = { name: '抹茶カステラ', amount: 1_200, adjustable: true }
  const discount = { name: '春の茶会', amount: 600 }
  const seed = { ...TEA, items: [{ name: '宇治煎茶 100g', amount: 1_980 }], discount }
  const link = club.stripe.addLink({ ...seed, adjustableQuantity: true, optionalItems: [cake] })
  const [offered] = link.optional_items ?? []
  await show(link.id)
  const session = club.stripe.visit(await checkout(club.hanako, link.id, { source: 'menu' }))
  club.stripe.takeOptional(session, offered?.price ?? '')
  club.stripe.changeQuantities(session, [3, 2])
  const before = club.logged.length
  await club.stripe.payByCard(session)
  await club.settle()

  const [sold] = club.stripe.soldBy(link.id)
  const bought = await contents(session)
  expect(bought).toMatchObject([
    { ...sold, name: '宇治煎茶 100g', quantity: 3, amount: 5_940 },
    { price: offered?.price, name: '抹茶カステラ', quantity: 2, amount: 2_400 },
  ])
  // The discount is shared out over the lines, which add up to what was paid.
  expect(bought.reduce((sum, { amountTotal }) => sum + amountTotal, 0)).toBe(7_740)
  expect(await stored(session)).toMatchObject({ amount: 7_740, subtotal: 8_340, discount: 600 })
  const receipt = JSON.stringify(club.line.chat(club.hanako.userId).at(-1))
  expect(receipt).toContain('宇治煎茶 100g')
  expect(receipt).toContain('抹茶カステラ')
  expect(receipt).toContain('7,740')

  const lines = club.logged.slice(before).filter((line) => line.includes('order paid'))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      ...{ order: session, currency: 'jpy', amount: 7_740 },
      items: bought.map(({ product, price, quantity, amountTotal }) => ({
        ...{ product, price, quantity, amount: amountTotal },
      })),
    },
  ])
  expect(lines.join()).not.toMatch(/花子|煎茶|U[0-9a-f]{32}/)
})

test('a page of ours offers besides what the link offers besides', async () => {
  const member = club.line.addUser({ name: '次郎', friend: true })
  const link = club.stripe.addLink({
    items: [{ name: '茶の定期便', amount: 3_000 }],
    recurring: { interval: 'month' },
    optionalItems: [{ name: '茶菓子の定期便', amount: 800 }],
  })
  await show(link.id)
  const session = club.stripe.visit(await checkout(member, link.id, {}))
  const [offered] = club.stripe.session(session).optional_items ?? []
  expect(club.stripe.session(session).payment_link).toBe(null)
  club.stripe.takeOptional(session, offered?.price ?? '')
  await club.stripe.payByCard(session)
  await club.settle()
  expect(await contents(session)).toMatchObject([
    { name: '茶の定期便', amountTotal: 3_000 },
    { name: '茶菓子の定期便', amountTotal: 800, price: offered?.price },
  ])
})

test('a way to the till is forgotten with the person, and by itself after sixty days', async () => {
  const shy = club.line.addUser({ name: '三郎', friend: true })
  const session = await pay(await checkout(shy, tea, { utm: UTM }))
  const theirs = async () =>
    (await visits()).filter(({ account_id }) => account_id === `line:${shy.userId}`)
  expect(await theirs()).toHaveLength(1)
  await forgetPerson({ store: club.store, clock: { now: () => new Date() } }, shy.userId)
  expect(await theirs()).toEqual([])
  // A newsletter may have put its reader's number there.
  expect(await stored(session)).toMatchObject({ source: 'newsletter', utm: null })

  expect((await visits()).length).toBeGreaterThan(0)
  club.forward({ hours: 60 * 24 + 1 })
  await checkout(shy, tea, { utm: UTM })
  expect(await visits()).toMatchObject([{ account_id: `line:${shy.userId}` }])
})

test('where it came from is proved by the reference alone', () => {
  const [secret = ''] = club.config.referenceSecrets
  const reference = sealSource({ source: 'poster', issuedAt: 1 }, secret)
  expect(openReference(reference.replace('poster', 'insta'), [secret])).toEqual({ kind: 'forged' })
})
