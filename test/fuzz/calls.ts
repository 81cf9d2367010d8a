import fc from 'fast-check'
import type { Cast } from './cast.ts'
import type { Knock } from './knock.ts'
import { damaged, mutated, sometimes, tagOf, wildString, wildValue } from './wild.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'SEARCH']

/** One home each, so that the limits by address hide nothing behind 429; or no address at all. */
const address = fc.oneof(
  { weight: 9, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.ipV6() },
  { weight: 1, arbitrary: fc.constantFrom('unknown', '', '1.1.1.1, evil', '::', '999.1.1.1') },
)

const headerValue = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, ''))
const NAMES = [
  'origin',
  'referer',
  'accept',
  'accept-encoding',
  'if-none-match',
  'if-modified-since',
  'range',
  'x-http-method-override',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-original-url',
  'authorization',
  'accept-language',
  'stripe-signature',
  '__proto__',
]
const strangeHeaders = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), headerValue), { maxLength: 3 })
  .map((pairs) => Object.fromEntries(pairs) as Record<string, string>)

/** Bytes that may stand in a request's first line; the rest of Unicode goes in as its UTF-8. */
const inAddress = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[^\x21-\xff]|[?#]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

const strangePart = fc.oneof(
  wildString.map((text) => inAddress(text).slice(0, 400)),
  wildString.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 400)),
  fc.constantFrom('..', '.', '%2e%2e', '%00', '%c0%af', '%zz', '%', ';', '//', '\\..\\', '%25'),
)

type Visitor = { who: number | null; cookie: string }

function visitors(cast: Cast): fc.Arbitrary<Visitor> {
  const genuine = fc.nat(cast.players.length - 1).map((who) => {
    return { who, cookie: cast.players[who]?.cookie ?? '' }
  })
  const nobody = fc
    .oneof(fc.constantFrom('', ...cast.forgedCookies), headerValue)
    .map((cookie) => ({ who: null, cookie }))
  return fc.oneof({ weight: 5, arbitrary: genuine }, { weight: 2, arbitrary: nobody })
}

function orderIds(cast: Cast): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...cast.players.map(({ order }) => order)) },
    { weight: 2, arbitrary: fc.constantFrom(...cast.unowned) },
    { weight: 1, arbitrary: tagOf.map((tag) => `cs_test_${tag}`) },
    { weight: 3, arbitrary: wildString },
  )
}

type Call = { method: string; path: string; body: Buffer | null }

const bodyOf = (text: fc.Arbitrary<string>) => damaged(text.map((each) => Buffer.from(each)))

function post(path: string, base: fc.Arbitrary<object>, keys: string[]): fc.Arbitrary<Call> {
  return bodyOf(mutated(base, keys, 2)).map((body) => ({ method: 'POST', path, body }))
}

function calls(cast: Cast): fc.Arbitrary<Call> {
  const get = (path: fc.Arbitrary<string>) =>
    path.map((each) => ({ method: 'GET', path: each, body: null }))
  const token = fc.constantFrom(...cast.players.map(({ idToken }) => idToken))
  return fc.oneof(
    { weight: 3, arbitrary: get(fc.constantFrom('/api/me', '/api/orders', '/api/offers')) },
    { weight: 4, arbitrary: get(orderIds(cast).map((id) => `/api/orders/${inAddress(id)}`)) },
    { weight: 2, arbitrary: get(strangePart.map((part) => `/api/orders/${part}`)) },
    {
      weight: 3,
      arbitrary: post('/api/orders/claim', fc.record({ session: orderIds(cast), utm: wildValue }), [
        'session',
        'utm',
      ]),
    },
    {
      weight: 2,
      arbitrary: post(
        '/api/checkout',
        fc.record({
          offer: fc.constantFrom(cast.link, 'plink_x'),
          source: wildValue,
          utm: wildValue,
        }),
        ['offer', 'source', 'utm'],
      ),
    },
    { weight: 1, arbitrary: post('/api/portal', fc.record({ view: wildValue }), ['view']) },
    {
      weight: 1,
      arbitrary: post('/api/session', fc.record({ idToken: token, language: wildValue }), [
        'idToken',
        'language',
      ]),
    },
  )
}

