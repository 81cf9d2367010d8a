import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  channelAccessToken,
  HTTPFetchError,
  LineBotClient,
  validateSignature,
  type webhook,
} from '@line/bot-sdk'
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLineSandbox, type LineStandIn } from './sandbox/line/start.ts'
import type { Happening } from './sandbox/types.ts'

let line: LineStandIn
let happenings: Happening[]
let time: number
const hello = [{ type: 'text' as const, text: 'いらっしゃいませ' }]

beforeEach(async () => {
  time = Date.parse('2026-11-22T03:00:00Z')
  happenings = []
  const watch = (happening: Happening) => happenings.push(happening)
  line = await createLineSandbox({ watch, now: () => new Date(time) })
})
afterEach(() => line.close())

function client(token = line.channelAccessToken): LineBotClient {
  return LineBotClient.fromChannelAccessToken({ channelAccessToken: token, apiBaseURL: line.url })
}

async function refused(work: Promise<unknown>): Promise<HTTPFetchError & { json: LineError }> {
  const error = await work.then(
    () => expect.unreachable('LINE should have refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof HTTPFetchError)) throw error
  return Object.assign(error, { json: JSON.parse(error.body) as LineError })
}
type LineError = { message: string; details?: { message: string; property: string }[] }

describe('a push through the real LINE SDK', () => {
  it('appears in the chat of a friend, and says which request it was', async () => {
    const aiko = line.addUser({ name: 'Aiko' })
    const answer = await client().pushMessageWithHttpInfo({ to: aiko.userId, messages: hello })
    expect(answer.body.sentMessages).toHaveLength(1)
    expect(answer.httpResponse.headers.get('x-line-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(line.chat(aiko.userId)).toMatchObject([
      { to: aiko.userId, messages: hello, delivered: true, retryKey: null, at: time },
    ])
    expect(line.requests).toEqual(['POST /v2/bot/message/push'])
  })

  it('is answered 200 and dropped for somebody who is not a friend, as LINE does', async () => {
    const stranger = line.addUser({ name: 'Ken', friend: false })
    await client().pushMessage({ to: stranger.userId, messages: hello })
    expect(line.chat(stranger.userId)).toMatchObject([{ delivered: false }])
    expect((await client().getMessageQuotaConsumption()).totalUsage).toBe(0)
  })

  it('reaches somebody who is no friend but wrote to the shop within seven days', async () => {
    const ken = line.addUser({ name: 'Ken', friend: false })
    await line.say(ken.userId, 'こんにちは')
    await client().pushMessage({ to: ken.userId, messages: hello })
    time += 7 * 24 * 3_600_000
    await client().pushMessage({ to: ken.userId, messages: hello })
    expect(line.chat(ken.userId).map((push) => push.delivered)).toEqual([true, false])
  })

  it('may go to a group, and the group has a name and members', async () => {
    const staff = line.addGroup('店のスタッフ')
    const aiko = line.addUser({ name: 'Aiko' })
    await client().pushMessage({ to: staff, messages: hello })
    expect(line.chat(staff)).toMatchObject([{ delivered: true }])
    expect(await client().getGroupSummary(staff)).toEqual({
      groupId: staff,
      groupName: '店のスタッフ',
    })
    expect(await client().getGroupMemberProfile(staff, aiko.userId)).toMatchObject({
      displayName: 'Aiko',
    })
  })

  it('is refused for an id that is malformed, and for one that nobody has', async () => {
    const malformed = await refused(client().pushMessage({ to: 'aiko', messages: hello }))
    expect(malformed.status).toBe(400)
    expect(malformed.json.message).toContain("The property, 'to', in the request body is invalid")
    const unknown = `U${'0'.repeat(32)}`
    const nobody = await refused(client().pushMessage({ to: unknown, messages: hello }))
    expect([nobody.status, nobody.json.message]).toEqual([400, 'Failed to send messages'])
    expect(line.book()).toEqual([])
  })

  it('is refused with 401 for a wrong token, and for none', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const wrong = await refused(client('nonsense').pushMessage({ to, messages: hello }))
    expect(wrong.status).toBe(401)
    expect(wrong.json.message).toContain('Authentication failed')
    const none = await fetch(`${line.url}/v2/bot/message/push`, { method: 'POST' })
    expect(none.status).toBe(401)
    expect(await none.json()).toHaveProperty('message')
  })

  it('is refused with 400 when a message is not as LINE wants it, naming the place', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const wrong = { type: 'text' as const, text: '' }
    const answer = await refused(client().pushMessage({ to, messages: [...hello, wrong] }))
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({
      message: 'The request body has 1 error(s)',
      details: [{ message: 'May not be empty', property: 'messages[1].text' }],
    })
    const checked = await refused(client().validatePush({ messages: [wrong] }))
    expect(checked.json.details).toHaveLength(1)
    expect(await client().validatePush({ messages: hello })).toEqual({})
  })

  it('is refused with 413 over 2 MB, with 415 when it is no JSON by its header, and 400 when broken', async () => {
    const push = (body: string, type: string) =>
      fetch(`${line.url}/v2/bot/message/push`, {
        method: 'POST',
        headers: { authorization: `Bearer ${line.channelAccessToken}`, 'content-type': type },
        body,
      })
    const answers = await Promise.all([
      push(JSON.stringify({ to: 'x'.repeat(2 * 1024 * 1024) }), 'application/json'),
      push('{}', 'text/plain'),
      push('{"to":', 'application/json'),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([413, 415, 400])
    for (const answer of answers) {
      expect(answer.headers.get('x-line-request-id')).toBeTruthy()
      expect(await answer.json()).toHaveProperty('message')
    }
  })
})

describe('a retry key', () => {
  it('is accepted once: the second time LINE says 409, which request it was, and what it sent', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const key = randomUUID()
    const first = await client().pushMessageWithHttpInfo({ to, messages: hello }, key)
    const again = await refused(client().pushMessage({ to, messages: hello }, key))
    expect(again.status).toBe(409)
    expect(again.json).toEqual({
      message: 'The retry key is already accepted',
      sentMessages: first.body.sentMessages,
    })
    const firstId = first.httpResponse.headers.get('x-line-request-id')
    expect(again.headers.get('x-line-accepted-request-id')).toBe(firstId)
    expect(line.chat(to)).toHaveLength(1)
  })

  it('is forgotten after 24 hours, and then the same message is sent twice', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const key = randomUUID()
    await client().pushMessage({ to, messages: hello }, key)
    time += 24 * 3_600_000 - 1
    await refused(client().pushMessage({ to, messages: hello }, key))
    time += 1
    await client().pushMessage({ to, messages: hello }, key)
    expect(line.chat(to)).toHaveLength(2)
  })

  it('is not used up by a push that LINE refused', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const key = randomUUID()
    await refused(client().pushMessage({ to, messages: [] }, key))
    await client().pushMessage({ to, messages: hello }, key)
    expect(line.chat(to)).toHaveLength(1)
  })

  it('must be a UUID, and is refused where LINE knows none', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const odd = await refused(client().pushMessage({ to, messages: hello }, 'order-7'))
    expect(odd.status).toBe(400)
    const elsewhere = await fetch(`${line.url}/v2/bot/info`, {
      headers: {
        authorization: `Bearer ${line.channelAccessToken}`,
        'x-line-retry-key': randomUUID(),
      },
    })
    expect(elsewhere.status).toBe(400)
  })
})

