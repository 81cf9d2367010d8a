import { createHash } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import { authorize } from './authorize.ts'
import type { IdTokens } from './id-tokens.ts'
import { type LineState, loginChannelOf, randomToken } from './line-state.ts'
import { json, oauthError, preflight } from './login-answers.ts'

const USER_TOKEN_SECONDS = 12 * 3600
const SCOPES = ['profile', 'openid']

/** A LIFF access token for this user, good for 12 h. */
export function issueUserToken(line: LineState, userId: string): string {
  const token = randomToken()
  line.userTokens.set(token, { userId, until: line.now() + USER_TOKEN_SECONDS * 1000 })
  return token
}

/**
 * What the SDK knows about where it runs; it reads the middle part only and checks no signature.
 * Without `availability.multipleLiffTransition`, or it would go to a liff:// address.
 */
export function contextToken(line: LineState, over: object = {}): string {
  const context = {
    type: 'external',
    liffId: line.liffId,
    endpointUrl: line.endpointUrl,
    permanentLinkPattern: 'concat',
    scope: SCOPES,
    availability: {},
    ...over,
  }
  return ['{"alg":"none"}', JSON.stringify(context), 'unsigned']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
}

/** Answers LINE Login and the LIFF hosts by path; the host has been looked at already. */
export async function answerLogin(
  line: LineState,
  tokens: IdTokens,
  path: string,
  request: Request,
): Promise<Response> {
  if (request.method === 'OPTIONS') return preflight()
  const query = new URL(request.url).searchParams
  const app = /^\/liff\/v2\/apps\/([^/]+)\/(contextToken|featureToken)$/.exec(path)
  if (app && request.method === 'GET') return answerApp(line, app[1], app[2])
  switch (`${request.method} ${path}`) {
    case 'GET /liff/v1/authorize':
      return authorize(line, query)
    case 'POST /oauth2/v2.1/token':
      return redeemCode(line, tokens, new URLSearchParams(await request.text()))
    case 'GET /oauth2/v2.1/certs':
      return json(tokens.certs)
    case 'GET /oauth2/v2.1/verify':
      return verifyAccessToken(line, query.get('access_token') ?? '')
    case 'POST /oauth2/v2.1/verify':
      return verifyIdToken(line, tokens, new URLSearchParams(await request.text()))
    case 'GET /v2/profile':
    case 'GET /friendship/v1/status':
      return answerUser(line, path, request.headers.get('authorization') ?? '')
    default:
      return json({ message: 'Not found' }, 404)
  }
}

function answerApp(line: LineState, liffId = '', kind = ''): Response {
  if (liffId !== line.liffId) return json({ message: 'Not found' }, 404)
  return kind === 'contextToken'
    ? json({ contextToken: contextToken(line) })
    : json({ featureToken: randomToken() })
}

/** PKCE: the code is good once, for whoever knows the verifier behind its challenge. */
function redeemCode(line: LineState, tokens: IdTokens, form: URLSearchParams): Response {
  const code = form.get('code') ?? ''
  const grant = line.codes.get(code)
  line.codes.delete(code)
  const user = grant && line.users.get(grant.userId)
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  const genuine =
    form.get('grant_type') === 'authorization_code' &&
    form.get('client_id') === loginChannelOf(line.liffId) &&
    grant?.challenge === challenge &&
    grant.redirectUri === form.get('redirect_uri') &&
    grant.until > line.now()
  if (!user || !genuine) return oauthError('invalid_grant', 'invalid authorization code')
  return json({
    access_token: issueUserToken(line, user.userId),
    token_type: 'Bearer',
    refresh_token: randomToken(),
    expires_in: USER_TOKEN_SECONDS,
    scope: SCOPES.join(' '),
    id_token: tokens.issue(user),
  })
}

function verifyAccessToken(line: LineState, token: string): Response {
  const held = line.userTokens.get(token)
  if (!held) return oauthError('invalid_request', 'invalid access token')
  const seconds = Math.floor((held.until - line.now()) / 1000)
  if (seconds <= 0) return oauthError('invalid_request', 'The access token expired')
  const client_id = loginChannelOf(line.liffId)
  return json({ scope: SCOPES.join(' '), client_id, expires_in: seconds })
}

async function verifyIdToken(
  line: LineState,
  { publicKey, issuer }: IdTokens,
  form: URLSearchParams,
): Promise<Response> {
  const currentDate = new Date(line.now())
  try {
    const { payload } = await jwtVerify(form.get('id_token') ?? '', publicKey, {
      algorithms: ['ES256'],
      issuer,
      audience: form.get('client_id') ?? '',
      currentDate,
    })
    return json(payload)
  } catch (error) {
    return oauthError('invalid_request', reasonFor(error))
  }
}

function reasonFor(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'IdToken expired.'
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : ''
  if (claim === 'aud') return 'Invalid IdToken Audience.'
  return claim === 'iss' ? 'Invalid IdToken Issuer.' : 'Invalid IdToken.'
}

function answerUser(line: LineState, path: string, authorization: string): Response {
  const held = line.userTokens.get(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? '')
  const user = held && held.until > line.now() ? line.users.get(held.userId) : undefined
  if (!user) return json({ message: 'The access token is invalid' }, 401)
  if (path === '/friendship/v1/status') return json({ friendFlag: user.friend })
  const { userId, name: displayName, pictureUrl } = user
  return json({ userId, displayName, ...(pictureUrl && { pictureUrl }) })
}
