import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../shared/language.ts'
import { formatMoney, stripeDecimals } from '../shared/money.ts'
import { splitTax } from '../shared/split-tax.ts'

describe('an amount as the buyer reads it', () => {
  test.each<[number, string, Language, string]>([
    [3960, 'jpy', 'ja', '¥3,960'],
    [0, 'jpy', 'ja', '¥0'],
    [-500, 'jpy', 'ja', '-¥500'],
    [3960, 'jpy', 'en', '¥3,960'],
    [3960, 'jpy', 'th', '¥3,960'],
    [3960, 'jpy', 'zh-TW', '¥3,960'],
    [123456, 'usd', 'en', '$1,234.56'],
    [5, 'usd', 'en', '$0.05'],
    [-5, 'usd', 'en', '-$0.05'],
    [120000, 'twd', 'zh-TW', '$1,200'],
    [120050, 'twd', 'zh-TW', '$1,200.50'],
    [120000, 'twd', 'ja', 'NT$1,200'],
    [1234567, 'kwd', 'en', 'KWD 1,234.567'],
    [1, 'kwd', 'en', 'KWD 0.001'],
    [199900, 'isk', 'en', 'ISK 1,999'],
    [25000, 'thb', 'th', '฿250.00'],
    [9900, 'krw', 'en', '₩9,900'],
  ])('%i of %s in %s is written %s', (amount, currency, language, written) => {
    expect(plainSpaces(formatMoney(amount, currency, language))).toBe(written)
  })

  test('yen never gets the full-width sign, which looks foreign on a price tag', () => {
    for (const language of LANGUAGES) expect(formatMoney(1, 'jpy', language)).not.toContain('￥')
  })

  test('capital letters in the currency change nothing', () => {
    expect(formatMoney(199900, 'ISK', 'en')).toBe(formatMoney(199900, 'isk', 'en'))
    expect(stripeDecimals('KWD')).toBe(3)
  })

  test('no digit is lost or invented up to 99,999,999,999', () => {
    const amounts = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 })
    const currencies = fc.constantFrom('jpy', 'usd', 'eur', 'kwd', 'bhd', 'krw')
    fc.assert(
      fc.property(amounts, currencies, (amount, currency) => {
        const written = formatMoney(amount, currency, 'en')
        expect(minorUnitsIn(written)).toBe(BigInt(Math.abs(amount)))
        expect(written.includes('-')).toBe(amount < 0)
      }),
    )
  })

  test('currencies counted in hundredths that nobody writes show them only when there are any', () => {
    fc.assert(
      fc.property(
        fc.nat(99_999_999_999),
        fc.constantFrom('twd', 'isk', 'huf', 'ugx'),
        (n, currency) => {
          const written = formatMoney(n, currency, 'en')
          const minor = n % 100 === 0 ? minorUnitsIn(written) * 100n : minorUnitsIn(written)
          expect(minor).toBe(BigInt(n))
        },
      ),
    )
  })
})

/** All digits in a row: in English neither the comma nor the full stop is one. */
function minorUnitsIn(written: string): bigint {
  return BigInt(written.replace(/\D/g, ''))
}

/** Intl puts a no-break space after a currency code. */
function plainSpaces(written: string): string {
  return written.replaceAll('\u00A0', ' ')
}

describe('the tax of an order', () => {
  const parts = { subtotal: 1100, discount: 100, shipping: 600 }

  test('that its prices held all along is not added once more', () => {
    expect(splitTax({ ...parts, amount: 1600, tax: 145 })).toEqual({ added: 0, included: 145 })
  })

  test('that was put on top is what lifts the total', () => {
    expect(splitTax({ ...parts, amount: 1760, tax: 160 })).toEqual({ added: 160, included: 0 })
  })

  test('of both kinds is told apart', () => {
    expect(splitTax({ ...parts, amount: 1660, tax: 151 })).toEqual({ added: 60, included: 91 })
  })
})