describe('the month, the tokens and the profile', () => {
  it('answers 429 in the words of the monthly limit when the quota is used up', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    expect(await client().getMessageQuota()).toEqual({ type: 'none' })
    line.quota.limit = 1
    await client().pushMessage({ to, messages: hello })
    const over = await refused(client().pushMessage({ to, messages: hello }))
    expect([over.status, over.json.message]).toEqual([429, 'You have reached your monthly limit.'])
    expect(await client().getMessageQuota()).toEqual({ type: 'limited', value: 1 })
    expect(await client().getMessageQuotaConsumption()).toEqual({ totalUsage: 1 })
  })

  it('issues stateless tokens that open the Messaging API for a quarter of an hour', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const issuer = new channelAccessToken.ChannelAccessTokenClient({ baseURL: line.url })
    const issued = await issuer.issueStatelessChannelTokenByClientSecret(
      line.channelId,
      line.channelSecret,
    )
    expect(issued.expires_in).toBe(899)
    await client(issued.access_token).pushMessage({ to, messages: hello })
    time += 900_000
    const late = await refused(client(issued.access_token).pushMessage({ to, messages: hello }))
    expect(late.status).toBe(401)
    const wrong = await refused(
      issuer.issueStatelessChannelTokenByClientSecret(line.channelId, 'not the secret'),
    )
    expect(wrong.status).toBe(400)
  })

  it('shows the profile and language of a friend, and 404 for anybody else', async () => {
    const aiko = line.addUser({ name: 'Aiko', language: 'en' })
    expect(await client().getProfile(aiko.userId)).toEqual({
      userId: aiko.userId,
      displayName: 'Aiko',
      language: 'en',
    })
    await line.unfollow(aiko.userId)
    const gone = await refused(client().getProfile(aiko.userId))
    expect([gone.status, gone.json]).toEqual([404, { message: 'Not found' }])
    expect((await client().getBotInfo()).userId).toBe(line.botUserId)
  })
})

