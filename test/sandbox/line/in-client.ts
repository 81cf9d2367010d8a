import type { IdTokens } from './id-tokens.ts'
import { type LineState, loginChannelOf, randomToken } from './line-state.ts'
import { contextToken, issueUserToken } from './log-in.ts'
import { requireUser } from './users.ts'

/**
 * Path, query and fragment with which LINE's own browser opens the LIFF app. A deep link travels as
 * `liff.state`; the tokens stand in the fragment, so they never reach a server.
 */
export function openInLine(
  line: LineState,
  tokens: IdTokens,
  userId: string,
  path: string,
): string {
  const user = requireUser(line, userId)
  const home = new URL(line.endpointUrl)
  if (path !== '' && path !== '/') home.searchParams.set('liff.state', path)
  home.hash = new URLSearchParams({
    access_token: issueUserToken(line, userId),
    context_token: contextToken(line, { type: 'utou', viewType: 'full' }),
    feature_token: randomToken(),
    id_token: tokens.issue(user),
    client_id: loginChannelOf(line.liffId),
  }).toString()
  return home.pathname + home.search + home.hash
}
