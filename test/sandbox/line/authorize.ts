import type { LineUser } from '../types.ts'
import { type LineState, loginChannelOf, randomToken } from './line-state.ts'
import { page } from './login-answers.ts'

const CODE_MS = 10 * 60_000

/**
 * GET access.line.me/liff/v1/authorize: who holds the phone is logged in at once; without a holder a
 * page asks who it is (`person`, or `refuse`, come back in the query).
 */
export function authorize(line: LineState, query: URLSearchParams): Response {
  const target = query.get('redirect_uri') ?? line.endpointUrl
  if (query.get('app_id') !== line.liffId) return badRequest('app_id names no LIFF app here')
  if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256')
    return badRequest('only response_type=code with an S256 challenge is known')
  if (!isUnderEndpoint(target, line.endpointUrl))
    return badRequest(`redirect_uri ${target} is not under the endpoint URL ${line.endpointUrl}`)
  if (query.has('refuse'))
    return redirect(target, {
      error: 'access_denied',
      error_description: 'The user has denied the approval',
      state: query.get('state') ?? '',
      liffOAuth2Error: 'true',
    })
  const user = line.users.get(line.holder ?? query.get('person') ?? '')
  return user ? logIn(line, user, query, target) : choosePerson(line, query)
}

function logIn(line: LineState, user: LineUser, query: URLSearchParams, target: string): Response {
  const code = randomToken()
  line.codes.set(code, {
    userId: user.userId,
    challenge: query.get('code_challenge') ?? '',
    redirectUri: target,
    until: line.now() + CODE_MS,
  })
  return redirect(target, {
    code,
    state: query.get('state') ?? '',
    liffClientId: loginChannelOf(line.liffId),
    liffRedirectUri: target,
  })
}

/** LINE sends nobody to an address outside the LIFF app. */
function isUnderEndpoint(target: string, endpoint: string): boolean {
  if (!URL.canParse(target)) return false
  const [to, home] = [new URL(target), new URL(endpoint)]
  const folder = home.pathname.replace(/\/$/, '')
  const inside = to.pathname === folder || to.pathname.startsWith(`${folder}/`)
  return to.origin === home.origin && inside
}

function redirect(target: string, add: Record<string, string>): Response {
  const url = new URL(target)
  for (const [name, value] of Object.entries(add)) url.searchParams.set(name, value)
  return new Response(null, { status: 302, headers: { location: url.href } })
}

function choosePerson(line: LineState, query: URLSearchParams): Response {
  const people = [...line.users.values()].map(
    ({ userId, name }) =>
      `<li><a href="?${withAnswer(query, 'person', userId)}">${escapeHtml(name)}</a>`,
  )
  return page(
    `<html lang="en"><meta name="viewport" content="width=device-width">
<title>LINE Login (stand-in)</title><style>
body{font:18px/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}
ul{list-style:none;padding:0}a{display:block;padding:.75rem 1rem;margin:.5rem 0;border:1px solid;border-radius:.5rem}
</style><h1>Who holds the phone?</h1><ul>${people.join('')}</ul>
<a id="refuse" href="?${withAnswer(query, 'refuse', '1')}">Refuse</a>`,
  )
}

function withAnswer(query: URLSearchParams, name: string, value: string): string {
  const answered = new URLSearchParams(query)
  answered.set(name, value)
  return escapeHtml(answered.toString())
}

function badRequest(reason: string): Response {
  return page(
    `<html lang="en"><title>400</title><h1>400 Bad Request</h1><p>${escapeHtml(reason)}`,
    400,
  )
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
