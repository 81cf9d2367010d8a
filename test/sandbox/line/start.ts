import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { LineSandbox } from '../types.ts'
import { handleBrowser } from './handle-browser.ts'
import { createIdTokens, type IdTokens } from './id-tokens.ts'
import { openInLine } from './in-client.ts'
import { type LineOptions, type LineState, newLineState } from './line-state.ts'
import { answerLogin } from './log-in.ts'
import { channelTokenRoutes, messagingApiRoutes } from './messaging-api.ts'
import { acceptBodies } from './read-bodies.ts'
import { dropMenu, menuOf } from './rich-menus.ts'
import { sendWebhook, tellShop } from './send-webhook.ts'
import { say, sayInGroup, tap } from './speak.ts'
import { spoilAnswers, titleOf } from './spoil-answers.ts'
import { addGroup, addUser, becomeFriend, block, requireUser } from './users.ts'

/** The stand-in, with two things that only LINE's own console shows: the month's quota and its use. */
export type LineStandIn = LineSandbox & Pick<LineState, 'quota' | 'accepted' | 'botUserId'>

const LOGIN_PATHS = ['/oauth2/v2.1/*', '/v2/profile', '/friendship/*', '/liff/*', '/__line/*']

/**
 * Starts our stand-in for LINE on 127.0.0.1: Messaging API, LINE Login, the LIFF hosts, webhooks.
 * Keys and tokens are made anew each time.
 */
export async function createLineSandbox(options: LineOptions = {}): Promise<LineStandIn> {
  const line = newLineState(options)
  const tokens = createIdTokens(line)
  const app = Fastify({ forceCloseConnections: true })
  acceptBodies(app)
  spoilAnswers(app, line)
  app.register(messagingApiRoutes(line))
  app.register(channelTokenRoutes(line))
  mountLogin(app, line, tokens)
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  line.url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const close = async () => {
    line.closing.abort()
    await app.close()
  }
  const refuseConnections = (refuse: boolean) => hangUp(app, Number(new URL(line.url).port), refuse)
  return Object.assign(line, verbsOf(line, tokens), { close, refuseConnections })
}

/** The port stays ours in name only, so that it can be opened again at the same address. */
async function hangUp(app: FastifyInstance, port: number, refuse: boolean): Promise<void> {
  const { server } = app
  if (refuse === !server.listening) return
  await new Promise<void>((resolve) => {
    if (!refuse) server.listen(port, '127.0.0.1', resolve)
    else {
      server.close(() => resolve())
      server.closeAllConnections()
    }
  })
}

/** LINE Login is answered over HTTP too, at the same paths: the server fetches its keys there. */
function mountLogin(app: FastifyInstance, line: LineState, tokens: IdTokens): void {
  for (const url of LOGIN_PATHS)
    app.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url,
      handler: async (request, reply) => {
        const [, path = ''] = titleOf(request.method, request.url).split(' ')
        const answer = await answerLogin(line, tokens, path, asWebRequest(request))
        const body = Buffer.from(await answer.arrayBuffer())
        return reply.code(answer.status).headers(Object.fromEntries(answer.headers)).send(body)
      },
    })
}

function asWebRequest({ method, url, headers, body }: FastifyRequest): Request {
  const { authorization } = headers
  return new Request(new URL(url, 'https://api.line.me'), {
    method,
    ...(authorization && { headers: { authorization } }),
    ...(typeof body === 'string' && { body }),
  })
}

function verbsOf(line: LineState, tokens: IdTokens) {
  return {
    ...phoneVerbs(line),
    sendWebhooksTo: (url) => {
      line.webhookUrl = url
    },
    sendWebhook: (body, sending) => sendWebhook(line, body, sending),
    chat: (to) => line.pushes.filter((push) => push.to === to),
    book: () => [...line.pushes],
    said: (to) => line.spoken.filter((words) => words.to === to),
    menuOf: (userId) => menuOf(line, userId),
    richMenus: () => [...line.menus.values()],
    deleteRichMenu: (richMenuId) => {
      dropMenu(line, richMenuId)
    },
    idToken: async (userId, over, header) => tokens.issue(requireUser(line, userId), over, header),
    inClientUrl: async (userId, path) => openInLine(line, tokens, userId, path),
    handle: (request) => handleBrowser(line, tokens, request),
    limitRate: (limit) => line.rate.set(limit && { ...limit, inAll: Number.POSITIVE_INFINITY }),
    rateSeen: () => line.rate.seen(),
    addFault: (fault) => {
      line.faults.push({ ...fault })
    },
    clearFaults: () => {
      line.faults.length = 0
    },
  } satisfies Partial<LineSandbox>
}

/** What people do on their phones. */
function phoneVerbs(line: LineState) {
  return {
    addUser: (user) => addUser(line, user),
    addGroup: (name) => addGroup(line, name),
    user: (userId) => line.users.get(userId),
    follow: (userId) => tellShop(line, userId, { type: 'follow', ...becomeFriend(line, userId) }),
    unfollow: (userId) => {
      block(line, userId)
      return tellShop(line, userId, { type: 'unfollow' })
    },
    say: (userId, text) => say(line, userId, text),
    sayInGroup: (groupId, userId, text) => sayInGroup(line, groupId, userId, text),
    tap: (userId, data, shown) => tap(line, userId, data, shown),
  } satisfies Partial<LineSandbox>
}
