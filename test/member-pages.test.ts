import { type ComponentChild, h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AllTexts } from '../liff-app/app-context.ts'
import { chatAddress, liffAddress } from '../liff-app/chat-address.ts'
import { planPrice, planSentences, subscribes } from '../liff-app/membership-words.ts'
import type { Portal } from '../liff-app/use-portal.ts'
import {
  type Boot,
  MEMBERSHIP_STATES,
  type Membership,
  type MembershipPlan,
  type Offer,
  type Order,
} from '../shared/api.ts'
import { discordWordsIn } from '../shared/i18n/discord/discord-words-in.ts'
import { en as enDoor } from '../shared/i18n/pages/en.ts'
import { en as enInner } from '../shared/i18n/pages/inner/en.ts'
import { ja as jaInner } from '../shared/i18n/pages/inner/ja.ts'
import { th as thInner } from '../shared/i18n/pages/inner/th.ts'
import { zhTW as zhTWInner } from '../shared/i18n/pages/inner/zh-TW.ts'
import { ja as jaDoor } from '../shared/i18n/pages/ja.ts'
import { th as thDoor } from '../shared/i18n/pages/th.ts'
import { zhTW as zhTWDoor } from '../shared/i18n/pages/zh-TW.ts'
import type { Language } from '../shared/language.ts'

const ALL: Record<Language, AllTexts> = {
  ja: { ...jaDoor, ...jaInner },
  en: { ...enDoor, ...enInner },
  th: { ...thDoor, ...thInner },
  'zh-TW': { ...zhTWDoor, ...zhTWInner },
}
const ja = ALL.ja

const OFFER: Offer = {
  id: 'plink_month',
  name: '月払い',
  names: null,
  description: null,
  descriptions: null,
  image: null,
  amount: 980,
  currency: 'jpy',
  interval: 'month',
  intervalCount: 1,
  trialDays: 0,
  shipping: [],
  active: true,
  soldOut: false,
  role: 'member',
  terms: 'terms_1',
}
const ROLES = [
  { id: 'premium', title: '茶人会員', benefits: '・いつでも1割引\n・茶会へのご招待' },
  { id: 'member', title: { ja: 'のれん会員', en: 'Noren member' }, benefits: null },
]
const BOOT: Boot = {
  liffId: '1234567890-AbcdEfgh',
  shop: {
    name: 'のれん茶房',
    tagline: null,
    brand: '#2f5d50',
    logo: null,
    taxNote: '税込',
    friendUrl: 'https://line.me/R/ti/p/@noren-sample',
    discord: null,
    cancels: 'period_end',
    legal: [],
    tables: [],
    roles: ROLES,
  },
  offers: [OFFER],
}
const PLAN: MembershipPlan = {
  id: 'sub_1',
  kind: 'subscription',
  role: 'member',
  name: '月払い',
  amount: 980,
  currency: 'jpy',
  interval: 'month',
  intervalCount: 1,
  state: 'active',
  at: '2026-12-22T05:00:00.000Z',
  due: null,
}
const MEMBER: Membership = {
  role: 'member',
  since: '2026-06-01T03:00:00.000Z',
  plans: [PLAN],
  trialUsed: false,
  features: ['free_shipping'],
  portal: { open: true, tasks: ['plan', 'cancel', 'card'], customers: [] },
}
const GUEST: Membership = {
  role: 'guest',
  since: null,
  plans: [],
  trialUsed: false,
  features: [],
  portal: { open: false, tasks: [], customers: [] },
}
const AT_REST: Portal = {
  going: null,
  error: null,
  customer: null,
  choose: () => {},
  visit: () => {},
  forget: () => {},
}

/** What a browser would bring along: the pages look at their own address while they load. */
function openBrowserAt(address: string, kept: Record<string, string> = {}) {
  const { pathname, search, hash, href } = new URL(address, 'https://shop.example')
  const location = { pathname, search, hash, href, assign: vi.fn(), reload: vi.fn() }
  const history = {
    state: null,
    replaceState: vi.fn((_state: unknown, _title: string, to: string) => {
      Object.assign(location, { hash: '', href: new URL(to, location.href).href })
    }),
  }
  const shelf = new Map(Object.entries(kept))
  const sessionStorage = {
    getItem: (name: string) => shelf.get(name) ?? null,
    setItem: (name: string, value: string) => void shelf.set(name, value),
    removeItem: (name: string) => void shelf.delete(name),
  }
  const nobodyListens = { addEventListener: () => {}, removeEventListener: () => {} }
  vi.stubGlobal('window', { ...nobodyListens, sessionStorage })
  vi.stubGlobal('location', location)
  vi.stubGlobal('history', history)
  return { location, shelf }
}

