import { type Language, localeOf } from './language.ts'

/**
 * How many decimals Stripe counts in each currency's minor unit. Never derived from Intl, which
 * disagrees for ISK and UGX (0 there, 2 at Stripe) (https://docs.stripe.com/currencies).
 */
const NO_DECIMALS = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
)
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '))
/** Counted in hundredths by Stripe, but nobody writes the hundredths: shown only when there are any. */
const WHOLE_BY_CUSTOM = new Set('isk ugx twd huf'.split(' '))

export function stripeDecimals(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase()
  if (NO_DECIMALS.has(code)) return 0
  return THREE_DECIMALS.has(code) ? 3 : 2
}

/**
 * An amount in Stripe's minor unit as people write it: `formatMoney(3960, 'jpy', 'ja')` is "¥3,960".
 * Works on the digits, never on a float. Japanese gets the half-width yen sign, as price tags in
 * most online shops have it; Intl alone would give the full-width one.
 */
export function formatMoney(amount: number, currency: string, language: Language): string {
  const decimals = stripeDecimals(currency)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  const hideFraction = WHOLE_BY_CUSTOM.has(currency.toLowerCase()) && /^0*$/.test(fraction)
  const shown = hideFraction ? 0 : decimals
  const value = `${amount < 0 ? '-' : ''}${whole}${shown ? `.${fraction}` : ''}`
  return formatterOf(currency.toUpperCase(), shown, language)
    .format(value as Intl.StringNumericLiteral)
    .replace('￥', '¥')
}

/** The same as a plain number for spreadsheets, without sign of the currency or thousands: 1999 US cents are "19.99". */
export function plainAmount(amount: number, currency: string): string {
  const decimals = stripeDecimals(currency)
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = decimals ? `.${digits.slice(-decimals)}` : ''
  return `${amount < 0 ? '-' : ''}${whole}${fraction}`
}

/** Making a formatter costs 50 times what using it does, and a receipt writes a dozen amounts. */
const formatters = new Map<string, Intl.NumberFormat>()

function formatterOf(currency: string, decimals: number, language: Language): Intl.NumberFormat {
  const key = `${language} ${currency} ${decimals}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  formatters.set(key, made)
  return made
}
