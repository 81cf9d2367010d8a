import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../liff-app/api.ts'
import type { AllTexts } from '../liff-app/app-context.ts'
import { brandColours } from '../liff-app/brand.ts'
import { problemOf } from '../liff-app/problem.ts'
import { purchaseTerms } from '../liff-app/purchase-terms.ts'
import { routeOf } from '../liff-app/route.ts'
import { waitAfter } from '../liff-app/use-polling.ts'
import { ERROR_CODES, type LegalItem, type Offer, type ShopView } from '../shared/api.ts'
import { AA, contrastOf } from '../shared/contrast.ts'
import { ja as jaInner } from '../shared/i18n/pages/inner/ja.ts'
import { ja as jaDoor } from '../shared/i18n/pages/ja.ts'

const ja: AllTexts = { ...jaDoor, ...jaInner }

describe('the address of a page', () => {
  test.each([
    ['/', 'shop', ''],
    ['/?source=poster-tokyo', 'shop', ''],
    ['/checkout/plink_1A', 'checkout', 'plink_1A'],
    ['/return?session=cs_test_1', 'return', ''],
    ['/orders', 'orders', ''],
    ['/orders/', 'orders', ''],
    ['/orders/cs_test_1', 'order', 'cs_test_1'],
    ['/legal/', 'legal', ''],
    ['/join', 'join', ''],
    ['/join/plink_1A', 'checkout', 'plink_1A'],
    ['/membership?do=card', 'membership', ''],
    ['/link', 'link', ''],
    ['/membership/mine', 'notFound', 'mine'],
    ['/checkout', 'notFound', ''],
    ['/orders/cs_test_1/more', 'notFound', 'cs_test_1'],
    ['/anything', 'notFound', ''],
    ['/checkout/%E0%A4%A', 'checkout', '%E0%A4%A'],
  ])('%s shows the page "%s"', (address, page, id) => {
    expect(routeOf(address)).toMatchObject({ page, id })
  })

  test('never throws, whatever somebody typed, and gives the query back as it was', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.string(), (path, value) => {
        const route = routeOf(`/x${path}?source=${encodeURIComponent(value)}`)
        expect(route.query.get('source')).toBe(value.toWellFormed())
      }),
    )
  })
})

describe('the shop’s colour', () => {
  const css = readFileSync(new URL('../liff-app/style.css', import.meta.url), 'utf8')
  const [lightCss = '', darkCss = ''] = css.split('@media (prefers-color-scheme: dark)')
  const groundOf = (part: string, name: string) =>
    new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(part)?.[1] ?? 'missing'
  const colour = fc
    .integer({ min: 0, max: 0xffffff })
    .map((value) => `#${value.toString(16).padStart(6, '0')}`)

  test('is readable as text on every ground of the page, by day and by night', () => {
    fc.assert(
      fc.property(colour, (brand) => {
        const colours = brandColours(brand)
        for (const ground of ['paper', 'card']) {
          expect(contrastOf(colours['--ink-light']!, groundOf(lightCss, ground))).toBeGreaterThan(
            AA,
          )
          expect(contrastOf(colours['--ink-dark']!, groundOf(darkCss, ground))).toBeGreaterThan(AA)
        }
      }),
    )
  })

  test('carries readable text itself, by day and by night', () => {
    fc.assert(
      fc.property(colour, (brand) => {
        const colours = brandColours(brand)
        for (const mode of ['light', 'dark'])
          expect(
            contrastOf(colours[`--brand-${mode}`]!, colours[`--on-brand-${mode}`]!),
          ).toBeGreaterThan(AA)
      }),
    )
  })

  test('is the shopkeeper’s own by day, untouched', () => {
    fc.assert(
      fc.property(colour, (brand) => {
        expect(brandColours(brand)['--brand-light']).toBe(brand)
      }),
    )
  })
})

