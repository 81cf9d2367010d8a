import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { isLineUserId } from '../../shared/reference.ts'
import { type Clock, IdentityRefused, type VerifyIdentity } from '../ports.ts'

/**
 * Verifies a LIFF ID token here, against LINE's published keys: ES256 only (a Login channel's HS256
 * tokens and `none` are refused), LINE as issuer, our Login channel as audience, not expired by our
 * own clock (https://developers.line.biz/en/docs/line-login/verify-id-token/).
 * Throws IdentityRefused; `unavailable` when LINE's keys cannot be had.
 */
export function openIdentity(options: {
  apiBase: URL
  channelId: string
  clock: Clock
}): VerifyIdentity {
  const keys = createRemoteJWKSet(new URL('/oauth2/v2.1/certs', options.apiBase), {
    timeoutDuration: 5_000,
  })
  return async (idToken) => {
    try {
      const { payload } = await jwtVerify(idToken, keys, {
        algorithms: ['ES256'],
        issuer: 'https://access.line.me',
        audience: options.channelId,
        requiredClaims: ['exp', 'sub'],
        currentDate: options.clock.now(),
      })
      return identityOf(payload)
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

function identityOf(payload: JWTPayload) {
  if (!payload.sub || !isLineUserId(payload.sub)) throw new IdentityRefused('invalid')
  return {
    userId: payload.sub,
    name: typeof payload['name'] === 'string' ? payload['name'] : null,
    email: typeof payload['email'] === 'string' ? payload['email'] : null,
  }
}

function refusalOf(error: unknown): IdentityRefused {
  if (error instanceof IdentityRefused) return error
  if (error instanceof errors.JWTExpired) return new IdentityRefused('expired')
  // Our fault or LINE's, not the token's: the key set did not arrive, or not as one.
  const unanswered =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    (error instanceof Error && error.constructor === errors.JOSEError) ||
    !(error instanceof errors.JOSEError)
  return new IdentityRefused(unanswered ? 'unavailable' : 'invalid')
}
