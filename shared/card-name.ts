/** As Stripe calls them, in payment methods and in the older cards, and as they call themselves. */
const NAMES: Readonly<Record<string, string>> = {
  amex: 'American Express',
  american_express: 'American Express',
  diners: 'Diners Club',
  diners_club: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** null: one that we have no word for, and a wrong one would be worse than none. */
export function cardName(brand: string): string | null {
  return Object.hasOwn(NAMES, brand) ? (NAMES[brand] ?? null) : null
}
