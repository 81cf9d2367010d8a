import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What goes into `client_reference_id`. It travels through the buyer's browser, so on its own it is a
 * claim; sealed with the server's key it is proof that we handed it to that LINE user.
 *
 * Sealed form: `U<32 hex>_<source>_<issued>_<mac>` where `issued` is Unix seconds in base 36 and `mac`
 * is the first 16 bytes of HMAC-SHA-256 over everything before it, in lower-case hex. All of it is
 * `[A-Za-z0-9_-]` and at most 108 characters: Stripe silently drops anything else, and the buyer
 * still pays (https://docs.stripe.com/payment-links/url-parameters).
 */
export type OpenedReference =
  | { kind: 'sealed'; userId: string; source: string; issuedAt: number }
  | { kind: 'bare'; userId: string }
  | { kind: 'none' }
  | { kind: 'forged' }

const USER_ID = /^U[0-9a-f]{32}$/
const SEALED = /^(U[0-9a-f]{32})_([a-z0-9-]{1,32})_([0-9a-z]{1,9})_([0-9a-f]{32})$/

/** The default for a `source` that is missing or not of the form `[a-z0-9-]{1,32}`. */
export const DEFAULT_SOURCE = 'shop'

export function isLineUserId(text: string): boolean {
  return USER_ID.test(text)
}

/** Where a sale came from ("poster-tokyo"); anything that would break the sealed form becomes `shop`. */
export function cleanSource(source: unknown): string {
  return typeof source === 'string' && /^[a-z0-9-]{1,32}$/.test(source) ? source : DEFAULT_SOURCE
}

/** Seals a verified LINE user id. `issuedAt` is Unix seconds. Throws a TypeError for any other id. */
export function sealReference(
  claim: { userId: string; source: string; issuedAt: number },
  secret: string,
): string {
  if (!isLineUserId(claim.userId)) throw new TypeError('a reference can only seal a LINE user id')
  const issued = Math.floor(claim.issuedAt).toString(36)
  const rest = `${claim.userId}_${cleanSource(claim.source)}_${issued}`
  return `${rest}_${macOf(rest, secret)}`
}

/**
 * Says what a `client_reference_id` is worth. Every secret opens, so a key can be rotated without
 * losing the references that are already on their way. `none` is a payment without a reference;
 * `forged` is anything that is neither sealed by us nor a plain LINE user id.
 */
export function openReference(
  reference: string | null | undefined,
  secrets: readonly string[],
): OpenedReference {
  if (!reference) return { kind: 'none' }
  if (isLineUserId(reference)) return { kind: 'bare', userId: reference }
  const [, userId, source, issued, mac] = SEALED.exec(reference) ?? []
  if (!userId || !source || !issued || !mac) return { kind: 'forged' }
  const rest = reference.slice(0, -(mac.length + 1))
  const opened = secrets.filter((secret) => sameMac(mac, macOf(rest, secret)))
  if (opened.length === 0) return { kind: 'forged' }
  return { kind: 'sealed', userId, source, issuedAt: Number.parseInt(issued, 36) }
}

function macOf(rest: string, secret: string): string {
  return createHmac('sha256', secret).update(rest).digest().subarray(0, 16).toString('hex')
}

function sameMac(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
}
