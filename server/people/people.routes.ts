import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorResponse, MeResponse, SessionRequest } from '../../shared/api.ts'
import type { Language } from '../../shared/language.ts'
import { Refusal } from '../errors.ts'
import {
  type Clock,
  type Identity,
  IdentityRefused,
  type Store,
  type Tx,
  type VerifyIdentity,
} from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { requireSession } from './guard.ts'
import { describeAccount, ensureAccount, findAccount, lockAccount } from './people.store.ts'
import { personView } from './person-view.ts'
import type { SetSession } from './set-session.ts'

type Options = {
  store: Store
  clock: Clock
  verifyIdentity: VerifyIdentity
  setSession: SetSession
  /** The chat has spoken another language until now: what it shows may have to change */
  whenSpoken: (tx: Tx, accountId: string, language: Language) => Promise<void>
}

/** Who am I: the ID token is shown once, verified, and changed into a session of our own. */
export const peopleRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store } = options

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
      await options.setSession(reply, session)
      return { person: await personView(store.db, account) }
    },
  )

  app.get(
    '/api/me',
    { schema: { response: { 200: MeResponse, '4xx': ErrorResponse } } },
    async (request) => {
      const { accountId } = requireSession(request)
      const account = await findAccount(store.db, accountId)
      if (!account) throw new Refusal(401, 'unauthorized', 'Please log in again.')
      return { person: await personView(store.db, account) }
    },
  )
}

/** Makes or updates the account that LINE has just vouched for. */
async function welcome(
  { store, clock, whenSpoken }: Options,
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
    if (what.language && what.language !== account.language)
      await whenSpoken(tx, account.id, what.language)
    return { ...account, ...what, language: what.language ?? null }
  })
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
