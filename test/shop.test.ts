import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Offer } from '../shared/api.ts'
import { openReference } from '../shared/reference.ts'
import { type House, openHouse, TEA } from './support/house.ts'

const LISTS = /GET \/v1\/payment_links$/
const ALWAYS = Number.POSITIVE_INFINITY

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function moveTo(options: Parameters<typeof openHouse>[0]): Promise<void> {
  await house.close()
  house = await openHouse(options)
}

async function offers(): Promise<Offer[]> {
  const answer = await house.api(await house.logIn(house.hanako), 'GET', '/api/offers')
  expect(answer.status).toBe(200)
  return answer.body['offers'] as unknown as Offer[]
}

async function checkout(offer: string, more: Record<string, unknown> = {}, language?: string) {
  const cookie = await house.logIn(house.hanako, language)
  return house.api(cookie, 'POST', '/api/checkout', { offer, ...more })
}

const urlOf = (answer: { body: Record<string, unknown> }) => new URL(String(answer.body['url']))

function referenceOf(answer: { body: Record<string, unknown> }) {
  const reference = urlOf(answer).searchParams.get('client_reference_id')
  return openReference(reference, house.config.referenceSecrets)
}

test('an offer is shown exactly as Stripe describes it', async () => {
  const { id } = house.stripe.addLink({
    items: [
      {
        name: '宇治煎茶',
        description: '朝の一杯に',
        image: 'https://files.stripe.com/tea.png',
        amount: 1980,
      },
      { name: '茶筒', amount: 1000, quantity: 2 },
    ],
  })
  expect(await offers()).toEqual([
    {
      id,
      name: '宇治煎茶 + 茶筒 ×\u00a02',
      names: null,
      description: '朝の一杯に',
      descriptions: null,
      image: 'https://files.stripe.com/tea.png',
      amount: 3980,
      currency: 'jpy',
      interval: null,
      intervalCount: 1,
      trialDays: 0,
      shipping: [],
      active: true,
      soldOut: false,
      role: null,
      terms: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
  ])
})

test('a subscription says how often it is paid, and how long it is free at first', async () => {
  house.stripe.addLink({
    items: [{ name: '定期便', amount: 2500 }],
    recurring: { interval: 'month', interval_count: 3 },
    trialDays: 14,
  })
  expect(await offers()).toMatchObject([{ interval: 'month', intervalCount: 3, trialDays: 14 }])
})

test('what shipping costs is known before the payment page', async () => {
  house.stripe.addLink({ ...TEA, shipping: { name: '全国一律', amount: 600 } })
  expect(await offers()).toMatchObject([{ shipping: [600] }])
})

test('the shopkeeper’s order, words and pictures are laid over Stripe’s', async () => {
  const display = [
    { link: ['plink_live', 'plink_second'], name: { ja: '二番', en: 'Second' }, soldOut: true },
    { link: 'plink_first', image: '/first.png', description: '一番のお茶' },
  ]
  await moveTo({ shop: { offers: display } })
  for (const id of ['plink_unnamed', 'plink_first', 'plink_second'])
    house.stripe.addLink({ ...TEA, id })
  expect(await offers()).toMatchObject([
    { id: 'plink_second', names: { ja: '二番', en: 'Second' }, soldOut: true, image: null },
    { id: 'plink_first', image: '/first.png', descriptions: '一番のお茶', names: null },
    { id: 'plink_unnamed', names: null, descriptions: null },
  ])
})

test('only the links in PAYMENT_LINKS are offers, also inactive ones, and the other mode’s are not missed', async () => {
  await moveTo({ env: { PAYMENT_LINKS: 'plink_off,plink_live_only,plink_on' } })
  house.stripe.addLink({ ...TEA, id: 'plink_on' })
  house.stripe.addLink({ ...TEA, id: 'plink_off', active: false })
  house.stripe.addLink({ ...TEA, id: 'plink_of_another_shop' })
  const shown = (await offers()).map(({ id, active }) => [id, active])
  expect(shown).toEqual([
    ['plink_off', false],
    ['plink_on', true],
  ])
})

test('without PAYMENT_LINKS every active link is an offer', async () => {
  house.stripe.addLink({ ...TEA, id: 'plink_on' })
  house.stripe.addLink({ ...TEA, id: 'plink_off', active: false })
  expect((await offers()).map(({ id }) => id)).toEqual(['plink_on'])
})

test('more offers than fit on one page of Stripe’s are all shown', async () => {
  const ids = Array.from({ length: 103 }, () => house.stripe.addLink(TEA).id)
  expect((await offers()).map(({ id }) => id).sort()).toEqual(ids.sort())
})

test('a link that has sold as often as it may is sold out, and cannot be bought', async () => {
  await moveTo({ env: { PAYMENT_LINKS: 'plink_last' } })
  house.stripe.addLink({ ...TEA, id: 'plink_last', limit: 1 })
  const session = await house.order(house.hanako, 'plink_last')
  await house.stripe.payByCard(session)
  await house.settle()
  expect(await offers()).toMatchObject([{ active: false, soldOut: true }])
  expect(await checkout('plink_last')).toMatchObject({
    status: 409,
    body: { error: { code: 'offer_unavailable' } },
  })
})

test('what the shop changes in Stripe’s dashboard shows as soon as Stripe has told', async () => {
  const link = house.stripe.addLink(TEA)
  expect(await offers()).toMatchObject([{ name: '宇治煎茶 100g + 抹茶ようかん ×\u00a02' }])
  const cookie = await house.logIn(house.hanako)
  const [item] = await itemsOf(link.id)
  house.stripe.renameProduct(String(item?.price?.product), '新茶')
  await house.settle()
  expect(await offers()).toMatchObject([{ name: '新茶 + 抹茶ようかん ×\u00a02' }])
  house.stripe.updateLink(link.id, { active: false })
  await house.settle()
  expect((await house.api(cookie, 'GET', '/api/offers')).body).toEqual({ offers: [] })
})

test('a shopkeeper who changes forty things at once makes Noren ask Stripe a few times, not forty', async () => {
  const link = house.stripe.addLink(TEA)
  const [item] = await itemsOf(link.id)
  house.stripe.latencyMs = 20
  for (let nth = 1; nth <= 40; nth++)
    house.stripe.renameProduct(String(item?.price?.product), `新茶 ${nth}`)
  await house.settle()
  expect(house.stripe.requests.filter((line) => LISTS.test(line)).length).toBeLessThan(10)
  expect(await offers()).toMatchObject([{ name: expect.stringContaining('新茶 40') }])
})

test('where Stripe names a product without describing it, it is asked for the picture', async () => {
  const image = 'https://files.stripe.com/tea.png'
  const { id } = house.stripe.addLink({ items: [{ name: '宇治煎茶', image, amount: 1980 }] })
  const body = { object: 'list', data: await itemsOf(id), has_more: false }
  house.stripe.addFault({ on: /line_items$/, times: 1, status: 200, body })
  expect(await offers()).toMatchObject([{ name: '宇治煎茶', image }])
})

async function itemsOf(link: string) {
  const answer = await fetch(`${house.stripe.url}/v1/payment_links/${link}/line_items`, {
    headers: { authorization: `Bearer ${house.stripe.secretKey}` },
  })
  return ((await answer.json()) as { data: { price: { product: string } }[] }).data
}

/** What a month of reads lets one small shop ask for by age alone: 2,500 reads, two for this list. */
const OLD_SECONDS = (30 * 86_400) / (2_500 / 2)

test('a list that is old is given out once more while a new one is fetched', async () => {
  house.stripe.addLink({ ...TEA, id: 'plink_old' })
  await offers()
  house.stripe.addLink({ ...TEA, id: 'plink_new' })
  house.forward({ seconds: OLD_SECONDS - 5 })
  expect(await offers()).toHaveLength(1)
  house.forward({ seconds: 10 })
  expect(await offers()).toHaveLength(1)
  await vi.waitUntil(async () => (await offers()).length === 2)
})

test('when Stripe was never reached there are no offers yet, but there is a page', async () => {
  house.stripe.addFault({ on: /payment_links/, times: ALWAYS, status: 503 })
  house.stripe.addLink(TEA)
  const cookie = await house.logIn(house.hanako)
  expect(await house.api(cookie, 'GET', '/api/offers')).toMatchObject({
    status: 503,
    body: { error: { code: 'stripe_unavailable' } },
  })
  const page = await fetch(house.url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('"offers":null')
  house.stripe.clearFaults()
  expect(await offers()).toHaveLength(1)
})

test('while Stripe is away the last known offers stay, and can be bought', async () => {
  const { id } = house.stripe.addLink(TEA)
  await offers()
  house.stripe.addFault({ on: /payment_links/, times: ALWAYS, status: 503 })
  house.forward({ hours: 2 })
  expect(await offers()).toMatchObject([{ id }])
  expect((await checkout(id)).status).toBe(200)
})

test('a crowd before the first list arrived asks Stripe once', async () => {
  house.stripe.addLink(TEA)
  const cookie = await house.logIn(house.hanako)
  house.stripe.latencyMs = 100
  const crowd = Array.from({ length: 20 }, () => house.api(cookie, 'GET', '/api/offers'))
  for (const answer of await Promise.all(crowd)) expect(answer.status).toBe(200)
  expect(house.stripe.requests.filter((line) => LISTS.test(line))).toHaveLength(1)
})

test('checkout answers the Payment Link with a sealed reference, where it came from and the language', async () => {
  const link = house.stripe.addLink(TEA)
  const answer = await checkout(link.id, { source: 'poster-tokyo' }, 'zh-TW')
  expect(answer.status).toBe(200)
  expect(urlOf(answer).href.split('?')[0]).toBe(link.url)
  expect(urlOf(answer).searchParams.get('locale')).toBe('zh-TW')
  expect(urlOf(answer).searchParams.has('prefilled_email')).toBe(false)
  const opened = referenceOf(answer)
  expect(opened).toMatchObject({
    kind: 'sealed',
    userId: house.hanako.userId,
    source: 'poster-tokyo',
  })
  expect(opened.kind === 'sealed' && Math.abs(opened.issuedAt * 1000 - Date.now())).toBeLessThan(
    60_000,
  )
})

test('an e-mail address that LINE vouched for is filled in on the payment page', async () => {
  const { id } = house.stripe.addLink(TEA)
  const idToken = await house.line.idToken(house.hanako.userId, { email: 'hanako+tea@example.com' })
  const session = await house.api('', 'POST', '/api/session', { idToken })
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const answer = await house.api(cookie, 'POST', '/api/checkout', { offer: id })
  expect(urlOf(answer).searchParams.get('prefilled_email')).toBe('hanako+tea@example.com')
})

test.each([
  'POSTER',
  'x'.repeat(33),
  '',
  'a b',
  '名古屋',
  '../..',
  7,
  null,
  true,
  { $gt: '' },
  ['poster'],
])('a source like %j is no reason to lose a sale: it becomes "shop"', async (source) => {
  const answer = await checkout(house.stripe.addLink(TEA).id, { source })
  expect(answer.status).toBe(200)
  expect(referenceOf(answer)).toMatchObject({ kind: 'sealed', source: 'shop' })
})

test('an offer that the shop does not have is not found', async () => {
  house.stripe.addLink(TEA)
  for (const offer of ['plink_unknown', 'https://buy.stripe.com/x', '__proto__', ''])
    expect(await checkout(offer)).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_offer' } },
    })
})

test('an offer that is switched off cannot be bought', async () => {
  await moveTo({ env: { PAYMENT_LINKS: 'plink_off' } })
  house.stripe.addLink({ ...TEA, id: 'plink_off', active: false })
  expect(await checkout('plink_off')).toMatchObject({
    status: 409,
    body: { error: { code: 'offer_unavailable' } },
  })
})

test('an offer that the shop names but Stripe has switched off stays on the shelf, and cannot be bought', async () => {
  await moveTo({ shop: { offers: [{ link: 'plink_yokan' }, { link: 'plink_of_the_other_mode' }] } })
  const tea = house.stripe.addLink(TEA).id
  house.stripe.addLink({ ...TEA, id: 'plink_yokan' })
  house.stripe.updateLink('plink_yokan', { active: false })

  expect(await offers()).toMatchObject([
    { id: 'plink_yokan', active: false },
    { id: tea, active: true },
  ])
  expect(await checkout('plink_yokan')).toMatchObject({
    status: 409,
    body: { error: { code: 'offer_unavailable' } },
  })
})
