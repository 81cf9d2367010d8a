import { once } from 'node:events'
import { connect } from 'node:net'
import Stripe from 'stripe'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse, TEA } from './support/house.ts'
import { rawLines, readRaw, sendRaw } from './support/raw-request.ts'

/** One for all: nobody here gets far enough in to leave a trace for the next. */
let house: House
let hanakos: string

beforeAll(async () => {
  house = await openHouse()
  house.stripe.addLink({ ...TEA, id: 'plink_tea' })
  hanakos = await house.logIn(house.hanako)
})
afterAll(() => house.close())

type Ask = Parameters<typeof request>[1]

async function ask(path: string, options: Ask = {}, url = house.url) {
  const answer = await request(`${url}${path}`, options)
  const text = await answer.body.text()
  return { status: answer.statusCode, headers: answer.headers, text }
}

const json = (body: unknown, cookie = ''): Ask => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', cookie },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** A paid order of this person's. */
async function buy(user = house.hanako): Promise<string> {
  const session = await house.order(user, 'plink_tea')
  await house.stripe.payByCard(session)
  await house.settle()
  return session
}

/** One request in its own lines, not tidied up by any client. */
const raw = (...lines: string[]) => sendRaw(house.url, rawLines(...lines)).then(readRaw)

const KINDS_OF_ANSWERS: [string, number, string, Ask?][] = [
  ['the page', 200, '/'],
  ['a call without a log-in', 401, '/api/orders'],
  ['a log-in that is none', 401, '/api/session', json({ idToken: 'x' })],
  ['a body that is no JSON', 400, '/api/session', json('{')],
  ['an address that is nothing', 404, '/api/nothing'],
  ['a method that is nothing', 404, '/', { method: 'DELETE' }],
  ['an address that cannot be read', 400, '/api/orders/%zz'],
  ['a letter without a signature', 400, '/webhooks/stripe', json('{}')],
  ['a letter of LINE’s without a signature', 401, '/webhooks/line', json('{}')],
  ['a letter that is too large', 413, '/webhooks/stripe', json('x'.repeat(1_048_577))],
  ['a form', 415, '/api/session', { method: 'POST', headers: { 'content-type': 'text/x' } }],
  ['the process’s health', 200, '/healthz'],
  ['the counters', 200, '/metrics'],
]

test.each(KINDS_OF_ANSWERS)(
  'the answer to %s (%i) cannot be framed, guessed or run',
  async (_, status, path, options) => {
    const { headers, ...answer } = await ask(path, options)
    expect(answer.status).toBe(status)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['cache-control']).toBe(path === '/' && status === 200 ? 'no-cache' : 'no-store')
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'location'])
      expect(headers[name]).toBeUndefined()
    if (status >= 400) expect(JSON.parse(answer.text)).toHaveProperty('error.code')
  },
)

test('on https every answer says to stay there, and the cookie is for https only', async () => {
  const secure = await openHouse({ env: { PUBLIC_URL: 'https://shop.example.jp' } })
  try {
    for (const [, , path, options] of KINDS_OF_ANSWERS) {
      const { headers } = await ask(path, options, secure.url)
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/)
    }
    const idToken = await secure.line.idToken(secure.hanako.userId)
    const { headers } = await ask('/api/session', json({ idToken }), secure.url)
    const words = String(headers['set-cookie']).split('; ')
    for (const word of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=43200'])
      expect(words).toContain(word)
  } finally {
    await secure.close()
  }
})

test('what is somebody’s own is kept by no cache', async () => {
  const session = await buy()
  const cookie = hanakos
  for (const path of ['/api/me', '/api/orders', `/api/orders/${session}`, '/api/offers'])
    expect(await ask(path, { headers: { cookie } })).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
    })
})

test('somebody else’s order looks in every way like one that does not exist', async () => {
  const session = await buy()
  const cookie = await house.logIn(house.line.addUser({ name: '太郎' }))
  const theirs = await ask(`/api/orders/${session}`, { headers: { cookie } })
  const none = await ask('/api/orders/cs_test_none', { headers: { cookie } })
  expect(theirs).toMatchObject({ status: 404, text: none.text })
  expect((await ask('/api/orders', { headers: { cookie } })).text).toBe('{"orders":[]}')
})

test('claiming somebody else’s order says that it is taken, and nothing of what is in it', async () => {
  const session = await buy()
  const cookie = await house.logIn(house.line.addUser({ name: '太郎' }))
  const answer = await ask('/api/orders/claim', json({ session }, cookie))
  expect(answer.status).toBe(409)
  expect(Object.keys(JSON.parse(answer.text))).toEqual(['error'])
  expect(answer.text).not.toMatch(/煎茶|3960|花子/)
  expect((await ask('/api/orders', { headers: { cookie } })).text).toBe('{"orders":[]}')
})

