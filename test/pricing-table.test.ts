import fc from 'fast-check'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkShop } from '../server/shop/check-shop.ts'
import type { PricingTable } from '../server/shop/define-shop.ts'
import { openReference, sealReference } from '../shared/reference.ts'
import sample from '../shop.config.ts'
import { frontProxy } from './sandbox/front-proxy.ts'
import type { LineUser } from './sandbox/types.ts'
import { type Club, openClub } from './support/club.ts'
import { lookForLost } from './support/look-for-lost.ts'

const TABLE = 'prctbl_circle'
const TABLES: PricingTable[] = [
  {
    id: 'circle',
    table: { test: TABLE },
    publishableKey: { test: 'pk_test_circle' },
    title: 'のれんの会',
  },
]

let club: Club
beforeAll(async () => {
  club = await openClub({ shop: { pricingTables: TABLES } })
  const { member, premium } = club.prices
  club.stripe.addPricingTable({ id: TABLE, prices: [{ price: member }, { price: premium }] })
})
afterAll(() => club.close())

const friend = (name: string): LineUser => club.line.addUser({ name, friend: true, language: 'ja' })
const secrets = () => club.config.referenceSecrets

type Shown = {
  table: string
  publishableKey: string
  reference: string
  email: string | null
  customerSession: string | null
}
async function ask(user: LineUser, body: object = { id: 'circle' }) {
  const answer = await club.api(await club.cookieOf(user), 'POST', '/api/pricing-table', body)
  const { error } = answer.body as unknown as { error?: { code: string } }
  return { status: answer.status, code: error?.code, shown: answer.body as unknown as Shown }
}

/** What the page's element would hand to Stripe, and a plan chosen in it. */
function choose({ reference, email, customerSession }: Shown, price = club.prices.member): string {
  return club.stripe.chooseInTable(TABLE, {
    price,
    reference,
    ...(email && { email }),
    ...(customerSession && { customerSession }),
  })
}

async function pay(session: string) {
  await club.stripe.payByCard(session)
  await club.settle()
}

function sealedFor({ userId }: LineUser): string {
  const issuedAt = Math.floor(Date.now() / 1_000)
  return sealReference({ userId, source: 'shop', issuedAt }, String(secrets()[0]))
}

const orderOf = (session: string) =>
  club.store.db.selectFrom('orders').selectAll().where('id', '=', session).executeTakeFirst()