describe('faults', () => {
  it('spoil as many requests as they say, and then LINE is well again', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const headers = { 'x-odd': 'yes' }
    line.addFault({ on: /push/, times: 1, status: 500, body: { message: 'oops' }, headers })
    const broken = await refused(client().pushMessage({ to, messages: hello }))
    expect([broken.status, broken.json.message]).toEqual([500, 'oops'])
    expect(broken.headers.get('x-odd')).toBe('yes')
    await client().pushMessage({ to, messages: hello })
    expect(line.chat(to)).toHaveLength(1)
  })

  it('can lose the answer of a push that was accepted, so that the retry meets a 409', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    const key = randomUUID()
    line.addFault({ on: /^POST .*push$/, times: 1, drop: 'after' })
    await expect(client().pushMessage({ to, messages: hello }, key)).rejects.toThrow('fetch failed')
    expect(line.chat(to)).toHaveLength(1)
    const again = await refused(client().pushMessage({ to, messages: hello }, key))
    expect(again.status).toBe(409)
  })

  it('can drop a request before anything was done, or never answer at all', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    line.addFault({ on: /push/, times: 1, drop: 'before' })
    await expect(client().pushMessage({ to, messages: hello })).rejects.toThrow('fetch failed')
    line.addFault({ on: /push/, times: Number.POSITIVE_INFINITY, hang: true })
    const hung = fetch(`${line.url}/v2/bot/message/push`, {
      method: 'POST',
      signal: AbortSignal.timeout(150),
    })
    await expect(hung).rejects.toThrow()
    expect(line.book()).toEqual([])
    line.clearFaults()
    await client().pushMessage({ to, messages: hello })
    expect(line.book()).toHaveLength(1)
  })

  it('can make LINE slow, always or once', async () => {
    const timed = async () => {
      const started = performance.now()
      await client().getBotInfo()
      return performance.now() - started
    }
    line.latencyMs = 60
    expect(await timed()).toBeGreaterThanOrEqual(55)
    line.latencyMs = 0
    line.addFault({ on: /info/, times: 1, delayMs: 60 })
    expect(await timed()).toBeGreaterThanOrEqual(55)
  })

  it('reach the browser too: the LIFF SDK sees errors, lost connections and slow answers', async () => {
    const certs = () => line.handle(new Request('https://api.line.me/oauth2/v2.1/certs'))
    line.addFault({ on: /certs/g, times: 1, status: 503, body: { message: 'oops' } })
    const broken = await certs()
    expect([broken.status, await broken.json()]).toEqual([503, { message: 'oops' }])
    line.addFault({ on: /certs/, times: 1, drop: 'before' })
    await expect(certs()).rejects.toThrow('dropped')
    expect((await certs()).status).toBe(200)
    expect(line.requests).toEqual(Array(3).fill('GET /oauth2/v2.1/certs'))
  })
})

