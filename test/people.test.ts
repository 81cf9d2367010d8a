import fc from 'fast-check'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, TEA } from './support/house.ts'

const OLD_SECRET = 'the-session-secret-before-rotation-0001'
const ROUTES = [
  ['GET', '/api/me'],
  ['GET', '/api/offers'],
  ['POST', '/api/checkout'],
  ['GET', '/api/orders'],
  ['GET', '/api/orders/cs_test_1'],
  ['POST', '/api/orders/claim'],
  ['POST', '/api/portal'],
] as const

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function moveTo(env: Record<string, string>): Promise<void> {
  await house.close()
  house = await openHouse({ env })
}

const show = (idToken: unknown) => house.api('', 'POST', '/api/session', { idToken })
const genuine = (over?: Record<string, unknown>, header?: Record<string, unknown>) =>
  house.line.idToken(house.hanako.userId, over, header)

/** A session cookie made by hand: the claims of a real one, signed as the test wants it. */
async function cookieOf(secret: string, over: { alg?: string; hours?: number } = {}) {
  const account = await house.store.db.selectFrom('accounts').selectAll().executeTakeFirstOrThrow()
  const at = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ acc: account.id })
    .setProtectedHeader({ alg: over.alg ?? 'HS256' })
    .setSubject(account.person_id)
    .setIssuedAt(at)
    .setExpirationTime(at + (over.hours ?? 1) * 3_600)
    .sign(new TextEncoder().encode(secret))
  return `noren_session=${token}`
}

const meWith = async (cookie: string) => (await house.api(cookie, 'GET', '/api/me')).status

test('a genuine ID token is changed into a session, and /api/me says who it is', async () => {
  const answer = await show(await genuine())
  const person = {
    account: expect.stringMatching(/^[\w-]{22}$/),
    name: '花子',
    role: 'guest',
    friend: null,
    language: null,
    channel: 'line',
    accounts: [{ channel: 'line', name: '花子' }],
  }
  expect(answer).toMatchObject({ status: 200, body: { person } })
  const cookie = await house.logIn(house.hanako, 'en')
  const me = await house.api(cookie, 'GET', '/api/me')
  expect(me.body).toEqual({ person: { ...person, language: 'en' } })
})

test('/api/me knows a friend from somebody who is none, once LINE has said so', async () => {
  const cookie = await house.logIn(house.hanako)
  await house.line.follow(house.hanako.userId)
  await house.settle()
  expect((await house.api(cookie, 'GET', '/api/me')).body['person']).toMatchObject({ friend: true })
  await house.line.unfollow(house.hanako.userId)
  await house.settle()
  expect((await house.api(cookie, 'GET', '/api/me')).body['person']).toMatchObject({
    friend: false,
  })
})

test.each<[string, string, () => unknown]>([
  ['has expired', 'id_token_expired', () => genuine({ exp: Math.floor(Date.now() / 1000) - 1 })],
  ['is for another channel', 'id_token_invalid', () => genuine({ aud: '1234567890' })],
  ['comes from another issuer', 'id_token_invalid', () => genuine({ iss: 'https://evil.test' })],
  ['is signed with HS256', 'id_token_invalid', () => genuine({}, { alg: 'HS256' })],
  ['is not signed', 'id_token_invalid', () => genuine({}, { alg: 'none' })],
  ['names a key that LINE does not have', 'id_token_invalid', () => genuine({}, { kid: 'k' })],
  ['never expires', 'id_token_invalid', () => genuine({ exp: undefined })],
  ['names nobody', 'id_token_invalid', () => genuine({ sub: undefined })],
  ['names no LINE user', 'id_token_invalid', () => genuine({ sub: 'admin' })],
  ['is cut short', 'id_token_invalid', async () => (await genuine()).slice(0, -3)],
  ['is somebody’s access token', 'id_token_invalid', () => 'eyJhbGciOiJIUzI1NiJ9.abc'],
  ['is empty', 'id_token_invalid', () => ''],
  ['is far too long', 'id_token_invalid', () => 'e'.repeat(9_000)],
  ['is long and otherwise genuine', 'id_token_invalid', () => genuine({ x: 'x'.repeat(9_000) })],
])('an ID token that %s opens nothing', async (_, code, token) => {
  const answer = await show(await token())
  expect(answer).toMatchObject({ status: 401, body: { error: { code } } })
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await house.store.db.selectFrom('accounts').selectAll().execute()).toEqual([])
})

