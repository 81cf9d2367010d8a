import { jwtVerify, SignJWT } from 'jose'

/** Our own session, after LINE's ID token was verified once; or (`via: 'link'`) a one-time link was spent. */
export type Session = { personId: string; accountId: string; via?: 'link' }

export const SESSION_COOKIE = 'noren_session'
/** As long as LINE's own access token lives; after it the page shows an ID token again. */
export const SESSION_SECONDS = 12 * 3_600

const key = (secret: string) => new TextEncoder().encode(secret)

/** Signs a session with the newest secret. */
export function sealSession(
  session: Session,
  secret: string,
  now: Date,
  seconds = SESSION_SECONDS,
): Promise<string> {
  const at = Math.floor(now.getTime() / 1000)
  const claims = { acc: session.accountId, ...(session.via ? { via: session.via } : {}) }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(session.personId)
    .setIssuedAt(at)
    .setExpirationTime(at + seconds)
    .sign(key(secret))
}

/** null for anything that we did not sign with one of the secrets, or that is over. */
export async function openSession(
  cookie: string | undefined,
  secrets: readonly string[],
  now: Date,
): Promise<Session | null> {
  if (!cookie) return null
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(cookie, key(secret), {
        algorithms: ['HS256'],
        currentDate: now,
      })
      if (payload.sub && typeof payload['acc'] === 'string')
        return {
          personId: payload.sub,
          accountId: payload['acc'],
          ...(payload['via'] === 'link' ? { via: 'link' as const } : {}),
        }
    } catch {
      // not sealed with this one, or expired: the next secret, then nobody
    }
  }
  return null
}