describe('webhooks', () => {
  let shop: Server
  let received: { body: string; signature: string }[]

  beforeEach(async () => {
    received = []
    shop = createServer(async (request, response) => {
      const body = await read(request)
      received.push({ body, signature: String(request.headers['x-line-signature']) })
      response.writeHead(body === 'broken' ? 400 : 200).end()
    })
    await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
    line.sendWebhooksTo(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/line`)
  })
  afterEach(() => {
    shop.closeAllConnections()
    shop.close()
  })

  async function read(request: IncomingMessage): Promise<string> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    return Buffer.concat(parts).toString()
  }
  const event = (index: number) =>
    (JSON.parse(received[index]!.body) as webhook.CallbackRequest).events[0]!

  it('are signed with the channel secret when somebody follows, writes, blocks and comes back', async () => {
    const { userId } = line.addUser({ name: 'Aiko', friend: false })
    await line.follow(userId)
    await line.say(userId, 'メニュー')
    await line.unfollow(userId)
    await line.follow(userId)
    const secret = line.channelSecret
    expect(received.every((r) => validateSignature(r.body, secret, r.signature))).toBe(true)
    const types = received.map((_, index) => event(index).type)
    expect(types).toEqual(['follow', 'message', 'unfollow', 'follow'])
    expect(event(0)).toMatchObject({
      mode: 'active',
      timestamp: time,
      source: { type: 'user', userId },
      deliveryContext: { isRedelivery: false },
      follow: { isUnblocked: false },
    })
    expect(event(3)).toMatchObject({ follow: { isUnblocked: true } })
    const ids = new Set(received.map((_, index) => event(index).webhookEventId))
    expect(ids.size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(line.user(userId)?.friend).toBe(true)
  })

  it('can be answered with the reply token, once and within a minute', async () => {
    const { userId } = line.addUser({ name: 'Aiko' })
    await line.say(userId, 'メニュー')
    await line.say(userId, 'ヘルプ')
    const tokens = [0, 1].map((index) => (event(index) as webhook.MessageEvent).replyToken!)
    await client().replyMessage({ replyToken: tokens[0]!, messages: hello })
    expect(line.chat(userId)).toMatchObject([{ messages: hello, delivered: true }])
    const twice = client().replyMessage({ replyToken: tokens[0]!, messages: hello })
    expect((await refused(twice)).json.message).toBe('Invalid reply token')
    time += 60_000
    const late = client().replyMessage({ replyToken: tokens[1]!, messages: hello })
    expect((await refused(late)).status).toBe(400)
    expect(line.quota.used).toBe(0)
  })

  it('may have any body and any signature, and the answer is told', async () => {
    expect(await line.sendWebhook('broken')).toBe(400)
    expect(await line.sendWebhook({ destination: line.botUserId, events: [] })).toBe(200)
    await line.sendWebhook({ events: [] }, { signature: 'forged' })
    expect(received.at(-1)).toEqual({ body: '{"events":[]}', signature: 'forged' })
    const [first] = received
    expect(validateSignature('broken', line.channelSecret, first!.signature)).toBe(true)
  })

  it('that nobody answers are told as status 0', async () => {
    line.sendWebhooksTo('http://127.0.0.1:1/webhooks/line')
    expect(await line.sendWebhook({ events: [] })).toBe(0)
  })
})

describe('ID tokens', () => {
  const expected = { issuer: 'https://access.line.me', audience: '2000000001' }

  it('are signed with the key that LINE publishes', async () => {
    const aiko = line.addUser({ name: 'Aiko' })
    const keys = createRemoteJWKSet(new URL(`${line.url}/oauth2/v2.1/certs`))
    const token = await line.idToken(aiko.userId)
    const { payload } = await jwtVerify(token, keys, { ...expected, currentDate: new Date(time) })
    expect(payload).toMatchObject({ sub: aiko.userId, name: 'Aiko', iat: time / 1000 })
    expect(payload.exp).toBe(time / 1000 + 3600)
  })

  it('come broken in every way a test may wish', async () => {
    const { userId } = line.addUser({ name: 'Aiko' })
    const certs = await fetch(`${line.url}/oauth2/v2.1/certs`)
    const keys = createLocalJWKSet((await certs.json()) as Parameters<typeof createLocalJWKSet>[0])
    const options = { ...expected, currentDate: new Date(time) }
    const verify = (token: string) => jwtVerify(token, keys, options)
    await expect(verify(await line.idToken(userId, { exp: 1 }))).rejects.toThrow('exp')
    await expect(verify(await line.idToken(userId, { aud: '99' }))).rejects.toThrow('aud')
    await expect(verify(await line.idToken(userId, { iss: 'https://e.vil' }))).rejects.toThrow(
      'iss',
    )
    await expect(verify(await line.idToken(userId, {}, { kid: 'other' }))).rejects.toThrow('no app')
    const unsigned = await line.idToken(userId, {}, { alg: 'none' })
    expect(unsigned.endsWith('.')).toBe(true)
    const shared = await line.idToken(userId, {}, { alg: 'HS256' })
    const secret = new TextEncoder().encode(line.channelSecret)
    expect((await jwtVerify(shared, secret, options)).payload.sub).toBe(userId)
    await expect(verify(shared)).rejects.toThrow()
  })

  it('are judged by LINE itself in its own words', async () => {
    const { userId } = line.addUser({ name: 'Aiko' })
    const verify = async (id_token: string, client_id = '2000000001') => {
      const body = new URLSearchParams({ id_token, client_id })
      const answer = await fetch(`${line.url}/oauth2/v2.1/verify`, { method: 'POST', body })
      return (await answer.json()) as Record<string, unknown>
    }
    const genuine = await line.idToken(userId)
    expect(await verify(genuine)).toMatchObject({ sub: userId })
    const error = 'invalid_request'
    const refusals = [
      await verify(genuine, '99'),
      await verify(await line.idToken(userId, { exp: 1 })),
      await verify(await line.idToken(userId, { iss: 'https://e.vil' })),
      await verify('garbage'),
    ]
    expect(refusals).toEqual([
      { error, error_description: 'Invalid IdToken Audience.' },
      { error, error_description: 'IdToken expired.' },
      { error, error_description: 'Invalid IdToken Issuer.' },
      { error, error_description: 'Invalid IdToken.' },
    ])
  })
})

describe('LINE Login', () => {
  const verifier = 'v'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const ask = (over: Record<string, string> = {}) =>
    new URLSearchParams({
      app_id: line.liffId,
      state: 'abc',
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: challenge,
      redirect_uri: 'http://localhost:3000/orders?x=1',
      ...over,
    })
  const authorize = (query: URLSearchParams) =>
    line.handle(new Request(`https://access.line.me/liff/v1/authorize?${query}`))
  const redeem = (code: string, over: Record<string, string> = {}) =>
    line.handle(
      new Request('http://shop.test/__line/api.line.me/oauth2/v2.1/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: '2000000001',
          code,
          code_verifier: verifier,
          redirect_uri: 'http://localhost:3000/orders?x=1',
          ...over,
        }),
      }),
    )
  const codeOf = (answer: Response) => new URL(answer.headers.get('location')!).searchParams

  it('logs the holder of the phone in, and the code works once and only for its verifier', async () => {
    const aiko = line.addUser({ name: 'Aiko', friend: false, pictureUrl: 'https://pic.test/a.png' })
    line.holder = aiko.userId
    const back = codeOf(await authorize(ask()))
    expect(Object.fromEntries(back)).toMatchObject({
      x: '1',
      state: 'abc',
      liffClientId: '2000000001',
    })
    const first = await redeem(back.get('code')!)
    const { access_token, id_token } = (await first.json()) as Record<string, string>
    expect(id_token!.split('.')).toHaveLength(3)
    expect((await redeem(back.get('code')!)).status).toBe(400)
    const stolen = codeOf(await authorize(ask())).get('code')!
    expect((await redeem(stolen, { code_verifier: 'w'.repeat(43) })).status).toBe(400)
    expect((await redeem(stolen)).status).toBe(400)

    const headers = { authorization: `Bearer ${access_token}` }
    const profile = await fetch(`${line.url}/v2/profile`, { headers })
    expect(await profile.json()).toEqual({
      userId: aiko.userId,
      displayName: 'Aiko',
      pictureUrl: 'https://pic.test/a.png',
    })
    const friendship = await line.handle(
      new Request('https://api.line.me/friendship/v1/status', { headers }),
    )
    expect(await friendship.json()).toEqual({ friendFlag: false })
    const check = () => fetch(`${line.url}/oauth2/v2.1/verify?access_token=${access_token}`)
    expect(await (await check()).json()).toMatchObject({
      client_id: '2000000001',
      expires_in: 43200,
    })
    time += 12 * 3_600_000
    expect((await check()).status).toBe(400)
  })

  it('asks who it is when nobody holds the phone, and lets that person refuse', async () => {
    const aiko = line.addUser({ name: '<Aiko>' })
    const answer = await authorize(ask())
    const html = await answer.text()
    expect(html).toContain('&#60;Aiko&#62;')
    expect(html).toContain(`person=${aiko.userId}`)
    const chosen = codeOf(await authorize(ask({ person: aiko.userId })))
    expect((await redeem(chosen.get('code')!)).status).toBe(200)
    const refusal = codeOf(await authorize(ask({ refuse: '1' })))
    expect(Object.fromEntries(refusal)).toMatchObject({
      error: 'access_denied',
      liffOAuth2Error: 'true',
    })
  })

  it('sends nobody to an address outside the LIFF app', async () => {
    line.holder = line.addUser({ name: 'Aiko' }).userId
    const answer = await authorize(ask({ redirect_uri: 'https://e.vil/' }))
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
  })

  it('answers no host but its own, and lets every origin read', async () => {
    const elsewhere = await line.handle(new Request('https://example.com/v2/profile'))
    expect(elsewhere.status).toBe(404)
    const preflight = await line.handle(
      new Request('https://api.line.me/v2/profile', { method: 'OPTIONS' }),
    )
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  })
})