beforeAll(() => openBrowserAt('/membership'))
afterAll(() => vi.unstubAllGlobals())

async function show(child: ComponentChild, { boot = BOOT, language = 'ja' as Language } = {}) {
  const { AppContext } = await import('../liff-app/app-context.ts')
  const texts = ALL[language]
  const app = {
    ...{ boot, language, texts, inner: texts },
    chooseLanguage: () => {},
    speakInside: async () => {},
  }
  return renderToString(h(AppContext.Provider, { value: app }, child))
}

async function showStanding(membership: Membership, { boot = BOOT, catchingUp = false } = {}) {
  const { Standing } = await import('../liff-app/pages/membership.tsx')
  return show(h(Standing, { membership, portal: AT_REST, catchingUp, whenLinked() {} }), { boot })
}

/** The labels of what can be tapped, in their order. */
const taps = (html: string) =>
  [...html.matchAll(/<(?:a|button)[^>]*>(.*?)<\/(?:a|button)>/g)].map(([, label = '']) =>
    label.replace(/<[^>]*>/g, ''),
  )

describe('where a plan stands', () => {
  const said = (plan: Partial<MembershipPlan>, language: Language = 'ja') =>
    planSentences({ ...PLAN, ...plan }, ALL[language], language).join('')

  test.each([
    [{ state: 'active' }, '次回のお支払いは2026年12月22日です。'],
    [{ state: 'trial' }, '最初のお支払いは2026年12月22日です。'],
    [{ state: 'leaving' }, '2026年12月22日まで会員として'],
    [
      { state: 'past_due', due: 980 },
      '¥980のお支払いを確認できませんでした。2026年12月22日(火) 14:00 JSTまでに',
    ],
    [{ state: 'paused' }, '2026年12月22日に再開します。'],
    [{ state: 'paused', at: null }, '再開されるまで、お支払いはありません。'],
    [{ state: 'lapsed', due: 980 }, 'お支払いが済むまで、会員の特典をお休み'],
    [{ state: 'ended' }, '2026年12月22日に終了しました。'],
    [{ state: 'unending', at: null }, '期限なく'],
    [{ state: 'until' }, '2026年12月22日まで会員として'],
  ] as const)('%o is said in a sentence', (plan, sentence) => {
    expect(said(plan)).toContain(sentence)
  })

  test.each(Object.keys(ALL) as Language[])(
    'has words in %s also where no day is known',
    (language) => {
      for (const state of MEMBERSHIP_STATES) {
        expect(said({ state, at: null }, language)).toBeTruthy()
        expect(said({ state, at: null }, language)).not.toMatch(/null|Invalid|undefined/)
      }
    },
  )

  test('names the price of a subscription, and where what costs nothing came from', () => {
    const price = (plan: Partial<MembershipPlan>) => planPrice({ ...PLAN, ...plan }, ja, 'ja')
    expect(price({})).toBe('¥980/月')
    expect(price({ kind: 'purchase', interval: null, amount: 30_000 })).toBe('¥30,000')
    expect(price({ kind: 'gift', interval: null, amount: null, currency: null })).toBe(
      'お店からのご招待',
    )
  })

  test('only a subscription keeps from subscribing: a gift or a past purchase does not', () => {
    expect(subscribes(MEMBER)).toBe(true)
    expect(subscribes({ ...MEMBER, plans: [{ ...PLAN, state: 'ended' }] })).toBe(false)
    const others = [{ ...PLAN, kind: 'gift' } as const, { ...PLAN, kind: 'purchase' } as const]
    expect(subscribes({ ...MEMBER, plans: others })).toBe(false)
  })
})

