import type { FastifyReply } from 'fastify'
import type { Clock } from '../ports.ts'
import { SESSION_COOKIE, SESSION_SECONDS, type Session, sealSession } from './session.ts'

/** A link may lie in somebody's history: what it opens stays open for an hour only. */
export const LINK_SESSION_SECONDS = 3_600

export type SetSession = (reply: FastifyReply, session: Session, seconds?: number) => Promise<void>

/** Sets the cookie that says who asks. `secure` is false only on loopback http, where a browser would refuse it. */
export function openSetSession(options: {
  clock: Clock
  secret: string
  secure: boolean
}): SetSession {
  return async (reply, session, seconds = SESSION_SECONDS) => {
    const cookie = await sealSession(session, options.secret, options.clock.now(), seconds)
    reply.setCookie(SESSION_COOKIE, cookie, {
      httpOnly: true,
      secure: options.secure,
      sameSite: 'lax',
      path: '/',
      maxAge: seconds,
    })
  }
}
