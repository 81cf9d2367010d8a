import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { LineUser } from '../types.ts'
import { type LineState, loginChannelOf } from './line-state.ts'

const ISSUER = 'https://access.line.me'
const ID_TOKEN_SECONDS = 3600

export type IdTokens = ReturnType<typeof createIdTokens>

/** LINE Login's signing key: issues ID tokens, genuine ones and (for tests) others. */
export function createIdTokens(line: LineState) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  const publicKey = createPublicKey(privateKey)

  /** `over` replaces claims (undefined drops one); `header` may name another alg or kid. */
  function issue(user: LineUser, over: object = {}, header: Record<string, unknown> = {}): string {
    const claims = { ...claimsOf(line, user), ...over }
    const head = { alg: 'ES256', typ: 'JWT', kid, ...header }
    const signed = `${base64url(head)}.${base64url(claims)}`
    return `${signed}.${signature(String(head.alg), signed)}`
  }

  function signature(alg: string, signed: string): string {
    if (alg === 'none') return ''
    if (alg === 'HS256')
      return createHmac('sha256', line.channelSecret).update(signed).digest('base64url')
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
    return sign('sha256', Buffer.from(signed), key).toString('base64url')
  }

  return {
    issue,
    issuer: ISSUER,
    publicKey,
    /** GET /oauth2/v2.1/certs */
    certs: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] },
  }
}

function claimsOf(line: LineState, { userId, name, pictureUrl }: LineUser) {
  const now = Math.floor(line.now() / 1000)
  return {
    iss: ISSUER,
    sub: userId,
    aud: loginChannelOf(line.liffId),
    exp: now + ID_TOKEN_SECONDS,
    iat: now,
    amr: ['linesso'],
    name,
    ...(pictureUrl && { picture: pictureUrl }),
  }
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