/** Calls of the page, by people with a genuine log-in and by others, for what is theirs and what is not. */
export function apiCalls(cast: Cast): fc.Arbitrary<Knock> {
  const method = sometimes(fc.constantFrom(...METHODS), 8)
  const type = fc.oneof(
    { weight: 9, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', '', 'application/json;;', 'a/b') },
  )
  return fc
    .record({
      call: calls(cast),
      method,
      type,
      visitor: visitors(cast),
      address,
      strange: strangeHeaders,
      tag: tagOf,
    })
    .map(({ call, visitor, tag, strange, ...rest }) => ({
      door: /^\/api\/orders\/(?!claim)/.test(call.path) ? '/api/orders/:id' : call.path,
      method: rest.method ?? call.method,
      path: call.path,
      headers: {
        ...strange,
        'x-tag': tag,
        'x-forwarded-for': rest.address,
        cookie: visitor.cookie,
        ...(call.body ? { 'content-type': rest.type } : {}),
      },
      body: call.body,
      tag,
      who: call.path === '/api/session' ? holderOf(cast, call.body) : visitor.who,
    }))
}

/** Who logs in with the ID token in this body, if anybody does. */
function holderOf({ players }: Cast, body: Buffer | null): number | null {
  const at = players.findIndex(({ idToken }) => body?.includes(idToken))
  return at < 0 ? null : at
}

const KNOWN = ['/', '/orders', '/checkout/plink_x', '/legal', '/index.html', '/favicon.svg']
const OPERATIONS = ['/healthz', '/readyz', '/metrics', '/webhooks/slack', '/webhooks', '/api']

/** The page, its files, the operator's addresses, and all that lies beside them. */
export function visits(cast: Cast): fc.Arbitrary<Knock> {
  const strange = fc
    .tuple(
      fc.constantFrom('/', '/assets/', '/api/', '/orders/', '/webhooks/', '//'),
      fc.array(strangePart, { minLength: 1, maxLength: 3 }),
    )
    .map(([start, parts]) => start + parts.join('/'))
  const path = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...KNOWN) },
    { weight: 1, arbitrary: fc.constantFrom(...OPERATIONS) },
    { weight: 4, arbitrary: strange },
  )
  return fc
    .record({
      path,
      method: sometimes(fc.constantFrom(...METHODS), 4),
      visitor: visitors(cast),
      headers: strangeHeaders,
      tag: tagOf,
    })
    .map(({ path: where, method, visitor, headers, tag }) => ({
      door: OPERATIONS.includes(where) ? where : 'the page and beside it',
      method: method ?? 'GET',
      path: `${where}?tag=${tag}`,
      headers: { ...headers, cookie: visitor.cookie, 'x-tag': tag },
      body: null,
      tag,
      who: visitor.who,
    }))
}

/** What is hardly HTTP: a request written out, and then damaged. */
export function bareBytes(): fc.Arbitrary<Knock> {
  const line = fc.constantFrom(
    'content-length: 5',
    'content-length: 0',
    'transfer-encoding: chunked',
    'transfer-encoding: chunked, identity',
    'expect: 100-continue',
    'expect: a-miracle',
    'upgrade: websocket',
    'connection: upgrade, close',
    'host: evil.example',
    'content-type: application/json',
    `x-long: ${'y'.repeat(9_000)}`,
  )
  const text = fc
    .record({
      method: fc.constantFrom(...METHODS, 'CONNECT', 'BREW', 'get'),
      path: fc.constantFrom('/', '/api/orders', '/webhooks/stripe', '*', 'http://evil/x', '/%zz'),
      lines: fc.array(line, { maxLength: 4 }),
      tag: tagOf,
      body: fc.constantFrom(
        '',
        '{"a":',
        '5\r\nhello\r\n0\r\n\r\n',
        'GET /metrics HTTP/1.1\r\n\r\n',
      ),
    })
    .map(({ method, path, lines, tag, body }) => {
      const head = [`${method} ${path} HTTP/1.1`, 'host: x', `x-tag: ${tag}`, ...lines]
      return { text: `${head.join('\r\n')}\r\n\r\n${body}`, tag }
    })
  return text.chain(({ text: bytes, tag }) =>
    damaged(fc.constant(Buffer.from(bytes))).map((raw) => ({
      door: 'bare bytes',
      method: '',
      path: '',
      headers: {},
      body: null,
      tag,
      who: null,
      raw,
    })),
  )
}
