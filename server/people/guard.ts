import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ACCOUNT_HEADER } from '../../shared/account-header.ts'
import { Refusal } from '../errors.ts'
import type { Clock, Db } from '../ports.ts'
import { findAccount, isPersonThere } from './people.store.ts'
import { accountWord } from './person-view.ts'
import { openSession, SESSION_COOKIE, type Session } from './session.ts'

const DECORATOR = 'session'

/** Reads the session cookie of every request of this scope, before any limit is counted. */
export function readSessions(
  api: FastifyInstance,
  options: { secrets: readonly string[]; clock: Clock },
): void {
  api.decorateRequest(DECORATOR, null)
  api.addHook('onRequest', async (request) => {
    const cookie = request.cookies[SESSION_COOKIE]
    request.setDecorator(DECORATOR, await openSession(cookie, options.secrets, options.clock.now()))
  })
}

/**
 * Nobody without a session gets past this door, but to the addresses where sessions are made. Before
 * the body is read: a stranger is told to log in, not what is wrong with what they sent. After the
 * limits, so that strangers are counted too. A session shows an account and no more: whose that is by now
 * is looked up each time, since an account may have left its person, or come to another, a moment ago.
 * A page that says for which account it speaks is a stranger to any other: one browser may have LINE open
 * in one tab and a link from another chat in the next, and both share the cookie.
 */
export function refuseStrangers(api: FastifyInstance, db: Db, waysIn: readonly string[]): void {
  api.addHook('preParsing', async (request) => {
    if (waysIn.includes(request.routeOptions.url ?? '')) return
    const session = requireSession(request)
    const speaksFor = request.headers[ACCOUNT_HEADER]
    if (speaksFor !== undefined && speaksFor !== accountWord(session.accountId)) throw STRANGER
    const personId = (await findAccount(db, session.accountId))?.person_id
    if (!personId || personId === session.personId) return
    // Forgotten since, and here again as somebody new: a cookie from before is nobody's.
    if (!(await isPersonThere(db, session.personId))) throw STRANGER
    request.setDecorator(DECORATOR, { ...session, personId })
  })
}

export function sessionOf(request: FastifyRequest): Session | null {
  return request.getDecorator<Session | null>(DECORATOR)
}

/** Who asks. Throws 401 when nobody is logged in. */
export function requireSession(request: FastifyRequest): Session {
  const session = sessionOf(request)
  if (session) return session
  throw STRANGER
}

export const STRANGER = new Refusal(401, 'unauthorized', 'Please log in and try again.')

/**
 * Who asks, where something is about to be written in their name: a cookie outlives a person who was
 * forgotten by up to 12 hours. Throws 401 when nobody is logged in, or nobody we know any more.
 */
export async function requireAccount(request: FastifyRequest, db: Db): Promise<Session> {
  const session = requireSession(request)
  const account = await findAccount(db, session.accountId)
  if (account?.person_id === session.personId) return session
  throw new Refusal(401, 'unauthorized', 'Please log in again.')
}

/** Who holds a one-time link has shown no LINE account to anybody. Throws 401 for them as well. */
export async function requireLine(request: FastifyRequest, db: Db): Promise<Session> {
  const session = await requireAccount(request, db)
  if (session.via === 'link') throw STRANGER
  return session
}
