import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  AccountsResponse,
  CodeResponse,
  ErrorResponse,
  JoinView,
  LinkRequest,
} from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import type { Clock, Store } from '../ports.ts'
import { chatNameOf, chatsOf } from './chats-of.ts'
import { requireAccount, requireLine } from './guard.ts'
import { joinByLink, lookAtJoinLink, type SeenJoin } from './join-accounts.ts'
import { makeJoinCode } from './join-codes.ts'
import { leaveAccounts } from './leave-accounts.ts'
import type { Leaving } from './move-out.ts'

type Options = { store: Store; clock: Clock; merges: Leaving; ring: () => void }

const limit = (max: number) => ({
  rateLimit: { max, timeWindow: 60_000, keyGenerator: (r: FastifyRequest) => `accounts ${r.ip}` },
})

const REFUSALS: Record<Exclude<SeenJoin['state'], 'good' | 'done'>, Refusal> = {
  unknown: new Refusal(
    404,
    'link_unknown',
    'Nobody knows this link. Ask for a new one in Discord.',
  ),
  expired: new Refusal(
    410,
    'link_expired',
    'This link was good for 15 minutes. Ask for a new one in Discord.',
  ),
  spent: new Refusal(
    410,
    'link_spent',
    'This link was used already, and works once. Ask for a new one in Discord.',
  ),
  other: new Refusal(
    409,
    'link_other_kind',
    'This link is for another page than the one it was opened on. Open it as it was sent.',
  ),
  other_line: new Refusal(
    409,
    'other_line',
    'This Discord account is linked with another LINE account. Unlink it there first.',
  ),
}
const ALONE = new Refusal(
  409,
  'not_linked',
  'There is only this account: nothing is linked that could be unlinked.',
)

/** One person, two chats: how their accounts become one, and are taken apart again. Looking spends nothing. */
export const accountRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, merges, ring } = options
  app.post(
    '/api/links/join/look',
    {
      schema: { body: LinkRequest, response: { 200: JoinView, '4xx': ErrorResponse } },
      config: limit(30),
    },
    async (request) => {
      const session = await requireLine(request, store.db)
      return viewOf(await lookAtJoinLink(store.db, request.body.token, session, clock.now()))
    },
  )
  app.post(
    '/api/links/join',
    {
      schema: { body: LinkRequest, response: { 200: JoinView, '4xx': ErrorResponse } },
      config: limit(30),
    },
    async (request) => {
      const session = await requireLine(request, store.db)
      const joined = viewOf(await joinByLink(merges, request.body.token, session))
      ring()
      return joined
    },
  )
  app.post(
    '/api/links/code',
    { schema: { response: { 200: CodeResponse, '4xx': ErrorResponse } }, config: limit(10) },
    async (request) => {
      const { accountId } = await requireAccount(request, store.db)
      const { code, until } = await makeJoinCode({ store, clock }, accountId)
      return { code, until: until.toISOString() }
    },
  )
  app.post(
    '/api/links/leave',
    { schema: { response: { 200: AccountsResponse, '4xx': ErrorResponse } }, config: limit(10) },
    async (request) => {
      const session = await requireLine(request, store.db)
      if (!(await leaveAccounts(merges, session.accountId))) throw ALONE
      ring()
      return { accounts: await chatsOf(store.db, session.personId) }
    },
  )
}

function viewOf(seen: SeenJoin): JoinView {
  if (!('comes' in seen)) throw REFUSALS[seen.state]
  const { state, comes, replaces } = seen
  return { name: comes.name, channel: chatNameOf(comes), replaces, joined: state === 'done' }
}