test('no garbage in place of an ID token is taken for a fault of LINE’s or of ours', async () => {
  const json = fc.json().map((text) => Buffer.from(text).toString('base64url'))
  const jwt = fc.tuple(json, json, fc.string()).map((parts) => parts.join('.'))
  const verdict = async (token: string) => {
    const refusal = await openIdentityOf(token)
    expect(refusal).toMatch(/^(invalid|expired)$/)
  }
  await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), jwt), verdict), { numRuns: 300 })
})

/** Asks the verifier itself, since the door counts log-ins. */
async function openIdentityOf(token: string): Promise<string> {
  const { openIdentity } = await import('../server/line/identity.ts')
  const verify = openIdentity({
    apiBase: house.config.line.apiBase,
    channelId: house.config.liff.channelId,
    clock: { now: () => new Date() },
  })
  return verify(token).then(
    () => 'taken',
    (refusal: { reason?: string }) => refusal.reason ?? String(refusal),
  )
}

test.each([
  ['answers with an error', { status: 500 }],
  ['answers something else', { status: 200, body: 'maintenance' }],
  ['hangs up', { drop: 'before' as const }],
])(
  'when LINE %s instead of its keys, the buyer is asked to try again and then gets in',
  async (_, fault) => {
    house.line.addFault({ on: /certs/, times: 1, ...fault })
    const answer = await show(await genuine())
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'line_unavailable' } } })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect((await show(await genuine())).status).toBe(200)
  },
)

test('a body that is no log-in is refused as such', async () => {
  for (const body of [{}, [], { token: 'x' }, { idToken: await genuine(), language: 'xx' }])
    expect(await house.api('', 'POST', '/api/session', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_request' } },
    })
  const broken = await fetch(`${house.url}/api/session`, {
    method: 'POST',
    body: '{"idToken":',
    headers: { 'content-type': 'application/json' },
  })
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ error: { code: 'bad_request' } })
})

test('the session cookie is out of reach for scripts and other sites, and Secure on https', async () => {
  const cookieNow = async () => (await show(await genuine())).headers.getSetCookie()[0] ?? ''
  expect(await cookieNow()).toMatch(/; HttpOnly/i)
  expect(await cookieNow()).toMatch(/; SameSite=(Lax|Strict)/i)
  expect(await cookieNow()).not.toMatch(/; Secure/i)
  await moveTo({ PUBLIC_URL: 'https://shop.example.jp' })
  expect(await cookieNow()).toMatch(/; Secure/i)
})

test('a cookie that we did not sign, or that is over, is nobody', async () => {
  const cookie = await house.logIn(house.hanako)
  expect(await meWith(cookie)).toBe(200)
  const ours = house.config.sessionSecrets[0] ?? ''
  expect(await meWith(await cookieOf(ours))).toBe(200)
  expect(await meWith(await cookieOf('a-secret-that-somebody-guessed-000001'))).toBe(401)
  expect(await meWith(await cookieOf(ours, { alg: 'HS512' }))).toBe(401)
  expect(await meWith(await cookieOf(ours, { hours: -1 }))).toBe(401)
  expect(await meWith(cookie.slice(0, -2))).toBe(401)
  expect(await meWith('noren_session=')).toBe(401)
  expect(await meWith(`noren_session=${await genuine()}`)).toBe(401)
  house.forward({ hours: 13 })
  expect(await meWith(cookie)).toBe(401)
})

test('an unsigned session cookie is nobody', async () => {
  const [, payload] = (await house.logIn(house.hanako)).split('.')
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  expect(await meWith(`noren_session=${header}.${payload}.`)).toBe(401)
})

test('session secrets rotate without logging anybody out', async () => {
  await moveTo({ SESSION_SECRET: `the-newest-session-secret-of-them-all, ${OLD_SECRET}` })
  const fresh = await house.logIn(house.hanako)
  expect(await meWith(await cookieOf(OLD_SECRET))).toBe(200)
  expect(await meWith(fresh)).toBe(200)
})

test.each(ROUTES)('without a session %s %s says 401, whatever is sent', async (method, path) => {
  const bodies = method === 'GET' ? [undefined] : [undefined, {}, [], { offer: 'plink_1' }, 'junk']
  for (const body of bodies)
    expect(await house.api('', method, path, body)).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized' } },
    })
})

