import type Stripe from 'stripe'
import type { State } from './state.ts'

export const KONBINI_STORES = ['familymart', 'lawson', 'ministop', 'seicomart'] as const
export type KonbiniStore = (typeof KONBINI_STORES)[number]

const TOKYO_AHEAD = 9 * 60 * 60 * 1000
const DAY = 24 * 60 * 60 * 1000
/** Stripe's default; a Payment Link has no way to set another. */
const DAYS_TO_PAY = 3
/** https://docs.stripe.com/payments/konbini: yen only, within these bounds */
export const KONBINI_AMOUNTS = { least: 120, most: 300_000 }

/** What the buyer needs at the till, in each of the four chains. */
export function konbiniDetails(
  state: State,
  intentId: string,
): Stripe.PaymentIntent.NextAction.KonbiniDisplayDetails {
  const slip = (codeDigits: number) => ({
    confirmation_number: state.ids.digits(11),
    payment_code: state.ids.digits(codeDigits),
  })
  return {
    expires_at: lastSecondToPay(state.now()),
    hosted_voucher_url: `${state.url}/voucher/${intentId}`,
    stores: { familymart: slip(6), lawson: slip(6), ministop: slip(6), seicomart: slip(6) },
  }
}

/** 23:59:59 in Tokyo, three days on; Unix seconds. */
export function lastSecondToPay(now: Date): number {
  const startOfDayInTokyo = Math.floor((now.getTime() + TOKYO_AHEAD) / DAY) * DAY
  return (startOfDayInTokyo + (DAYS_TO_PAY + 1) * DAY - TOKYO_AHEAD) / 1000 - 1
}