describe('what the table is told of who stands before it', () => {
  test('is the shop’s table with a sealed reference that names them and where they came from', async () => {
    const aoi = friend('葵')
    const { status, shown } = await ask(aoi, { id: 'circle', source: 'menu' })
    expect(status).toBe(200)
    expect(shown).toEqual({
      table: TABLE,
      publishableKey: 'pk_test_circle',
      reference: expect.any(String),
      email: null,
      customerSession: null,
    })
    const opened = openReference(shown.reference, secrets())
    expect(opened).toMatchObject({ kind: 'sealed', userId: aoi.userId, source: 'menu' })
  })

  test('is sealed also in a shop whose other references are bare', async () => {
    const bare = await openClub({
      shop: { pricingTables: TABLES },
      env: { REFERENCE_STYLE: 'bare' },
    })
    const cookie = await bare.cookieOf(bare.hanako)
    const { body } = await bare.api(cookie, 'POST', '/api/pricing-table', { id: 'circle' })
    const { reference } = body as unknown as Shown
    await bare.close()
    expect(openReference(reference, bare.config.referenceSecrets).kind).toBe('sealed')
  })

  test('is their e-mail, where LINE told it and they are no customer yet', async () => {
    const midori = friend('翠')
    await club.cookieOf(midori)
    await club.store.db
      .updateTable('accounts')
      .set({ email: 'midori@example.com' })
      .where('id', '=', `line:${midori.userId}`)
      .execute()
    const { shown } = await ask(midori)
    expect(shown.email).toBe('midori@example.com')
    const { customer_details } = club.stripe.session(choose(shown))
    expect(customer_details?.email).toBe('midori@example.com')
  })

  test('is the customer they are already, so that they become no second one', async () => {
    const kaede = friend('楓')
    const { customer } = await club.join(kaede, club.links.box)
    const { shown } = await ask(kaede)
    expect(shown).toMatchObject({ email: null, customerSession: expect.stringMatching(/^cuss_/) })
    const session = choose(shown)
    expect(club.stripe.session(session).customer).toBe(customer)
    await pay(session)
    expect(await club.role(kaede)).toBe('member')
    expect(club.stripe.subscriptionsOf(customer)).toHaveLength(2)
  })

  test('is no customer where the key may not, or Stripe knows them no longer', async () => {
    const nagi = friend('凪')
    const { customer } = await club.join(nagi, club.links.box)
    club.stripe.addFault({ on: /POST \/v1\/customer_sessions/, times: 1, status: 403 })
    expect((await ask(nagi)).shown).toMatchObject({ customerSession: null })
    expect(club.logged.join()).toContain('a pricing table is shown without its customer')
    club.stripe.hold()
    await club.stripe.deleteCustomer(customer)
    expect(await ask(nagi)).toMatchObject({ status: 200, shown: { customerSession: null } })
    await club.stripe.release()
  })

  test('is nothing while Stripe is silent, for a table that is unknown, and for strangers', async () => {
    const rin = friend('凛')
    await club.join(rin, club.links.box)
    club.stripe.addFault({ on: /POST \/v1\/customer_sessions/, times: 2, status: 500 })
    expect(await ask(rin)).toMatchObject({ status: 503, code: 'stripe_unavailable' })
    expect(await ask(rin, { id: 'other' })).toMatchObject({ status: 404, code: 'unknown_table' })
    const stranger = await club.api('', 'POST', '/api/pricing-table', { id: 'circle' })
    expect(stranger.status).toBe(401)
  })
})

describe('a plan chosen in the table', () => {
  test('makes a member, with receipt, welcome and menu, as any other does', async () => {
    const hinata = friend('日向')
    const utm = { source: 'newsletter', campaign: 'spring' }
    const { shown } = await ask(hinata, { id: 'circle', source: 'menu', utm })
    const session = choose(shown)
    await pay(session)
    expect(JSON.parse((await orderOf(session))?.utm ?? '{}')).toEqual(utm)
    expect(await orderOf(session)).toMatchObject({
      status: 'paid',
      account_id: `line:${hinata.userId}`,
      ownership: 'sealed',
      source: 'menu',
      link: null,
      reference_forged: 0,
    })
    expect(await club.role(hinata)).toBe('member')
    expect(club.menu(hinata)).toBe('会員')
    expect(await club.told(hinata)).toEqual(['welcome'])
    expect(club.heard(hinata.userId)).toHaveLength(2)
    expect(club.heard(club.staff).at(-1)).toContain('日向')
  })

  test('is not offered to who subscribes to a role, not even before the webhook has come', async () => {
    const tsumugi = friend('紬')
    await club.join(tsumugi, club.links.member)
    expect(await ask(tsumugi)).toMatchObject({ status: 409, code: 'already_subscribed' })

    const asahi = friend('旭')
    const cookie = await club.cookieOf(asahi)
    const { body } = await club.api(cookie, 'POST', '/api/checkout', { offer: club.links.member })
    const session = club.stripe.visit(String(body['url']))
    expect((await ask(asahi)).status).toBe(200)
    club.stripe.hold()
    await club.stripe.payByCard(session)
    expect(await ask(asahi)).toMatchObject({ status: 409, code: 'already_subscribed' })
    await club.stripe.release()
    await club.settle()
  })

  test('comes to the same in whatever order its events arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), async (weights) => {
        const user = friend('つばさ')
        const session = choose((await ask(user)).shown, club.prices.premium)
        club.stripe.hold()
        await club.stripe.payByCard(session)
        await club.stripe.release((events) =>
          events.toSorted((a, b) => weightOf(a.type, weights) - weightOf(b.type, weights)),
        )
        await club.settle()
        expect(await club.role(user)).toBe('premium')
        expect(await club.told(user)).toEqual(['welcome'])
        expect(club.heard(user.userId)).toHaveLength(2)
      }),
      { numRuns: 4 },
    )
  })
})

