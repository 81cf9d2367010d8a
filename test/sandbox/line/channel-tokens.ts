import { type LineState, randomToken } from './line-state.ts'

/** LINE answers 899 for a stateless token: a second short of a quarter of an hour. */
const STATELESS_SECONDS = 899

/** POST /oauth2/v3/token. Answers LINE Login's error shape, which is OAuth's. */
export function issueStatelessToken(line: LineState, form: URLSearchParams) {
  if (form.get('grant_type') !== 'client_credentials')
    return {
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'unsupported grant_type' },
    }
  const genuine =
    form.get('client_id') === line.channelId && form.get('client_secret') === line.channelSecret
  if (!genuine)
    return {
      status: 400,
      body: { error: 'invalid_client', error_description: 'invalid client_secret' },
    }
  const token = randomToken()
  line.channelTokens.set(token, line.now() + STATELESS_SECONDS * 1000)
  return {
    status: 200,
    body: { token_type: 'Bearer', access_token: token, expires_in: STATELESS_SECONDS },
  }
}

/** Why this Authorization header does not open the Messaging API, in LINE's words; undefined when it does. */
export function refuseBearer(line: LineState, header: string | undefined): string | undefined {
  const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1]
  if (!token)
    return "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
  if (token === line.channelAccessToken) return undefined
  const until = line.channelTokens.get(token)
  if (until !== undefined && until > line.now()) return undefined
  const reason = until === undefined ? 'invalid token' : 'The access token expired'
  return `Authentication failed due to the following reason: ${reason}. Confirm that the access token in the authorization header is valid.`
}
