import type { Fault } from '../types.ts'
import type { IdTokens } from './id-tokens.ts'
import type { LineState } from './line-state.ts'
import { answerLogin } from './log-in.ts'
import { json } from './login-answers.ts'
import { reportLogin } from './report-happenings.ts'
import { delay, noteRequest, titleOf } from './spoil-answers.ts'

const HOSTS = ['api.line.me', 'access.line.me']

/** `https://api.line.me/a` and `http://anywhere/__line/api.line.me/a` are both `/a`; other hosts are not LINE's. */
export function linePath(url: URL): string | undefined {
  const [, host = url.host, path = url.pathname] =
    /^\/__line\/([^/]+)(\/.*)$/.exec(url.pathname) ?? []
  return HOSTS.includes(host) ? path : undefined
}

/**
 * Answers the hosts that the LIFF SDK talks to, without a socket: for a proxy or a test browser.
 * Throws a TypeError, as fetch does, when a fault says that the connection drops.
 */
export async function handleBrowser(
  line: LineState,
  tokens: IdTokens,
  request: Request,
): Promise<Response> {
  const title = titleOf(request.method, new URL(request.url).pathname)
  const started = performance.now()
  const fault = noteRequest(line, title)
  await delay(line, fault)
  if (fault?.hang) return await new Promise<Response>(() => {})
  if (fault?.drop === 'before') throw new TypeError('the LINE stand-in dropped the connection')
  const answer = spoiled(fault) ?? (await answerHost(line, tokens, request))
  if (fault?.drop === 'after') throw new TypeError('the LINE stand-in dropped the connection')
  const milliseconds = Math.round(performance.now() - started)
  reportLogin(line, { title, status: answer.status, milliseconds })
  return answer
}

async function answerHost(line: LineState, tokens: IdTokens, request: Request): Promise<Response> {
  const path = linePath(new URL(request.url))
  if (path === undefined) return json({ message: 'Not found' }, 404)
  return answerLogin(line, tokens, path, request)
}

function spoiled(fault: Fault | null): Response | undefined {
  if (fault?.status === undefined) return undefined
  const answer = json({ ...(fault.body ?? { message: 'Out of order' }) }, fault.status)
  for (const [name, value] of Object.entries(fault.headers ?? {})) answer.headers.set(name, value)
  return answer
}
