import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What goes into `client_reference_id`. It travels through the buyer's browser, so on its own it is a
 * claim; sealed with the server's key it is proof that we handed it to that LINE user.
 *
 * Sealed form: `U<32 hex>_<source>_<issued>_<mac>` where `issued` is Unix seconds in base 36 and `mac`
 * is the first 16 bytes of HMAC-SHA-256 over everything before it, in lower-case hex. Somebody on Discord
 * is `D<snowflake>_<source>_<issued>_<mac>`, and a poster that many people pay by says only where they come
 * from: `S_<source>_<issued>_<mac>`, by the same rule. `userId` below is `U…` or `D…`, as it stands there.
 * All of it is `[A-Za-z0-9_-]` and at most 108 characters: Stripe silently drops anything else, and
 * the buyer still pays (https://docs.stripe.com/payment-links/url-parameters).
 */
export type OpenedReference =
  | { kind: 'sealed'; userId: string; source: string; issuedAt: number }
  | { kind: 'source'; source: string; issuedAt: number }
  | { kind: 'bare'; userId: string }
  | { kind: 'none' }
  | { kind: 'forged' }

const USER_ID = /^U[0-9a-f]{32}$/
/** A snowflake is a 64-bit number, of 17 to 20 digits since 2015 (https://docs.discord.com/developers/reference#snowflakes). */
const SNOWFLAKE = /^[1-9]\d{16,19}$/
const SEALED =
  /^(U[0-9a-f]{32}|D[1-9]\d{16,19}|S)_([a-z0-9-]{1,32})_([0-9a-z]{1,9})_([0-9a-f]{32})$/
/** Where a user's id would stand, in a reference that names nobody */
const NOBODY = 'S'

/** The default for a `source` that is missing or not of the form `[a-z0-9-]{1,32}`. */
export const DEFAULT_SOURCE = 'shop'

export function isLineUserId(text: string): boolean {
  return USER_ID.test(text)
}

/** The id of a Discord user, server, role or application, as a plain number. */
export function isSnowflake(text: unknown): text is string {
  return typeof text === 'string' && SNOWFLAKE.test(text)
}

/** A user as references and the operator's tool name them: `U…` on LINE, `D…` on Discord. */
export function isUserId(text: string): boolean {
  return isLineUserId(text) || (text.startsWith('D') && isSnowflake(text.slice(1)))
}

export function isSource(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z0-9-]{1,32}$/.test(text)
}

/** Where a sale came from ("poster-tokyo"); anything that would break the sealed form becomes `shop`. */
export function cleanSource(source: unknown): string {
  return isSource(source) ? source : DEFAULT_SOURCE
}

/** Seals a verified user's id (`U…` or `D…`). `issuedAt` is Unix seconds. Throws a TypeError for any other id. */
export function sealReference(
  claim: { userId: string; source: string; issuedAt: number },
  secret: string,
): string {
  if (!isUserId(claim.userId))
    throw new TypeError('a reference can only seal the id of a LINE or Discord user')
  return seal(claim.userId, claim, secret)
}

/** For a poster or a bio link: says where a sale came from, truthfully, and names nobody. */
export function sealSource(claim: { source: string; issuedAt: number }, secret: string): string {
  return seal(NOBODY, claim, secret)
}

function seal(
  who: string,
  { source, issuedAt }: { source: string; issuedAt: number },
  secret: string,
): string {
  const rest = `${who}_${cleanSource(source)}_${Math.floor(issuedAt).toString(36)}`
  return `${rest}_${macOf(rest, secret)}`
}

/**
 * Says what a `client_reference_id` is worth. Every secret opens, so a key can be rotated without
 * losing the references that are already on their way. `source` is sealed by us and names nobody;
 * `none` is a payment without a reference; `forged` is anything that is neither sealed by us nor a
 * plain LINE user id.
 */
export function openReference(
  reference: string | null | undefined,
  secrets: readonly string[],
): OpenedReference {
  if (!reference) return { kind: 'none' }
  if (isLineUserId(reference)) return { kind: 'bare', userId: reference }
  const [, who, source, issued, mac] = SEALED.exec(reference) ?? []
  if (!who || !source || !issued || !mac) return { kind: 'forged' }
  const rest = reference.slice(0, -(mac.length + 1))
  const opened = secrets.filter((secret) => sameMac(mac, macOf(rest, secret)))
  if (opened.length === 0) return { kind: 'forged' }
  const told = { source, issuedAt: Number.parseInt(issued, 36) }
  return who === NOBODY ? { kind: 'source', ...told } : { kind: 'sealed', userId: who, ...told }
}

function macOf(rest: string, secret: string): string {
  return createHmac('sha256', secret).update(rest).digest().subarray(0, 16).toString('hex')
}

function sameMac(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
}
