/** The five names that advertisers' tools write behind an address, without their `utm_`. */
export const UTM_NAMES = ['source', 'medium', 'campaign', 'term', 'content'] as const
export type Utm = { [Name in (typeof UTM_NAMES)[number]]?: string }

/** Stripe's own rule for what it carries on to a return page (https://docs.stripe.com/payment-links/url-parameters). */
const VALUE = /^[A-Za-z0-9_-]{1,150}$/

/** The good ones of what somebody sent; others are dropped without a word. null: none is left. */
export function readUtm(given: unknown): Utm | null {
  if (typeof given !== 'object' || given === null) return null
  const kept = UTM_NAMES.flatMap((name) => {
    const value: unknown = (given as Record<string, unknown>)[name]
    return typeof value === 'string' && VALUE.test(value) ? [[name, value] as const] : []
  })
  return kept.length > 0 ? Object.fromEntries(kept) : null
}

/** What stands behind an address as utm_source, utm_medium and so on; bad values are dropped. */
export function utmIn(query: URLSearchParams): Utm | null {
  return readUtm(Object.fromEntries(UTM_NAMES.map((name) => [name, query.get(`utm_${name}`)])))
}

/** As they stand behind an address: [['utm_source', 'newsletter'], …]. */
export function utmParameters(utm: Utm | null): [name: string, value: string][] {
  return UTM_NAMES.flatMap((name) => {
    const value = utm?.[name]
    return value === undefined ? [] : [[`utm_${name}`, value] as [string, string]]
  })
}

/** `utm_source` in the form of a source, where it can take that: "Google_Ads" is google-ads. */
export function sourceOfUtm(utm: Utm | null): string | null {
  const source = utm?.source?.toLowerCase().replaceAll('_', '-')
  return source && source.length <= 32 ? source : null
}