test('nobody reaches another one’s customer portal, whatever the request names', async () => {
  await buy()
  const cookie = await house.logIn(house.line.addUser({ name: '太郎' }))
  const [customer] = await house.store.db.selectFrom('customers').selectAll().execute()
  const body = { view: 'x', customer: customer?.id, personId: customer?.person_id }
  expect((await ask('/api/portal', json(body, cookie))).status).toBe(404)
})

test.each([
  '/api/orders/cs_ZZTOP%00',
  '/api/orders/%00ZZTOP',
  '/api/orders/ZZTOP%f0%9f%8d%b5',
  '/api/orders/ZZTOP%27%20or%201=1--',
  '/api/ZZTOP',
  '/assets/ZZTOP.js',
  '/webhooks/ZZTOP',
  '/api/orders/ZZTOP%zz',
  `/api/orders/${'ZZTOP'.repeat(80)}`,
])('the error for %s repeats nothing of the address', async (path) => {
  const cookie = hanakos
  const { status, text, headers } = await ask(path, { headers: { cookie } })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(text).toMatch(/^\{"error":\{"code":"(not_found|bad_request)","message":"[^"]+"\}\}$/)
  expect(text + JSON.stringify(headers)).not.toMatch(/ZZTOP/i)
})

test.each<[string, unknown]>([
  ['offer', { offer: 'ZZTOP' }],
  ['offer of another type', { offer: { ZZTOP: 1 } }],
  ['unknown field', { ZZTOP: 1 }],
  ['broken body', '{"ZZTOP":'],
])('the error for a checkout with a strange %s repeats nothing of it', async (_, body) => {
  const cookie = hanakos
  const { status, text } = await ask('/api/checkout', json(body, cookie))
  expect([400, 404]).toContain(status)
  expect(text).not.toMatch(/ZZTOP/)
})

test.each([
  '{"idToken":"x","__proto__":{"polluted":true}}',
  '{"idToken":"x","constructor":{"prototype":{"polluted":true}}}',
  '{"__proto__":{"idToken":"x"}}',
])('the body %s changes nothing for anybody', async (body) => {
  const { status } = await ask('/api/session', json(body))
  expect([400, 401]).toContain(status)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test.each([
  ['text/plain', '{"session":"cs_test_1"}'],
  ['text/plain; application/json', '{"session":"cs_test_1"}'],
  ['application/x-www-form-urlencoded', 'session=cs_test_1'],
  ['multipart/form-data; boundary=x', '--x--'],
  ['application/jsonp', '{"session":"cs_test_1"}'],
])('a form of another site (%s) is not read, even with a cookie', async (type, body) => {
  const cookie = hanakos
  const headers = { 'content-type': type, cookie }
  expect((await ask('/api/orders/claim', { method: 'POST', headers, body })).status).toBe(415)
})

test('no other site is allowed to read or to send anything', async () => {
  const cookie = hanakos
  const headers = {
    origin: 'https://evil.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
    cookie,
  }
  for (const method of ['OPTIONS', 'GET'] as const) {
    const answer = await ask('/api/me', { method, headers })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-'))).toEqual([])
    expect(answer.status).toBe(method === 'GET' ? 200 : 404)
  }
})

test('only the method that a door is for opens it', async () => {
  const cookie = hanakos
  const posts = ['/api/session', '/api/checkout', '/api/orders/claim', '/api/portal']
  const doors = [...posts, '/webhooks/stripe', '/webhooks/line']
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'HEAD'] as const)
    for (const path of doors) {
      const answer = await ask(path, {
        method,
        headers: { cookie, 'x-http-method-override': 'POST', 'x-secret': 'ZZTOP' },
      })
      expect([path, method, answer.status]).toEqual([path, method, 404])
      expect(answer.text).not.toContain('ZZTOP')
    }
  for (const path of ['/api/me', '/api/orders', '/metrics'])
    expect((await ask(path, json({}, cookie))).status).toBe(404)
})

test('HEAD needs the same log-in as GET, and has no body', async () => {
  expect(await ask('/api/orders', { method: 'HEAD' })).toMatchObject({ status: 401, text: '' })
  const headers = { cookie: hanakos }
  expect(await ask('/api/orders', { method: 'HEAD', headers })).toMatchObject({
    status: 200,
    text: '',
  })
})

test.each([
  '/api/orders/',
  '/api//orders',
  '//api/orders',
  '/API/orders',
  '/api/%6frders',
  '/%61pi/orders',
  '/api/./orders',
  '/x/../api/orders',
  '/api/orders;x=1',
  '/api/orders%2f',
  '/api%2forders',
  '/api/orders?/',
  '/api/orders#',
])('%s is no way around the log-in', async (path) => {
  const stranger = await raw(`GET ${path} HTTP/1.1`, 'host: x', 'connection: close')
  expect([200, 400, 401, 404]).toContain(stranger.status)
  expect(stranger.body).not.toContain('"orders":')
})

test.each<[string, string[]]>([
  ['two lengths', ['content-length: 2', 'content-length: 40']],
  ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked']],
  ['chunks that are none', ['transfer-encoding: xchunked']],
  ['a length that is none', ['content-length: +5']],
  ['a negative length', ['content-length: -1']],
  ['a space before the colon', ['content-length : 5']],
  ['a folded header', ['x-a: b', ' content-length: 5']],
  ['a header with a line feed', ['x-a: b\ncontent-length: 40']],
  ['a header with a NUL', ['x-a: b\0c']],
])('a request with %s is refused whole; none hides behind it', async (_, lines) => {
  const hidden = rawLines('GET /healthz HTTP/1.1', 'host: x')
  const head = ['POST /webhooks/stripe HTTP/1.1', 'host: x', 'content-type: application/json']
  const answer = readRaw(await sendRaw(house.url, rawLines(...head, ...lines) + hidden))
  expect(answer).toMatchObject({ answers: 1, status: 400 })
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'bad_request' } })
  expect(answer.head).toContain("content-security-policy: default-src 'none'")
  expect(answer.head).toContain('connection: close')
})

