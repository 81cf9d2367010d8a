import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { ErrorResponse, LinkRequest, LinkResponse, MeResponse } from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import type { Clock, Store } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { chatNameOf } from './chats-of.ts'
import { sessionOf } from './guard.ts'
import { type LinkState, lookAtLink, type OpenedLink, spendLink } from './one-time-links.ts'
import { channelOf, findAccount } from './people.store.ts'
import { personView } from './person-view.ts'
import type { Session } from './session.ts'
import { LINK_SESSION_SECONDS, type SetSession } from './set-session.ts'

type Options = { store: Store; clock: Clock; setSession: SetSession }

/** No session is asked for here: this is where one is made. */
export const LINK_PATHS = ['/api/links/look', '/api/links/spend'] as const
/** 256 bits cannot be tried out, but trying costs us something. */
const LIMIT = { max: 30, timeWindow: 60_000, keyGenerator: (r: FastifyRequest) => `link ${r.ip}` }

const REFUSALS: Record<Exclude<LinkState, 'good'>, Refusal> = {
  unknown: new Refusal(
    404,
    'link_unknown',
    'Nobody knows this link. Ask for a new one in the chat.',
  ),
  expired: new Refusal(
    410,
    'link_expired',
    'This link was good for 15 minutes. Ask for a new one in the chat.',
  ),
  other: new Refusal(
    409,
    'link_other_kind',
    'This link is for another page than the one it was opened on. Open it as it was sent.',
  ),
  spent: new Refusal(
    410,
    'link_spent',
    'This link was used already, and works once. Ask for a new one in the chat.',
  ),
}

/** One-time links: looked at as often as you like, and used up by a POST alone. */
export const linkRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock } = options
  app.post(
    LINK_PATHS[0],
    {
      schema: { body: LinkRequest, response: { 200: LinkResponse, '4xx': ErrorResponse } },
      config: { rateLimit: LIMIT },
    },
    async (request) => {
      const link = await lookAtLink(store.db, request.body.token, clock.now())
      const account = await ownerOf(link, request, store)
      return { name: account.name, channel: chatNameOf(account) }
    },
  )
  app.post(
    LINK_PATHS[1],
    {
      schema: { body: LinkRequest, response: { 200: MeResponse, '4xx': ErrorResponse } },
      config: { rateLimit: LIMIT },
    },
    async (request, reply) => {
      const { token } = request.body
      // Whoever is somebody else must not use up what is not theirs.
      await ownerOf(await lookAtLink(store.db, token, clock.now()), request, store)
      const account = await ownerOf(await spendLink({ store, clock }, token), request, store)
      const session = { personId: account.person_id, accountId: account.id, via: 'link' as const }
      await options.setSession(reply, session, LINK_SESSION_SECONDS)
      return { person: await personView(store.db, account) }
    },
  )
}

/** Whose link it is, if it still is one. Throws what is wrong with it, or with who asks. */
async function ownerOf(
  { state, accountId }: OpenedLink,
  request: FastifyRequest,
  { db }: Store,
): Promise<AccountRow> {
  const asks = sessionOf(request)
  if (accountId && asks && isSomebodyElse(asks, accountId))
    throw new Refusal(
      403,
      'wrong_account',
      'This link belongs to another LINE account than the one you are logged in with.',
    )
  if (state !== 'good') throw REFUSALS[state]
  const account = accountId ? await findAccount(db, accountId) : undefined
  if (!account) throw REFUSALS.unknown
  return account
}

/**
 * Logged in with another account of the same chat: the link came to the wrong browser. Whoever is there by another
 * link, or in another chat, has only come in by another door before; the page says whose link it is.
 */
function isSomebodyElse(asks: Session, accountId: string): boolean {
  if (asks.via === 'link' || asks.accountId === accountId) return false
  return channelOf(asks.accountId) === channelOf(accountId)
}
