import { expect, test } from 'vitest'
import { openAs, type Standing, viewsOf } from '../server/portal/choose-view.ts'
import { plansOf } from '../server/portal/portal-plans.ts'
import { contentOf, permits, portalSpecs } from '../server/portal/portal-views.ts'
import type { PortalSpec, StripeOffer } from '../server/ports.ts'
import type { ShopConfig } from '../server/shop/define-shop.ts'

const PAGE = 'https://liff.line.me/1-a/membership'
const BARE = { name: 'のれん茶房', brand: '#2f5d50', taxNote: '税込' } as ShopConfig
const CLUB: ShopConfig = {
  ...BARE,
  roles: [
    { id: 'premium', title: 'プレミアム', grants: [{ product: 'prod_premium' }] },
    { id: 'member', title: '会員', grants: [{ price: ['price_live', 'price_month'] }] },
  ],
}
const PLANS = [{ product: 'prod_club', prices: ['price_month', 'price_year'] }]

function offer(id: string, over: Partial<StripeOffer> = {}): StripeOffer {
  return {
    id: `plink_${id}`,
    url: '',
    name: id,
    description: null,
    image: null,
    amount: 1_000,
    currency: 'jpy',
    interval: 'month',
    intervalCount: 1,
    trialDays: 0,
    shipping: [],
    active: true,
    soldOut: false,
    limited: false,
    prices: [{ price: `price_${id}`, product: `prod_${id}`, quantity: 1 }],
    ...over,
  }
}

function specsOf(shop: ShopConfig, plans: PortalSpec['plans'] = PLANS) {
  return portalSpecs(shop, { plans, returnUrl: PAGE })
}

function spec(shop: ShopConfig, name: string, plans = PLANS): PortalSpec {
  const found = specsOf(shop, plans).find(({ view }) => view === name)
  if (!found) throw new Error(`no view ${name}`)
  return found
}

function namesFor(shop: ShopConfig, over: Partial<Standing>): string[] {
  const standing = { role: 'guest', override: null, subscribes: false, owes: false, ...over }
  return viewsOf(shop, specsOf(shop), standing).map(({ view }) => view)
}

test('without a word in shop.config a guest sees receipts, a member all, and who owes money the card', () => {
  const nothing = { headline: null, invoices: true, details: [], pause: null, returnUrl: PAGE }
  expect(spec(BARE, 'guest')).toEqual({
    ...nothing,
    view: 'guest',
    card: false,
    cancel: null,
    plans: null,
  })
  expect(spec(BARE, 'member')).toEqual({
    ...nothing,
    view: 'member',
    card: true,
    details: ['name', 'email', 'address', 'phone'],
    cancel: 'period_end',
    plans: PLANS,
  })
  expect(spec(BARE, 'past_due')).toEqual({
    ...nothing,
    view: 'past_due',
    card: true,
    cancel: 'period_end',
    plans: null,
  })
})

test('a shop changes a view under its name, and adds others of its own', () => {
  const shop: ShopConfig = {
    ...BARE,
    language: 'en',
    portal: {
      member: { headline: { ja: '会員', en: 'Members' }, cancel: 'now', pause: [1, 2] },
      history: { invoices: true },
      quiet: { invoices: false, card: true, pause: [] },
    },
  }
  expect(specsOf(shop).map(({ view }) => view)).toEqual([
    'guest',
    'member',
    'past_due',
    'history',
    'quiet',
  ])
  expect(spec(shop, 'member')).toMatchObject({
    headline: 'Members',
    card: false,
    cancel: 'now',
    pause: [1, 2],
    plans: null,
  })
  expect(spec(shop, 'quiet')).toMatchObject({ invoices: false, card: true, pause: null })
})

