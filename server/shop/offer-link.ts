import { sealSource } from '../../shared/reference.ts'
import { type Utm, utmParameters } from '../../shared/utm.ts'

/** How a link is marked, so that what is bought by it says so. */
type Marks = { source: string; utm: Utm | null }

/** Where an offer is bought inside LINE: for whoever has LINE on the phone, which is nearly everybody in Japan. */
export function offerInLine(liffId: string, offer: string, { source, utm }: Marks): string {
  const url = new URL(`https://liff.line.me/${liffId}/checkout/${offer}`)
  for (const [name, value] of [['source', source] as const, ...utmParameters(utm)])
    url.searchParams.set(name, value)
  return url.href
}

/**
 * The Payment Link itself, for people without LINE. Its reference is the same for all of them: it says
 * under our seal where they come from, and names nobody. Stripe carries the UTM on to the return page.
 */
export function offerAtStripe(
  link: string,
  { source, utm }: Marks,
  rules: { secret: string; now: Date },
): string {
  const url = new URL(link)
  const issuedAt = Math.floor(rules.now.getTime() / 1_000)
  url.searchParams.set('client_reference_id', sealSource({ source, issuedAt }, rules.secret))
  for (const [name, value] of utmParameters(utm)) url.searchParams.set(name, value)
  return url.href
}