const weightOf = (type: string, weights: number[]) => weights[type.length % weights.length] ?? 0

describe('a plan chosen in a table on another page', () => {
  test.each([
    ['without a reference', undefined],
    ['with one that Stripe drops without a word', 'ゲスト 様'],
    ['with that page’s own word for its customer', 'customer-4711'],
  ])('%s is an order without an owner, until its buyer proves it', async (_how, reference) => {
    const session = club.stripe.chooseInTable(TABLE, {
      price: club.prices.member,
      ...(reference && { reference }),
    })
    await pay(session)
    expect(await orderOf(session)).toMatchObject({
      status: 'paid',
      account_id: null,
      reference_forged: 0,
    })
    const buyer = friend('さくら')
    const cookie = await club.cookieOf(buyer)
    const claimed = await club.api(cookie, 'POST', '/api/orders/claim', { session })
    expect(claimed.status).toBe(200)
    await club.settle()
    expect(await club.role(buyer)).toBe('member')
  })

  test('is nobody else’s by a copied user id: that brings a receipt, and no role', async () => {
    const hana = friend('花')
    const session = club.stripe.chooseInTable(TABLE, {
      price: club.prices.member,
      reference: hana.userId,
    })
    await pay(session)
    expect(await orderOf(session)).toMatchObject({ ownership: 'bare' })
    expect(await club.role(hana)).toBe('guest')
  })

  test('is found by looking, where no webhook told of it; what gives no role is not asked for for ever', async () => {
    const { catchUp } = lookForLost(club)
    const lookAnHourLater = () => {
      club.forward({ hours: 1 })
      return catchUp()
    }
    await lookAnHourLater()
    const [box] = club.stripe.soldBy(club.links.box)
    const price = String(box?.price)
    club.stripe.addPricingTable({ id: 'prctbl_box', prices: [{ price }] })
    const kei = friend('圭')
    const reference = sealedFor(kei)
    club.stripe.hold()
    const goods = club.stripe.chooseInTable('prctbl_box', { price })
    const unnamed = club.stripe.chooseInTable(TABLE, { price: club.prices.member })
    const named = club.stripe.chooseInTable(TABLE, { price: club.prices.member, reference })
    for (const session of [goods, unnamed, named]) await club.stripe.payByCard(session)
    club.stripe.requests.length = 0
    for (let hour = 0; hour < 4; hour++) await lookAnHourLater()
    expect(await orderOf(unnamed)).toMatchObject({ status: 'paid', account_id: null })
    expect(await club.role(kei)).toBe('member')
    expect(await orderOf(goods)).toBeUndefined()
    const asked = club.stripe.requests.filter((line) => line.endsWith(goods))
    // For its event, and for what the list says.
    expect(asked).toHaveLength(2)
    await club.stripe.release(() => [])
  })
})