describe('the membership page', () => {
  test('shows a member the card, the plan and exactly the tasks that the server lists', async () => {
    const html = await showStanding(MEMBER)
    expect(html).toContain('のれん会員')
    expect(html).toContain('2026年6月1日から会員')
    expect(html).toContain('次回のお支払いは2026年12月22日です。')
    expect(taps(html)).toEqual([
      'プランを変更する',
      '解約する',
      'お支払い方法を変更する',
      '請求書・領収書を見る',
    ])
    expect(html).not.toContain('free_shipping')
  })

  test('puts the card first where a payment did not go through', async () => {
    const plans = [{ ...PLAN, state: 'past_due' as const, due: 980 }]
    const html = await showStanding({ ...MEMBER, plans })
    expect(taps(html)[0]).toBe('お支払い方法を変更する')
    expect(html.match(/class="button primary[^"]*"/g)).toHaveLength(1)
  })

  test('lets somebody whom Stripe knows several times pick, the first of them at hand', async () => {
    const customers = [
      { id: 'cus_1', since: '2026-06-01T03:00:00.000Z', names: ['月払い'] },
      { id: 'cus_2', since: '2025-01-05T03:00:00.000Z', names: [] },
    ]
    const { PortalTasks } = await import('../liff-app/components/portal-tasks.tsx')
    const membership = { ...MEMBER, portal: { ...MEMBER.portal, customers } }
    const html = await show(
      h(PortalTasks, { membership, portal: { ...AT_REST, customer: 'cus_1' } }),
    )
    expect(html.match(/<input type="radio"[^>]*>/g)).toEqual([
      expect.stringMatching(/cus_1.* checked/),
      expect.not.stringContaining('checked'),
    ])
    expect(html).toContain('2025年1月5日からのご登録')
  })

  test('invites a guest, with what can be had, and says so where nothing can', async () => {
    const html = await showStanding(GUEST)
    expect(html).toContain(ja.membership.inviteTitle)
    expect(taps(html)).toEqual([ja.membership.join])
    const { roles: _none, ...bare } = BOOT.shop
    const plain = await showStanding(GUEST, { boot: { ...BOOT, shop: { ...bare, roles: [] } } })
    expect(plain).toContain(ja.membership.noRolesTitle)
  })

  test('invites back whose plan has ended, and shows a shop’s customers without roles their portal alone', async () => {
    const plans = [{ ...PLAN, role: null, state: 'ended' as const }]
    const back = await showStanding({ ...MEMBER, role: 'guest', since: null, plans })
    expect(back).toContain(ja.membership.inviteTitle)
    expect(back).toContain('に終了しました。')
    const shop = { ...BOOT.shop, roles: [] }
    const teaBox = { ...GUEST, portal: { open: true, tasks: ['cancel' as const], customers: [] } }
    const html = await showStanding(teaBox, { boot: { ...BOOT, shop } })
    expect(html).not.toContain(ja.membership.noRolesTitle)
    expect(taps(html)[0]).toBe(ja.membership.task.cancel)
  })

  test('does not invite whoever has just paid, while the news is on its way', async () => {
    const html = await showStanding(GUEST, { catchingUp: true })
    expect(html).not.toContain(ja.membership.inviteTitle)
    expect(html).toContain(ja.membership.checking)
  })

  test('shows a plan that rests without a card, and the way to pay for it', async () => {
    const plans = [{ ...PLAN, role: null, state: 'lapsed' as const, due: 980 }]
    const html = await showStanding({ ...MEMBER, role: 'guest', since: null, plans })
    expect(html).not.toContain('member-card')
    expect(html).toContain(ja.planText.lapsed)
    expect(taps(html)[0]).toBe(ja.membership.task.card)
  })

  test('offers a subscription to a member by gift, whose time may end', async () => {
    const plans = [{ ...PLAN, kind: 'gift' as const, state: 'until' as const }]
    expect(taps(await showStanding({ ...MEMBER, plans }))).toContain(ja.membership.join)
  })
})

describe('the plans to choose from', () => {
  test('stand under what they make of somebody, with what that brings, the simplest first', async () => {
    const { Choice } = await import('../liff-app/pages/join.tsx')
    const plans = [OFFER, { ...OFFER, id: 'plink_top', name: '茶人 月払い', role: 'premium' }]
    const html = await show(h(Choice, { plans, roles: ROLES }))
    expect(html.indexOf('のれん会員')).toBeLessThan(html.indexOf('茶人会員'))
    expect(html).toMatch(/<li class="benefit">.*?いつでも1割引<\/li>/)
    expect([...html.matchAll(/href="([^"]+)"/g)].map(([, to]) => to)).toEqual([
      '/join/plink_month',
      '/join/plink_top',
    ])
  })

  test('are not there in a shop that takes no new members, which says so', async () => {
    const { Choice } = await import('../liff-app/pages/join.tsx')
    expect(await show(h(Choice, { plans: [], roles: ROLES }))).toContain(ja.join.noneTitle)
  })
})

