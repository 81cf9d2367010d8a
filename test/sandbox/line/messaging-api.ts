import type { messagingApi } from '@line/bot-sdk'
import type { FastifyInstance } from 'fastify'
import { give, ok, refuse } from './answer.ts'
import { issueStatelessToken, refuseBearer } from './channel-tokens.ts'
import type { LineState } from './line-state.ts'
import { richMenuRoutes } from './rich-menu-api.ts'
import { pushMessages, replyMessages, validateMessages } from './send-messages.ts'
import { visibleProfile } from './users.ts'

const PUSH = '/v2/bot/message/push'
const NOT_FOUND = refuse(404, 'Not found')

/** The bot's side of api.line.me: what the Messaging API SDK talks to. */
export function messagingApiRoutes(line: LineState) {
  return async (app: FastifyInstance): Promise<void> => {
    guard(app, line)
    app.post(PUSH, async (request, reply) => {
      const { push, answer } = pushMessages(line, {
        body: request.body,
        requestId: request.lineRequestId,
        retryKey: one(request.headers['x-line-retry-key']),
      })
      request.push = push ?? null
      return give(reply, answer)
    })
    app.post('/v2/bot/message/reply', async (request, reply) => {
      const { push, answer } = replyMessages(line, request.body)
      request.push = push ?? null
      return give(reply, answer)
    })
    for (const kind of ['push', 'reply'])
      app.post(`/v2/bot/message/validate/${kind}`, async (request, reply) =>
        give(reply, validateMessages(line, request.body)),
      )
    peopleRoutes(app, line)
    accountRoutes(app, line)
    richMenuRoutes(app, line)
  }
}

/** POST /oauth2/v3/token: the one call of the bot's that carries no token yet. */
export function channelTokenRoutes(line: LineState) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post('/oauth2/v3/token', async (request, reply) => {
      const { status, body } = issueStatelessToken(line, new URLSearchParams(String(request.body)))
      return reply.code(status).send(body)
    })
  }
}

function guard(app: FastifyInstance, line: LineState): void {
  app.addHook('onRequest', async (request, reply) => {
    if (line.rate.meet(`${request.method} ${request.routeOptions.url}`))
      return give(reply, refuse(429, 'The API rate limit has been exceeded. Try again later.'))
    const refusal = refuseBearer(line, request.headers.authorization)
    if (refusal) return give(reply, refuse(401, refusal))
    const keyed = request.headers['x-line-retry-key'] !== undefined
    if (keyed && request.routeOptions.url !== PUSH)
      return give(reply, refuse(400, "The 'X-Line-Retry-Key' header is not supported here"))
  })
}

type Ids = { Params: { userId: string; groupId: string } }

function peopleRoutes(app: FastifyInstance, line: LineState): void {
  app.get<Ids>('/v2/bot/profile/:userId', async ({ params: { userId } }, reply) => {
    if (!/^U[0-9a-f]{32}$/.test(userId))
      return give(reply, refuse(400, "The value for the 'userId' parameter is invalid"))
    const user = visibleProfile(line, userId)
    if (!user) return give(reply, NOT_FOUND)
    const { name: displayName, language, pictureUrl } = user
    const profile = { userId, displayName, language, ...(pictureUrl && { pictureUrl }) }
    return give(reply, ok(profile satisfies messagingApi.UserProfileResponse))
  })
  app.get<Ids>('/v2/bot/group/:groupId/summary', async ({ params: { groupId } }, reply) => {
    const groupName = line.groups.get(groupId)
    if (groupName === undefined) return give(reply, NOT_FOUND)
    return give(reply, ok({ groupId, groupName } satisfies messagingApi.GroupSummaryResponse))
  })
  // every user counts as a member of every group: no rule of ours depends on who sits in which
  app.get<Ids>('/v2/bot/group/:groupId/member/:userId', async ({ params }, reply) => {
    const user = line.groups.has(params.groupId) && line.users.get(params.userId)
    if (!user) return give(reply, NOT_FOUND)
    const { userId, name: displayName, pictureUrl } = user
    const profile = { userId, displayName, ...(pictureUrl && { pictureUrl }) }
    return give(reply, ok(profile satisfies messagingApi.GroupUserProfileResponse))
  })
}

function accountRoutes(app: FastifyInstance, line: LineState): void {
  app.get('/v2/bot/info', async (_request, reply) => {
    const info = {
      userId: line.botUserId,
      basicId: '@noren-shop',
      displayName: 'Noren',
      chatMode: 'bot',
      markAsReadMode: 'auto',
    } satisfies messagingApi.BotInfoResponse
    return give(reply, ok(info))
  })
  app.get('/v2/bot/message/quota', async (_request, reply) => {
    const { limit } = line.quota
    const quota = limit === null ? { type: 'none' } : { type: 'limited', value: limit }
    return give(reply, ok(quota satisfies { type: string; value?: number }))
  })
  app.get('/v2/bot/message/quota/consumption', async (_request, reply) =>
    give(reply, ok({ totalUsage: line.quota.used })),
  )
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header
}
