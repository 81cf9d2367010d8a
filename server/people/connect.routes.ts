import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  ConnectView,
  ErrorResponse,
  LinkRequest,
  MeResponse,
  RenewResponse,
} from '../../shared/api.ts'
import { Refusal } from '../errors.ts'
import type { Clock, Store } from '../ports.ts'
import type { AccountRow } from '../store/tables.ts'
import { connectPayer, lookAtMailed, type Mailed } from './connect-payer.ts'
import { requireLine, STRANGER } from './guard.ts'
import type { Merges } from './merge-people.ts'
import { lookAtLink } from './one-time-links.ts'
import { chatAccountOf, inviteLater } from './payers.ts'
import { findAccount } from './people.store.ts'
import { personView } from './person-view.ts'
import { masked, whatIsConnected } from './what-is-connected.ts'

type Options = { store: Store; clock: Clock; merges: Merges; ring: () => void }

const limit = (max: number) => ({
  rateLimit: { max, timeWindow: 60_000, keyGenerator: (r: FastifyRequest) => `connect ${r.ip}` },
})

const REFUSALS: Record<Exclude<Mailed['state'], 'good' | 'mine'>, Refusal> = {
  unknown: new Refusal(404, 'link_unknown', 'Nobody knows this link. Open the newest mail again.'),
  expired: new Refusal(
    410,
    'link_expired',
    'This link was good for 14 days. Ask for a new mail to the same address.',
  ),
  spent: new Refusal(
    410,
    'link_spent',
    'This link was used already, and works once. Open the newest mail, or ask the shop.',
  ),
  other: new Refusal(
    409,
    'link_other_kind',
    'This link is for another page than the one it was opened on. Open it as it was sent.',
  ),
  taken: new Refusal(
    409,
    'already_connected',
    'What was paid belongs to another LINE account already. If that is not yours, ask the shop.',
  ),
}

/** Becoming one with what was paid before: by a mail's link, inside LINE. Looking spends nothing. */
export const connectRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { store, clock, merges, ring } = options
  app.post(
    '/api/links/connect/look',
    {
      schema: { body: LinkRequest, response: { 200: ConnectView, '4xx': ErrorResponse } },
      config: limit(30),
    },
    async (request) => {
      const session = await requireLine(request, store.db)
      const mailed = await lookAtMailed(store.db, request.body.token, session, clock.now())
      return whatIsConnected(store.db, mailboxOf(mailed), mailed.state === 'mine')
    },
  )
  app.post(
    '/api/links/connect',
    {
      schema: { body: LinkRequest, response: { 200: MeResponse, '4xx': ErrorResponse } },
      config: limit(30),
    },
    async (request) => {
      const session = await requireLine(request, store.db)
      mailboxOf(await connectPayer(merges, request.body.token, session))
      ring()
      const account = await findAccount(store.db, session.accountId)
      if (!account) throw STRANGER
      return { person: await personView(store.db, account) }
    },
  )
  app.post(
    '/api/links/connect/renew',
    {
      schema: { body: LinkRequest, response: { 200: RenewResponse, '4xx': ErrorResponse } },
      config: limit(10),
    },
    async (request) => {
      await requireLine(request, store.db)
      const mailbox = await renew(options, request.body.token)
      ring()
      return { mail: masked(mailbox.address) }
    },
  )
}

/** A link that has expired brings a new mail to where the old one went, once a day; to nowhere else. */
async function renew({ store, clock }: Options, token: string): Promise<AccountRow> {
  const now = clock.now()
  const { state, accountId } = await lookAtLink(store.db, token, now, 'connect')
  const mailbox = accountId ? await findAccount(store.db, accountId) : undefined
  if (!mailbox) throw state === 'other' ? REFUSALS.other : REFUSALS.unknown
  if (state === 'spent') throw REFUSALS.spent
  if (await chatAccountOf(store.db, mailbox.person_id)) throw REFUSALS.taken
  const id = now.toISOString().slice(0, 10)
  await store.transaction((tx) => inviteLater({ store, clock }, tx, mailbox.id, { id }))
  return mailbox
}

function mailboxOf(mailed: Mailed): AccountRow {
  if ('mailbox' in mailed) return mailed.mailbox
  throw REFUSALS[mailed.state]
}