describe('the page’s policy', () => {
  const policyOf = async (path: string, url = club.url) =>
    (await fetch(`${url}${path}`)).headers.get('content-security-policy') ?? ''

  test('lets Stripe’s script and frame in where a table stands, and nothing else', async () => {
    const strict = await policyOf('/')
    expect(strict).not.toMatch(/stripe|frame-src/)
    for (const path of ['/plans', '/plans/', '/plans/circle', '/plans/circle?source=menu']) {
      const parts = (await policyOf(path)).split(';')
      const added = parts.filter((part) => !strict.split(';').includes(part))
      expect(added).toEqual([
        "script-src 'self' https://js.stripe.com",
        'frame-src https://js.stripe.com',
      ])
    }
  })

  test('stays strict everywhere else, and everywhere in a shop without tables', async () => {
    const strict = await policyOf('/')
    for (const path of ['/join', '/plansx', '/orders/plans', '/legal', '/?liff.state=%2Fplans'])
      expect(await policyOf(path)).toBe(strict)
    expect(await policyOf('/api/pricing-table')).not.toContain('stripe')
    const plain = await openClub()
    const there = await policyOf('/plans/circle', plain.url)
    await plain.close()
    expect(there).toBe(strict)
  })

  test('comes with the names of the tables for the page, and no key', async () => {
    const html = await (await fetch(`${club.url}/plans`)).text()
    expect(html).toContain('"tables":[{"id":"circle","title":"のれんの会"}]')
    expect(html).not.toContain('pk_test_')
  })
})

test('in the demo the page is led to the stand-in, by its front and by nothing of its own', async () => {
  const noren = fastify()
  const policy = "script-src 'self' https://js.stripe.com; frame-ancestors 'none'"
  noren.get('/plans', (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html').send('<!doctype html>'),
  )
  noren.get('/assets/plans-1a2b.js', (_request, reply) =>
    reply.type('text/javascript').send('load("https://js.stripe.com/v3/pricing-table.js")'),
  )
  const norenUrl = await noren.listen({ port: 0, host: '127.0.0.1' })
  const front = fastify()
  const stripeUrl = club.stripe.url
  await front.register(frontProxy, { line: club.line, origin: norenUrl, norenUrl, stripeUrl })
  const page = await front.inject('/plans')
  const script = await front.inject('/assets/plans-1a2b.js')
  await front.close()
  await noren.close()
  expect(page.headers['content-security-policy']).toBe(
    `script-src 'self' ${stripeUrl}; frame-ancestors 'self'`,
  )
  expect(script.body).toBe(`load("${stripeUrl}/v3/pricing-table.js")`)
  const element = await fetch(`${stripeUrl}/v3/pricing-table.js`)
  expect(element.headers.get('content-type')).toMatch(/javascript/)
})

describe('the shop file', () => {
  const faultsOf = (pricingTables: unknown, livemode = false) =>
    checkShop({ ...sample, pricingTables: pricingTables as PricingTable[] }, livemode).filter(
      (fault) => fault.includes('pricingTables'),
    )

  test('may name tables, each once, for test and live mode side by side', () => {
    expect(faultsOf(TABLES)).toEqual([])
    expect(faultsOf([...TABLES, ...TABLES])).toEqual([
      'shop.config pricingTables : "circle" stands there twice.',
    ])
  })

  test.each<[string, unknown, RegExp]>([
    ['no list', {}, /must be a list/],
    ['an id that is no word', [{ ...TABLES[0], id: 'My Plans' }], /"My Plans" is no id/],
    ['another id of Stripe’s', [{ ...TABLES[0], table: { test: 'price_1' } }], /table\.test must/],
    [
      'a secret key',
      [{ ...TABLES[0], publishableKey: { test: 'sk_test_1' } }],
      /publishableKey\.test must .*\(pk_test_…\)/,
    ],
    [
      'the key of the other mode',
      [{ ...TABLES[0], publishableKey: { test: 'pk_live_1' } }],
      /publishableKey\.test must/,
    ],
    ['an empty title', [{ ...TABLES[0], title: '' }], /title must be a text/],
    ['nothing at all', [null], /"" is no id/],
  ])('with %s is told so', (_what, tables, sentence) => {
    expect(faultsOf(tables)).toEqual([expect.stringMatching(sentence)])
  })

  test('is told before a live key opens a shop whose tables are of test mode only', () => {
    expect(faultsOf(TABLES, true)).toEqual([
      expect.stringMatching(/circle\.table\.live must/),
      expect.stringMatching(/circle\.publishableKey\.live must/),
    ])
  })
})