describe('a benchmark', () => {
  it('still refuses a bad message, and counts those that it took', async () => {
    const busy = await createLineSandbox({ bench: true })
    try {
      const { userId: to } = busy.addUser({ name: 'Aiko' })
      const push = (messages: unknown) =>
        fetch(`${busy.url}/v2/bot/message/push`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${busy.channelAccessToken}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ to, messages }),
        })
      expect((await push([{ type: 'text', text: '' }])).status).toBe(400)
      expect((await push(hello)).status).toBe(200)
      expect([busy.accepted, busy.book().length]).toEqual([1, 1])
    } finally {
      await busy.close()
    }
  })
})

describe('the timeline', () => {
  it('hears of the push and then of the message on the phone', async () => {
    const aiko = line.addUser({ name: 'Aiko' })
    await client().pushMessage({ to: aiko.userId, messages: hello })
    await expect.poll(() => happenings).toHaveLength(2)
    expect(happenings).toMatchObject([
      { from: 'noren', to: 'line', title: 'POST /v2/bot/message/push', status: 200 },
      { from: 'line', to: 'buyer', title: 'いらっしゃいませ' },
    ])
  })

  it('hears of pushes whose answer was lost, and of those that never got one', async () => {
    const { userId: to } = line.addUser({ name: 'Aiko' })
    for (const drop of ['before', 'after'] as const) {
      line.addFault({ on: /push/, times: 1, drop })
      await expect(client().pushMessage({ to, messages: hello })).rejects.toThrow('fetch failed')
    }
    await expect.poll(() => happenings).toHaveLength(3)
    expect(happenings.map(({ to, status }) => [to, status])).toEqual([
      ['line', 0],
      ['line', 0],
      ['buyer', undefined],
    ])
  })

  it('hears of the buyer logging in and of the shop being told', async () => {
    await line.handle(new Request('http://shop.test/__line/api.line.me/oauth2/v2.1/certs'))
    line.sendWebhooksTo('http://127.0.0.1:1/webhooks/line')
    await line.follow(line.addUser({ name: 'Aiko', friend: false }).userId)
    expect(happenings).toMatchObject([
      { from: 'buyer', to: 'line', title: 'GET /oauth2/v2.1/certs', status: 200 },
      { from: 'line', to: 'noren', title: 'follow', status: 0 },
    ])
  })

  it('hears nothing on the phone of a message that LINE dropped', async () => {
    const stranger = line.addUser({ name: 'Ken', friend: false })
    await client().pushMessage({ to: stranger.userId, messages: hello })
    await expect.poll(() => happenings).toHaveLength(1)
    expect(happenings[0]).toMatchObject({ detail: { to: 'Ken', delivered: false } })
  })
})
