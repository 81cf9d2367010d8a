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

/** The visitor of a demo sees this once, in place of LINE's own login page. */
function choosePerson(line: LineState, query: URLSearchParams): Response {
  const people = [...line.users.values()].map(
    ({ userId, name }) =>
      `<li><a href="?${withAnswer(query, 'person', userId)}">${escapeHtml(name)}</a></li>`,
  )
  return page(`<html lang="en">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who holds the phone? (LINE Login stand-in)</title>
<style>${STYLE}</style>
<main>
<h1>Who holds the phone?<br><span lang="ja">どなたですか？</span></h1>
<ul>${people.join('')}</ul>
<p><a href="?${withAnswer(query, 'refuse', '1')}">Refuse · <span lang="ja">許可しない</span></a></p>
</main>`)
}

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
main { max-width: 24rem; margin: 15vh auto 0; padding: 0 1rem }
h1 { font-size: 1.25rem }
ul { list-style: none; margin: 0; padding: 0 }
a { display: block; min-height: 24px; padding: .75rem 1rem; margin: .5rem 0; border: 1px solid;
  border-radius: .75rem; color: inherit; text-decoration: none }
a:hover, a:focus-visible { outline: 2px solid; outline-offset: 2px }
p a { border-color: transparent; text-align: center }
`

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
