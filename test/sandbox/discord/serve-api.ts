import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { give, REFUSED } from './answer.ts'
import { channelRoutes } from './channel-api.ts'
import { commandRoutes } from './command-api.ts'
import type { DiscordState } from './discord-state.ts'
import { guildRoutes } from './guild-api.ts'
import { interactionRoutes } from './interaction-api.ts'

/** What a request without an answer is written down as. */
const NO_ANSWER = 0

/** Discord's REST under /api/v10: what `@discordjs/rest` talks to. */
export function serveApi(app: FastifyInstance, discord: DiscordState): void {
  noteRequests(app, discord)
  app.setErrorHandler((_error, _request, reply) => give(reply, REFUSED.badJson))
  app.setNotFoundHandler((_request, reply) => give(reply, REFUSED.noSuchRoute))
  app.register(
    async (api) => {
      guard(api, discord)
      pace(api, discord)
      guildRoutes(api, discord)
      commandRoutes(api, discord)
      channelRoutes(api, discord)
    },
    { prefix: '/api/v10' },
  )
  // The interaction's token is all that these want.
  app.register(
    async (api) => {
      pace(api, discord)
      interactionRoutes(api, discord)
    },
    { prefix: '/api/v10' },
  )
}

function guard(api: FastifyInstance, discord: DiscordState): void {
  api.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== `Bot ${discord.botToken}`)
      return give(reply, REFUSED.badToken)
  })
}

function pace(api: FastifyInstance, { limits }: DiscordState): void {
  api.addHook('onRequest', async (request, reply) => {
    const { headers, refusal } = limits.meet(titleOf(request))
    reply.headers(headers)
    if (refusal) return give(reply, refusal)
  })
}

/** Lets every request pass the faults, and writes down what became of it. */
function noteRequests(app: FastifyInstance, discord: DiscordState): void {
  app.addHook('onRequest', async (request, reply) => {
    const met = await discord.faults.meet(titleOf(request), request, reply)
    if (met === 'silent') note(discord, request, NO_ANSWER)
    if (met !== 'through') return reply
    // https://docs.discord.com/developers/reference#user-agent
    if (!request.headers['user-agent']?.startsWith('DiscordBot ('))
      return give(reply, REFUSED.badAgent)
  })
  app.addHook('onSend', async (request, reply) => {
    await discord.faults.hangAfter(request)
    if (discord.faults.dropAfter(request, reply)) note(discord, request, NO_ANSWER)
  })
  app.addHook('onResponse', async (request, reply) => {
    // A dropped one is written down already.
    if (!reply.raw.writableFinished) return
    note(discord, request, reply.statusCode, reply)
  })
}

/** "PUT /guilds/1/members/2/roles/3": no query. */
export function titleOf({ method, url }: FastifyRequest): string {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  return `${method} ${path.replace(/^\/api\/v10/, '').replace('%40', '@')}`
}

function note(
  discord: DiscordState,
  request: FastifyRequest,
  status: number,
  reply?: FastifyReply,
): void {
  const what = titleOf(request)
  discord.limits.note(status)
  discord.requests.push({ what, status, at: discord.iso() })
  discord.watch({
    ...{ at: discord.now(), from: 'noren', to: 'discord', title: shortened(what), status },
    ...(reply && { milliseconds: Math.round(reply.elapsedTime) }),
  })
}

/** For the timeline: ids and tokens say nothing to who looks at it. */
function shortened(what: string): string {
  return what.replace(/\/(\d{17,20}|[\w-]{40,})(?=\/|$)/g, '/…')
}
