import { jwtVerify, SignJWT } from 'jose'

/** Of all that we sign, only these open the page that stops campaigns; and they open nothing else. */
const AUDIENCE = 'noren:stop-campaigns'
/** Mails lie in mailboxes for years, and the law knows no day after which one may not say no. */
const GOOD_FOR_SECONDS = 10 * 365 * 86_400
export const STOP_PATH = '/api/campaigns/unsubscribe'

const key = (secret: string) => new TextEncoder().encode(secret)

/**
 * Whose letter it was. `mailbox`: the account that a mail went to, since whoever it belongs to may have become
 * one with somebody else by the time it is pressed.
 */
export type StopClaim = { personId: string; mailbox: string | null }

/** The link at the foot of a letter. It names a person and a mailbox by ids that say nothing to anybody else. */
export async function stopLink(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  { personId, mailbox }: StopClaim,
  now: Date,
): Promise<string> {
  const at = Math.floor(now.getTime() / 1_000)
  const token = await new SignJWT(mailbox ? { box: mailbox } : {})
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
): Promise<StopClaim | null> {
  if (typeof token !== 'string') return null
  for (const secret of secrets)
    try {
      const { payload } = await jwtVerify(token, key(secret), {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        currentDate: now,
      })
      const { sub, box } = payload
      if (sub) return { personId: sub, mailbox: typeof box === 'string' ? box : null }
    } catch {
      // not signed with this one, or for something else
    }
  return null
}