describe('the last check before paying', () => {
  const tea: Offer = {
    id: 'plink_1',
    name: '煎茶',
    names: null,
    description: null,
    descriptions: null,
    image: null,
    amount: 1280,
    currency: 'jpy',
    interval: null,
    intervalCount: 1,
    trialDays: 0,
    shipping: [],
    active: true,
    soldOut: false,
    role: null,
    terms: 'terms_1',
  }
  const notice: Partial<Record<LegalItem, string>> = {
    seller: '株式会社のれん',
    fees: '送料600円',
    paymentMethods: 'カード',
    paymentTiming: 'ご注文時',
    delivery: '3日以内に発送',
    phone: '0774-00-0000',
    email: 'tea@example.com',
    returns: '7日以内',
    quantity: 'お一人様10点まで',
    validity: '在庫のあるかぎり',
    subscription: '前日まで解約できます',
  }
  const shopWith = (texts: typeof notice): ShopView => ({
    name: 'のれん',
    tagline: null,
    brand: '#2f5d50',
    logo: null,
    taxNote: '税込',
    friendUrl: null,
    discord: null,
    legal: Object.entries(texts).map(([item, text]) => ({ item: item as LegalItem, text })),
    cancels: 'period_end' as const,
    tables: [],
    roles: [],
  })
  const now = new Date('2026-11-22T06:00:00.000Z')
  const said = (offer: Offer, shop: ShopView) =>
    Object.fromEntries(
      purchaseTerms(offer, shop, { texts: ja, language: 'ja', now }).map(({ name, says }) => [
        name,
        says,
      ]),
    )

  test('names the seller and the six things that the law wants', () => {
    expect(said(tea, shopWith(notice))).toEqual({
      seller: ['株式会社のれん'],
      quantity: [ja.checkout.once, 'お一人様10点まで'],
      total: ['¥1,280（税込）', ja.checkout.finalOnStripe, '送料600円'],
      payment: ['ご注文時', 'カード'],
      delivery: ['3日以内に発送'],
      validity: ['在庫のあるかぎり'],
      cancellation: ['7日以内', 'ご連絡先：0774-00-0000 / tea@example.com'],
    })
  })

  test('says of a subscription that it renews by itself, how often, and how to leave it', () => {
    const terms = said({ ...tea, interval: 'month', intervalCount: 3 }, shopWith(notice))
    expect(terms['quantity']?.[0]).toContain('3か月ごとに自動で更新')
    expect(terms['cancellation']).toContain('前日まで解約できます')
  })

  test('names the amount with shipping, where the buyer has no choice of it', () => {
    const [amount, parts] = said({ ...tea, shipping: [600] }, shopWith(notice))['total'] ?? []
    expect(amount).toBe('¥1,880（税込）')
    expect(parts).toBe('商品 ¥1,280 ＋ 送料 ¥600')
    const choice = said({ ...tea, shipping: [1200, 600] }, shopWith(notice))['total']
    expect(choice?.[0]).toMatch(/¥1,280（税込） ＋ 送料 ¥600から/)
    expect(said({ ...tea, shipping: [0] }, shopWith(notice))['total']?.[0]).toBe('¥1,280（税込）')
    const open = said({ ...tea, amount: null, shipping: [600] }, shopWith(notice))['total']
    expect(open?.[0]).toBe('商品 お支払い画面でお決めいただいた金額 ＋ 送料 ¥600')
  })

  test('says when each payment of a subscription falls due, and what a year of it comes to', () => {
    const monthly: Offer = { ...tea, interval: 'month' }
    const terms = said(monthly, shopWith(notice))
    expect(terms['payment']?.[0]).toBe(
      '1回目はお申し込み時、以後は毎月自動でお支払いいただきます。',
    )
    expect(terms['total']).toContain('お支払い開始から1年間の合計は¥15,360（税込）です。')
    const yearly = said({ ...tea, interval: 'year' }, shopWith(notice))
    expect(yearly['total']?.join()).not.toContain('1年間の合計')
  })

  test('names the day on which a free trial turns into a payment', () => {
    const terms = said({ ...tea, interval: 'month', trialDays: 14 }, shopWith(notice))
    expect(terms['total']?.[0]).toContain('はじめの14日間は無料')
    expect(terms['payment']?.[0]).toContain('最初のお支払いは2026年12月6日です')
  })

  test('says of a membership when it begins, how to leave it, and until when one stays a member', () => {
    const member: Offer = { ...tea, interval: 'month', role: 'member' }
    const terms = said(member, shopWith(notice))
    expect(terms['delivery']?.[0]).toContain('お申し込みが済みしだい')
    expect(terms['cancellation']?.slice(0, 2).join()).toMatch(
      /「解約」.*会員ページ.*期間が終わるまで/,
    )
    expect(terms['cancellation']).toContain('前日まで解約できます')
    expect(terms['cancellation']?.join()).not.toContain('無料期間')
    const forLife = said({ ...member, interval: null }, shopWith(notice))
    expect(forLife['cancellation']?.join()).not.toContain('「解約」')
  })

  test('says of a free trial that it is given once, and costs nothing when it is left in time', () => {
    const trial: Offer = { ...tea, interval: 'month', role: 'member', trialDays: 14 }
    const terms = said(trial, shopWith(notice))
    expect(terms['payment']?.join()).toContain('お一人様1回かぎり')
    expect(terms['cancellation']?.join()).toContain('無料期間のあいだに解約された場合')
  })

  test('leaves out the time limit where the shop sets none, and nothing else', () => {
    const { validity: _none, ...rest } = notice
    expect(Object.keys(said(tea, shopWith(rest)))).toEqual(
      Object.keys(said(tea, shopWith(notice))).filter((name) => name !== 'validity'),
    )
  })
})

describe('when something goes wrong', () => {
  test.each(ERROR_CODES)('the server’s "%s" is explained to the buyer', (code) => {
    const known = { ...ja.problems, ...ja.memberProblems }
    const { title, text } = known[problemOf(new ApiError(code, 400))]
    expect(title && text).toBeTruthy()
  })

  test('a code from a newer server, or a fault of our own, still gets a sentence', () => {
    expect(problemOf(new ApiError('from_the_future' as never, 418))).toBe('unexpected')
    expect(problemOf(new TypeError('no such thing'))).toBe('unexpected')
  })
})

test('the page asks for the payment at once, then ever more calmly, and never less than each 20 seconds', () => {
  const waits = Array.from({ length: 30 }, (_, asked) => waitAfter(asked))
  expect(waits[0]).toBeLessThan(1000)
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
  expect(Math.max(...waits)).toBe(20_000)
})
