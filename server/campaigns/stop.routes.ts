import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Language, nearestLanguage } from '../../shared/language.ts'
import { tooManyRequests } from '../errors.ts'
import { optOut } from '../people/opt-outs.store.ts'
import { accountsOf } from '../people/people.store.ts'
import type { Clock, Store } from '../ports.ts'
import type { ShopConfig } from '../shop/define-shop.ts'
import { type StopState, stopPage, stopPolicy } from './stop-page.ts'
import { openStopToken, STOP_PATH } from './stop-token.ts'

type Options = { store: Store; clock: Clock; shop: ShopConfig; secrets: readonly string[] }
type Asked = FastifyRequest<{ Querystring: { t?: unknown } }>

/** A mail program sends 26 bytes; a browser's empty form none. */
const BODY_LIMIT = 1_024

/**
 * The link at the foot of a letter. Asked for it is a page with one button; posted to, by that button or by a
 * mail program on its own (RFC 8058), it stops all campaigns at once. The token is all that is asked for: no
 * cookie, no log-in, and whoever forges a post to it has the letter in hand.
 */
export const stopRoutes: FastifyPluginAsync<Options> = async (app, options) => {
  const { store, clock, shop, secrets } = options
  // Large mail houses press the button for many of their readers from one address.
  await app.register(rateLimit, {
    max: 600,
    timeWindow: 60_000,
    errorResponseBuilder: tooManyRequests,
  })
  app.removeAllContentTypeParsers()
  // What the body says is nothing to us: the address says all, and the standard allows two forms of it.
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_asked, _body, done) => done(null, null),
  )
  const policy = stopPolicy(shop)

  async function answer(
    request: Asked,
    reply: FastifyReply,
    personId: string | null,
    state: StopState,
  ) {
    const language = await languageOf(options, request, personId)
    return reply
      .code(state === 'unknown' ? 404 : 200)
      .header('content-security-policy', policy)
      .type('text/html; charset=utf-8')
      .send(stopPage(shop, language, state))
  }

  app.get(STOP_PATH, async (request: Asked, reply) => {
    const personId = await openStopToken(request.query.t, secrets, clock.now())
    return answer(request, reply, personId, personId ? 'ask' : 'unknown')
  })

  app.post(STOP_PATH, { bodyLimit: BODY_LIMIT }, async (request: Asked, reply) => {
    const personId = await openStopToken(request.query.t, secrets, clock.now())
    // Written down also for who is not here any more: their merge with somebody may be undone.
    if (personId) await store.transaction((tx) => optOut(tx, personId, 'mail', clock.now()))
    return answer(request, reply, personId, personId ? 'done' : 'unknown')
  })
}

/** Theirs as the letter had it; for a link that says nobody, the browser's. */
async function languageOf(
  { store, shop }: Options,
  request: FastifyRequest,
  personId: string | null,
): Promise<Language> {
  const accounts = personId ? await accountsOf(store.db, personId) : []
  const theirs = accounts.find(({ language }) => language)?.language
  const browser = request.headers['accept-language']?.split(/[,;]/)[0]
  return theirs ?? nearestLanguage(browser) ?? shop.language ?? 'ja'
}