describe('a one-time link', () => {
  beforeEach(() => {
    vi.resetModules()
    return () => openBrowserAt('/membership')
  })

  test('shows whose it is, and waits for the button', async () => {
    openBrowserAt('/link')
    const asked = vi.fn()
    vi.stubGlobal('fetch', asked)
    const { Welcome } = await import('../liff-app/pages/link.tsx')
    const html = await show(
      h(Welcome, { token: 'secret-token', link: { name: '花子', channel: 'line' } }),
    )
    expect(taps(html)).toEqual(['花子さんとして続ける'])
    expect(html).not.toContain('secret-token')
    expect(asked).not.toHaveBeenCalled()
  })

  test('loses its secret from the address bar before anything else happens', async () => {
    const { location } = openBrowserAt('/link#secret-token')
    const { linkToken, takeLinkToken, cameByLink } = await import('../liff-app/by-link.ts')
    takeLinkToken()
    expect(linkToken()).toBe('secret-token')
    expect(location.href).toBe('https://shop.example/link')
    expect(cameByLink()).toBe(true)
  })

  test('leaves what stands behind the # of other pages alone', async () => {
    const { location } = openBrowserAt('/membership#access_token=x')
    const { linkToken, takeLinkToken, cameByLink } = await import('../liff-app/by-link.ts')
    takeLinkToken()
    expect(linkToken()).toBe(null)
    expect(location.hash).toBe('#access_token=x')
    expect(cameByLink()).toBe(false)
  })

  test('whose time is up is explained; nobody is sent to log in with LINE', async () => {
    openBrowserAt('/membership', { 'noren.byLink': '1' })
    const asked: string[] = []
    vi.stubGlobal('fetch', async (path: string) => {
      asked.push(path)
      return Response.json({ error: { code: 'unauthorized', message: '' } }, { status: 401 })
    })
    const { cameByLink } = await import('../liff-app/by-link.ts')
    const { goWithoutLine } = await import('../liff-app/start-line.ts')
    const { asBuyer } = await import('../liff-app/session.ts')
    const { problemOf } = await import('../liff-app/problem.ts')
    expect(cameByLink()).toBe(true)
    goWithoutLine()
    const call = vi.fn()
    const error = await asBuyer(call).catch((refused: unknown) => refused)
    expect(problemOf(error)).toBe('linkOver')
    expect(asked).toEqual(['/api/me'])
    expect(call).not.toHaveBeenCalled()
  })

  test('lets in with its cookie alone, also after a reload', async () => {
    const { shelf } = openBrowserAt('/link#secret-token')
    const hanako = {
      ...{ account: 'word', name: '花子', role: 'member', friend: true, language: null },
      channel: 'line' as const,
      accounts: [{ channel: 'line' as const, name: '花子' }],
    }
    vi.stubGlobal('fetch', async () => Response.json({ person: hanako }))
    const { enterByLink, whoIsBuying } = await import('../liff-app/session.ts')
    enterByLink(hanako)
    expect(await whoIsBuying()).toEqual(hanako)

    openBrowserAt('/membership', Object.fromEntries(shelf))
    vi.resetModules()
    const { cameByLink } = await import('../liff-app/by-link.ts')
    const { goWithoutLine } = await import('../liff-app/start-line.ts')
    const { whoIsBuying: afterReload } = await import('../liff-app/session.ts')
    expect(cameByLink()).toBe(true)
    goWithoutLine()
    expect(await afterReload()).toEqual(hanako)
  })

  test('no longer keeps LINE away once LINE itself has opened the page', async () => {
    openBrowserAt('/?liff.state=%2Fmembership', { 'noren.byLink': '1' })
    const { cameByLink } = await import('../liff-app/by-link.ts')
    expect(cameByLink()).toBe(false)
  })

  test.each(['link_unknown', 'link_expired', 'link_spent', 'wrong_account'] as const)(
    'that is refused as "%s" explains itself and leads to a new one',
    async (code) => {
      openBrowserAt('/link')
      const { ApiError } = await import('../liff-app/api.ts')
      const { ProblemNotice } = await import('../liff-app/components/problem-notice.tsx')
      const { problemOf } = await import('../liff-app/problem.ts')
      const error = new ApiError(code, 410)
      const html = await show(h(ProblemNotice, { error, retry: () => {} }))
      expect(html).toContain(ja.memberProblems[problemOf(error) as 'linkSpent'].title)
      expect(html).toContain('トークで「会員」と送ると、新しいリンクが届きます。')
      expect(html).toContain(liffAddress(BOOT.liffId, '/membership'))
      expect(html).toContain('https://line.me/R/oaMessage/%40noren-sample/?%E4%BC%9A%E5%93%A1')
    },
  )
})