test('members change among the subscriptions on the shelf that make them something', () => {
  const offers = [
    offer('premium'),
    offer('month', { prices: [{ price: 'price_month', product: 'prod_club', quantity: 1 }] }),
    offer('tea'),
  ]
  expect(plansOf(CLUB, offers)).toEqual([
    { product: 'prod_premium', prices: ['price_premium'] },
    { product: 'prod_club', prices: ['price_month'] },
  ])
})

test.each<[string, Partial<StripeOffer>]>([
  ['is switched off', { active: false }],
  ['is sold out', { soldOut: true }],
  ['may be sold only so often', { limited: true }],
  ['is bought once', { interval: null }],
  [
    'is a set of two',
    { prices: [0, 1].map((n) => ({ price: `price_${n}`, product: 'prod_premium', quantity: 1 })) },
  ],
  [
    'is sold by threes',
    { prices: [{ price: 'price_three', product: 'prod_premium', quantity: 3 }] },
  ],
])('nobody changes to an offer that %s', (_why, over) => {
  const month = offer('month')
  expect(plansOf(CLUB, [month, offer('premium', over)])).toBeNull()
  expect(plansOf(CLUB, [month, offer('premium')])).not.toBeNull()
})

test('nobody changes to what the shop itself has marked as sold out, or what an old list does not describe', () => {
  const shop: ShopConfig = { ...CLUB, offers: [{ link: 'plink_premium', soldOut: true }] }
  expect(plansOf(shop, [offer('month'), offer('premium')])).toBeNull()
  const { prices: _, ...old } = offer('premium')
  expect(plansOf(CLUB, [offer('month'), old])).toBeNull()
})

test('of one product Stripe takes one price for each interval: the one that the shop shows first', () => {
  const premium = (price: string, over: Partial<StripeOffer> = {}) =>
    offer(price, { prices: [{ price, product: 'prod_premium', quantity: 1 }], ...over })
  const offers = [premium('dear'), premium('cheap'), premium('year', { interval: 'year' })]
  expect(plansOf(CLUB, offers)).toEqual([{ product: 'prod_premium', prices: ['dear', 'year'] }])
  const shop: ShopConfig = { ...CLUB, offers: [{ link: ['plink_live', 'plink_cheap'] }] }
  expect(plansOf(shop, offers)).toEqual([{ product: 'prod_premium', prices: ['cheap', 'year'] }])
})

test('Stripe takes ten products, so the eleventh is left out and the first ten stay', () => {
  const many = Array.from({ length: 11 }, (_, at) => offer(`p${at}`))
  const products = many.map((each) => each.prices?.[0]?.product ?? '')
  const shop: ShopConfig = {
    ...BARE,
    roles: [{ id: 'member', title: '会員', grants: [{ product: products }] }],
  }
  const yearly = offer('first-year', {
    interval: 'year',
    prices: [{ price: 'price_year', product: 'prod_p0', quantity: 1 }],
  })
  const plans = plansOf(shop, [...many, yearly])
  expect(plans).toHaveLength(10)
  expect(plans?.[0]?.prices).toEqual(['price_p0', 'price_year'])
})

test.each<[string, ShopConfig, Partial<Standing>, string[]]>([
  ['a guest sees receipts', CLUB, {}, ['guest']],
  ['a member sees the member’s', CLUB, { role: 'member', subscribes: true }, ['member']],
  ['a member by gift too', CLUB, { role: 'premium' }, ['member']],
  ['who subscribes to tea can cancel it, role or not', BARE, { subscribes: true }, ['member']],
  ['a role that is no longer in shop.config is none', CLUB, { role: 'gone' }, ['guest']],
  [
    'who owes money sees the card first',
    CLUB,
    { role: 'member', subscribes: true, owes: true },
    ['past_due', 'member'],
  ],
  [
    'what staff chose goes before everything',
    { ...CLUB, portal: { history: {} } },
    { role: 'member', subscribes: true, owes: true, override: 'history' },
    ['history'],
  ],
  [
    'a choice of staff that shop.config no longer knows counts for nothing',
    CLUB,
    { role: 'member', override: 'history' },
    ['member'],
  ],
])('%s', (_what, shop, standing, names) => {
  expect(namesFor(shop, standing)).toEqual(names)
})