test('headers as long as a book are refused, and so is what is no HTTP at all', async () => {
  const long = await raw('GET / HTTP/1.1', 'host: x', `x-long: ${'y'.repeat(20_000)}`)
  expect(long).toMatchObject({ answers: 1, status: 431 })
  expect(JSON.parse(long.body)).toMatchObject({ error: { code: 'bad_request' } })
  for (const line of ['\x16\x03\x01\x02\x00', 'ZZTOP / HTTP/1.1', 'GET  HTTP/1.1', 'GET / HTTP/9'])
    expect(await raw(line, 'host: x')).toMatchObject({ answers: 1, status: 400 })
})

test('of two cookies only a genuine one counts', async () => {
  const cookie = hanakos
  const me = async (value: string) => (await ask('/api/me', { headers: { cookie: value } })).status
  expect(await me('noren_session=forged')).toBe(401)
  expect(await me(`noren_session=; x=${cookie.split('=')[1]}`)).toBe(401)
  expect(await me(`${cookie}x`)).toBe(401)
  expect(await me(cookie.toUpperCase())).toBe(401)
  expect(await me('%; noren_session=%zz; ;;=')).toBe(401)
})

test('nobody may take half a minute to ask, or a minute to listen', () => {
  const { requestTimeout, headersTimeout, timeout } = house.app.server
  expect(requestTimeout).toBe(30_000)
  expect(Math.min(headersTimeout, requestTimeout)).toBeGreaterThan(0)
  expect(timeout).toBe(60_000)
})

test('a crowd with letters of a megabyte fills a small room, and letters of the usual size still come in', async () => {
  const { hostname, port } = new URL(house.url)
  const head = 'POST /webhooks/stripe HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
  const crowd = Array.from({ length: 40 }, () => connect(Number(port), hostname))
  const answers = crowd.map(async (socket) => {
    socket.write(`${head}content-length: 1048576\r\n\r\n`)
    const [chunk] = await once(socket, 'data')
    return readRaw(String(chunk))
  })
  const refused = await Promise.race(answers)
  expect(refused).toMatchObject({ status: 503 })
  expect(refused.head).toContain('retry-after: 5')
  expect(refused.head).toContain('connection: close')
  expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'busy' } })

  const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'x', data: { object: {} } })
  const secret = house.stripe.webhookSecret
  const letter = (body: string): Ask => ({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload: body, secret }),
    },
    body,
  })
  expect((await ask('/webhooks/stripe', letter(payload))).status).toBe(200)
  const large = payload + ' '.repeat(500_000)
  expect((await ask('/webhooks/stripe', letter(large))).status).toBe(503)
  for (const socket of crowd) socket.destroy()
  await expect.poll(async () => (await ask('/webhooks/stripe', letter(large))).status).toBe(200)
})