describe('where a visit came from', () => {
  const opened = async (address: string, shelf?: Record<string, string>) => {
    openBrowserAt(address, shelf)
    vi.resetModules()
    const { rememberSource, rememberedSource } = await import('../liff-app/source.ts')
    rememberSource()
    return rememberedSource()
  }

  test('is read from the address, also where LINE carries it inside liff.state', async () => {
    const told = { source: 'instagram', utm: { campaign: 'spring' } }
    const path = '/checkout/plink_1?source=instagram&utm_campaign=spring&utm_term=%F0%9F%8D%B5'
    expect(await opened(path)).toEqual(told)
    expect(await opened(`/?liff.state=${encodeURIComponent(path)}`)).toEqual(told)
    expect(await opened('/?liff.state=%2Forders&source=nobody')).toEqual({})
  })

  test('is kept for the tab, until somebody comes from elsewhere', async () => {
    const shelf = { 'noren.source': 'poster', 'noren.utm': '{"medium":"paper"}' }
    expect(await opened('/orders', shelf)).toEqual({ source: 'poster', utm: { medium: 'paper' } })
    expect(await opened('/?source=menu', shelf)).toEqual({ source: 'menu' })
    expect(await opened('/?utm_source=news', shelf)).toEqual({ utm: { source: 'news' } })
    expect(await opened('/', { 'noren.utm': '{"medium":' })).toEqual({})
  })
})

test('a paid order offers to tell a friend, whose order then says so; one that came to nothing does not', async () => {
  const { ShareOffer } = await import('../liff-app/components/share-offer.tsx')
  const order = { status: 'paid', offer: 'plink_tea' } as Order
  const html = await show(h(ShareOffer, { order }))
  const [, address = ''] = /href="([^"]+)"/.exec(html) ?? []
  expect(new URL(address).searchParams.get('text')).toBe(
    `のれん茶房\n${liffAddress(BOOT.liffId, '/checkout/plink_tea?source=share')}`,
  )
  expect(await show(h(ShareOffer, { order: { ...order, status: 'failed' } }))).toBe('')
  expect(await show(h(ShareOffer, { order: { ...order, offer: null } }))).toBe('')
})

test('the way into the chat follows the shop’s own address on LINE, however it is written', () => {
  const chat = 'https://line.me/R/oaMessage/%40noren-sample/?member'
  expect(chatAddress('https://line.me/R/ti/p/@noren-sample', 'member')).toBe(chat)
  expect(chatAddress('https://line.me/R/ti/p/%40noren-sample?from=page', 'member')).toBe(chat)
  expect(chatAddress('https://lin.ee/abc', 'member')).toBe('https://lin.ee/abc')
  expect(chatAddress(null, 'member')).toBe(null)
})

test.each([
  ['ja', jaInner],
  ['en', enInner],
  ['th', thInner],
  ['zh-TW', zhTWInner],
] as const)(
  'what is to be typed in Discord is what Discord offers there: %s',
  (language, words) => {
    const { commands } = discordWordsIn(language).discord
    const { command, typed } = words.accounts
    expect(command).toBe(`/${commands.membership.name}`)
    expect(typed('K7QM')).toBe(`/${commands.membership.name} ${commands.code.name}:K7QM`)
  },
)