test('a role’s own list decides, also the guest’s, without what does not exist', () => {
  const shop: ShopConfig = {
    ...BARE,
    portal: { full: { card: true }, history: {} },
    roles: [
      { id: 'premium', title: 'P', portal: ['full', 'history'] },
      { id: 'member', title: 'M', portal: 'nowhere' },
      { id: 'guest', title: 'G', portal: 'history' },
    ],
  }
  expect(namesFor(shop, { role: 'premium' })).toEqual(['full', 'history'])
  expect(namesFor(shop, { role: 'member' })).toEqual(['member'])
  expect(namesFor(shop, { role: 'guest', subscribes: true })).toEqual(['history'])
})

test('a wish is a task that the view allows, or another view of the same person', () => {
  const shop: ShopConfig = {
    ...BARE,
    portal: { history: {}, vip: { card: true } },
    roles: [{ id: 'member', title: 'M', portal: ['member', 'history'] }],
  }
  const specs = specsOf(shop)
  const standing = { role: 'member', override: null, subscribes: true, owes: false }
  const open = (wish?: string) => {
    const { spec, task } = openAs(wish, viewsOf(shop, specs, standing), specs)
    return [spec.view, task]
  }
  expect(open()).toEqual(['member', null])
  expect(open('card')).toEqual(['member', 'card'])
  expect(open('cancel')).toEqual(['member', 'cancel'])
  expect(open('plan')).toEqual(['member', 'plan'])
  expect(open('history')).toEqual(['history', null])
  expect(() => open('pause')).toThrow(expect.objectContaining({ code: 'view_not_allowed' }))
  expect(() => open('vip')).toThrow(expect.objectContaining({ status: 403 }))
  for (const nobody of ['nowhere', '__proto__', 'constructor', ''])
    expect(() => open(nobody)).toThrow(
      expect.objectContaining({ status: 404, code: 'unknown_view' }),
    )
})

test('what a view permits is what its configuration holds', () => {
  const tasks = ['card', 'cancel', 'plan', 'pause'] as const
  const allowed = (spec: PortalSpec) => tasks.filter((task) => permits(spec, task))
  expect(allowed(spec(BARE, 'guest'))).toEqual([])
  expect(allowed(spec(BARE, 'past_due'))).toEqual(['card', 'cancel'])
  expect(allowed(spec(BARE, 'member'))).toEqual(['card', 'cancel', 'plan'])
  expect(allowed({ ...spec(BARE, 'member'), plans: null, pause: 'open' })).toEqual([
    'card',
    'cancel',
    'pause',
  ])
})

test('the order in which Stripe gives its lists back is no change; anything else is', () => {
  const member: PortalSpec = {
    ...spec(BARE, 'member'),
    pause: [3, 1, 12],
    plans: [...PLANS, { product: 'prod_a', prices: ['price_a'] }],
  }
  const shuffled: PortalSpec = {
    ...member,
    details: member.details.toReversed(),
    pause: [12, 1, 3],
    plans: [
      { product: 'prod_a', prices: ['price_a'] },
      { product: 'prod_club', prices: ['price_year', 'price_month'] },
    ],
  }
  expect(contentOf(shuffled)).toBe(contentOf(member))
  const others: Partial<PortalSpec>[] = [
    { view: 'vip' },
    { headline: '会員' },
    { invoices: false },
    { card: false },
    { details: [] },
    { cancel: 'now' },
    { pause: [1, 3] },
    { pause: null },
    { plans: null },
    { plans: [] },
    { returnUrl: 'https://liff.line.me/2-b/membership' },
  ]
  const contents = others.map((other) => contentOf({ ...member, ...other }))
  expect(new Set([contentOf(member), ...contents]).size).toBe(others.length + 1)
})
