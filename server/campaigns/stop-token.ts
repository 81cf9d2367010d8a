import { jwtVerify, SignJWT } from 'jose'

/** Of all that we sign, only these open the page that stops campaigns; and they open nothing else. */
const AUDIENCE = 'noren:stop-campaigns'
/** Mails lie in mailboxes for years, and the law knows no day after which one may not say no. */
const GOOD_FOR_SECONDS = 10 * 365 * 86_400
export const STOP_PATH = '/api/campaigns/unsubscribe'

const key = (secret: string) => new TextEncoder().encode(secret)

/** The link at the foot of a letter. It names a person by our own id, and nothing else of them. */
export async function stopLink(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  personId: string,
  now: Date,
): Promise<string> {
  const at = Math.floor(now.getTime() / 1_000)
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(personId)
    .setAudience(AUDIENCE)
    .setIssuedAt(at)
    .setExpirationTime(at + GOOD_FOR_SECONDS)
    .sign(key(secret))
  return `${publicUrl}${STOP_PATH}?t=${token}`
}

/** Whose link it is; null for anything that we did not sign for this with one of the secrets. */
export async function openStopToken(
  token: unknown,
  secrets: readonly string[],
  now: Date,
): Promise<string | null> {
  if (typeof token !== 'string') return null
  for (const secret of secrets)
    try {
      const { payload } = await jwtVerify(token, key(secret), {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        currentDate: now,
      })
      if (payload.sub) return payload.sub
    } catch {
      // not signed with this one, or for something else
    }
  return null
}
