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
    active: true,
    soldOut: false,
  }
  const notice: Partial<Record<LegalItem, string>> = {
    seller: '株式会社のれん',
    fees: '送料600円',
    paymentMethods: 'カード',
    paymentTiming: 'ご注文時',
    delivery: '3日以内に発送',
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
    legal: Object.entries(texts).map(([item, text]) => ({ item: item as LegalItem, text })),
  })
  const said = (offer: Offer, shop: ShopView) =>
    Object.fromEntries(
      purchaseTerms(offer, shop, ja, '¥1,280（税込）').map(({ name, ours, shops }) => [
        name,
        [...ours, ...shops],
      ]),
    )

  test('names the seller and the six things that the law wants', () => {
    expect(said(tea, shopWith(notice))).toEqual({
      seller: ['株式会社のれん'],
      quantity: [ja.checkout.once, 'お一人様10点まで'],
      total: ['¥1,280（税込）', '送料600円'],
      payment: ['ご注文時', 'カード'],
      delivery: ['3日以内に発送'],
      validity: ['在庫のあるかぎり'],
      cancellation: ['7日以内'],
    })
  })

  test('says of a subscription that it renews by itself, how often, and how to leave it', () => {
    const terms = said({ ...tea, interval: 'month', intervalCount: 3 }, shopWith(notice))
    expect(terms['quantity']?.[0]).toContain('3か月ごとに自動で更新')
    expect(terms['cancellation']).toContain('前日まで解約できます')
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
    const { title, text } = ja.problems[problemOf(new ApiError(code, 400))]
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
