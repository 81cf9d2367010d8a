import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, MeResponse, type Person, SessionRequest } from '../../shared/api.ts'
import type { Language } from '../../shared/language.ts'
import { Refusal } from '../errors.ts'
import {
  type Clock,
  type Identity,
  IdentityRefused,
  type Store,
  type VerifyIdentity,
} from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { requireSession } from './guard.ts'
import { describeAccount, ensureAccount, findAccount, lockAccount } from './people.store.ts'
import { SESSION_COOKIE, SESSION_SECONDS, sealSession } from './session.ts'

type Options = {
  store: Store
  clock: Clock
  verifyIdentity: VerifyIdentity
  sessionSecret: string
  /** false only on loopback http, where a browser would refuse a Secure cookie */
  secureCookie: boolean
}

/** Who am I: the ID token is shown once, verified, and changed into a session of our own. */
export const peopleRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock } = options

  app.post(
    '/api/session',
    {
      schema: { body: SessionRequest, response: { 200: MeResponse, '4xx': ErrorResponse } },
      config: { rateLimit: { max: 30, timeWindow: 60_000, keyGenerator: (r) => `login ${r.ip}` } },
      attachValidation: true,
    },
    async (request, reply) => {
      const { validationError } = request
      if (validationError) throw isTooLong(validationError) ? INVALID : validationError
      const identity = await options.verifyIdentity(request.body.idToken).catch(refuse)
      const account = await welcome(options, identity, request.body.language)
      const session = { personId: account.person_id, accountId: account.id }
      const cookie = await sealSession(session, options.sessionSecret, clock.now())
      reply.setCookie(SESSION_COOKIE, cookie, {
        httpOnly: true,
        secure: options.secureCookie,
        sameSite: 'lax',
        path: '/',
        maxAge: SESSION_SECONDS,
      })
      return { person: personView(account) }
    },
  )

  app.get(
    '/api/me',
    { schema: { response: { 200: MeResponse, '4xx': ErrorResponse } } },
    async (request) => {
      const { accountId } = requireSession(request)
      const account = await findAccount(store.db, accountId)
      if (!account) throw new Refusal(401, 'unauthorized', 'Please log in with LINE again.')
      return { person: personView(account) }
    },
  )
}

/** Makes or updates the account that LINE has just vouched for. */
async function welcome(
  { store, clock }: Options,
  identity: Identity,
  language: Language | undefined,
): Promise<AccountRow> {
  const now = clock.now()
  return store.transaction(async (tx) => {
    const known = await ensureAccount(tx, identity.userId, now)
    const account = (await lockAccount(tx, known.id)) ?? known
    const what = {
      name: identity.name ?? account.name,
      email: identity.email ?? account.email,
      language: language ?? account.language ?? undefined,
      verified_at: now.toISOString(),
    }
    await describeAccount(tx, account.id, what)
    return { ...account, ...what, language: what.language ?? null }
  })
}

/** Members' roles come with subscriptions; until then everybody is a guest. */
function personView(account: AccountRow): Person {
  return {
    name: account.name,
    role: 'guest',
    friend: account.friend === null ? null : account.friend === 1,
    language: account.language,
  }
}

const INVALID = new Refusal(
  401,
  'id_token_invalid',
  'This LINE login is not valid. Please log in again.',
)

/** A token longer than any of LINE's is a bad token, not a bad request. */
function isTooLong({ validation }: { validation?: { keyword: string }[] }): boolean {
  return validation?.every(({ keyword }) => keyword === 'maxLength') === true
}

function refuse(error: unknown): never {
  if (!(error instanceof IdentityRefused)) throw error
  if (error.reason === 'expired')
    throw new Refusal(401, 'id_token_expired', 'This LINE login has expired. Please log in again.')
  if (error.reason === 'unavailable')
    throw new Refusal(
      503,
      'line_unavailable',
      'LINE does not answer. Please try again in a moment.',
    )
  throw INVALID
}
