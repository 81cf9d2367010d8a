import type { Language } from '../../shared/language.ts'
import { isLineUserId, sealReference } from '../../shared/reference.ts'
import { type Utm, utmParameters } from '../../shared/utm.ts'

/**
 * The Payment Link's address for this buyer: our reference, the page's language, and an e-mail to
 * prefill where LINE gave us one. Other systems read LINE's ids, so nobody else's is ever bare. Stripe drops invalid values without a word, so nothing that is not
 * ours is passed on (https://docs.stripe.com/payment-links/url-parameters).
 */
export function checkoutUrl(
  link: string,
  buyer: { userId: string; email: string | null; language: Language },
  rules: {
    style: 'sealed' | 'bare'
    secret: string
    source: string
    issuedAt: number
    utm: Utm | null
  },
): string {
  const url = new URL(link)
  const { source, issuedAt } = rules
  url.searchParams.set(
    'client_reference_id',
    rules.style === 'bare' && isLineUserId(buyer.userId)
      ? buyer.userId
      : sealReference({ userId: buyer.userId, source, issuedAt }, rules.secret),
  )
  url.searchParams.set('locale', buyer.language)
  if (buyer.email) url.searchParams.set('prefilled_email', buyer.email)
  // Stripe hands them on to the page that the shop has its buyers come back to.
  for (const [name, value] of utmParameters(rules.utm)) url.searchParams.set(name, value)
  return url.href
}