test('a page that speaks for one account is a stranger to the cookie of another', async () => {
  const [mine, theirs] = [
    await house.logIn(house.hanako),
    await house.logIn(house.line.addUser({ name: '太郎' })),
  ]
  const me = await house.api(mine, 'GET', '/api/me')
  const account = String(me.body['person']?.['account'])
  const asks = (cookie: string, word: string) =>
    fetch(`${house.url}/api/orders`, { headers: { cookie, 'x-noren-account': word } })
  expect((await asks(mine, account)).status).toBe(200)
  for (const [cookie, word] of [
    [theirs, account],
    [mine, ''],
    [mine, 'x'.repeat(9_000)],
  ] as const) {
    const answer = await asks(cookie, word)
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([
      401,
      expect.stringContaining('unauthorized'),
    ])
  }
})

test('somebody else’s order looks exactly like one that does not exist', async () => {
  const session = await house.order(house.hanako, house.stripe.addLink(TEA).id)
  await house.stripe.payByCard(session)
  await house.settle()
  const taro = await house.logIn(house.line.addUser({ name: '太郎' }))
  const theirs = await house.api(taro, 'GET', `/api/orders/${session}`)
  const nothing = await house.api(taro, 'GET', '/api/orders/cs_test_nothing')
  expect(theirs.status).toBe(404)
  expect(theirs.body).toEqual(nothing.body)
  expect((await house.api(taro, 'GET', '/api/orders')).body).toEqual({ orders: [] })
})

test('the thirty-first log-in within a minute from one address has to wait', async () => {
  const statuses: number[] = []
  for (let at = 0; at < 31; at++) statuses.push((await show('garbage')).status)
  expect(statuses).toEqual([...Array(30).fill(401), 429])
  expect((await show(await genuine())).body['error']).toMatchObject({ code: 'too_many_requests' })
})

test('log-ins are counted for each address behind the proxy', async () => {
  const from = (address: string) =>
    fetch(`${house.url}/api/session`, {
      method: 'POST',
      body: '{"idToken":"garbage"}',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    })
  for (let at = 0; at < 30; at++) expect((await from('203.0.113.1')).status).toBe(401)
  expect((await from('203.0.113.1')).status).toBe(429)
  expect((await from('203.0.113.2')).status).toBe(401)
})

test('the thirty-first claim within a minute from one address has to wait', async () => {
  const cookie = await house.logIn(house.hanako)
  const claim = () => house.api(cookie, 'POST', '/api/orders/claim', { session: 'cs_test_no' })
  for (let at = 0; at < 30; at++) expect((await claim()).status).toBe(404)
  expect(await claim()).toMatchObject({
    status: 429,
    body: { error: { code: 'too_many_requests' } },
  })
})

test('who opens a subscription’s page for the sixty-first time within a minute has to wait, and nobody else', async () => {
  const tea = house.stripe.addLink(TEA).id
  const plan = house.stripe.addLink({
    ...TEA,
    paymentMethods: ['card'],
    recurring: { interval: 'month' },
  }).id
  const [hanako, taro] = [
    await house.logIn(house.hanako),
    await house.logIn(house.line.addUser({ name: '太郎' })),
  ]
  const press = async (offer: string, cookie = hanako) =>
    (await house.api(cookie, 'POST', '/api/checkout', { offer })).status
  // What is bought once asks nobody, and counts for nothing here.
  for (let at = 0; at < 60; at++) expect(await press(tea)).toBe(200)
  // Each of these asks Stripe, which allows a small shop 10,000 reads a month.
  for (let at = 0; at < 60; at++) expect(await press(plan)).toBe(200)
  expect(await press(plan)).toBe(429)
  expect(await press(plan, taro)).toBe(200)
  expect(await press(tea)).toBe(200)
})

test('one person may ask 300 times a minute, and does not use up another’s', async () => {
  const cookie = await house.logIn(house.hanako)
  const taro = await house.logIn(house.line.addUser({ name: '太郎' }))
  const statuses = await Promise.all(Array.from({ length: 301 }, () => meWith(cookie)))
  expect(statuses.filter((status) => status === 429)).toHaveLength(1)
  expect(await meWith(taro)).toBe(200)
})
